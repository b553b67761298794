package regress

import (
	"fmt"
	"math"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/verdict"
)

// slower words a change for the worse.
func slower(e *evidence.Run, c verdict.Check, terms config.Regression) string {
	k := c.Comparison
	text := higher(e, c)
	if k.Gated {
		text += ", and " + evidence.Rise(terms.Most) + " is allowed"
	}
	if !c.Got.OK {
		return text + ": the machine, or a cause that they share"
	}
	return text + "; " + expected(k)
}

// expected words where unchanged code is expected. What all endpoints share moves
// that, so it may lie away from the earlier runs.
func expected(k *verdict.Comparison) string {
	shared := ""
	switch {
	case k.Low.Value > k.Base.Value:
		shared = "all endpoints together rose, and with that "
	case k.High.Value < k.Base.Value:
		shared = "all endpoints together fell, and with that "
	}
	return fmt.Sprintf("%sunchanged code would take %s to %s", shared, k.Low, k.High)
}

// higher words a change, without what it is measured by.
func higher(e *evidence.Run, c verdict.Check) string {
	k := c.Comparison
	side := "above"
	if k.Change < 0 {
		side = "below"
	}
	if !c.Got.OK {
		return fmt.Sprintf("the %s of all endpoints together is %s %s that of %d earlier runs",
			c.Metric.Name(), evidence.Rise(math.Abs(k.Change)), side, k.Runs)
	}
	text := fmt.Sprintf("%s is %s", c.Metric.Name(), c.Got)
	if k.Again.OK {
		text += fmt.Sprintf(", and %s in the confirmation run", k.Again)
	}
	return text + fmt.Sprintf(": %s %s the %s of %d earlier runs",
		evidence.Rise(math.Abs(k.Change)), side, k.Base, k.Runs)
}

// doubtText words why something suspicious is no failure.
func doubtText(e *evidence.Run) string {
	switch {
	case e.Second == nil:
		return "one run does not prove it"
	case e.Generator.Unfit():
		return "one run does not prove it, and the generator of the first was late"
	}
	return "the confirmation run did not confirm it"
}

func regressionRemedy(e *evidence.Run, c *verdict.Check) string {
	if !c.Got.OK {
		return "earlier runs cannot tell a slow machine from a slow change: compare both builds on one machine with " +
			"loadgate ab"
	}
	newest := e.Past.Runs[len(e.Past.Runs)-1]
	since := "the last run that passed"
	if commit := newest.Origin.ShortCommit(); commit != "" {
		since = "commit " + commit
	}
	return "look at what changed since " + since + "; if it is meant to be so: loadgate baseline accept"
}
