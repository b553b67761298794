package gate

import (
	"fmt"
	"math"

	"github.com/loadgate/loadgate/internal/config"
)

// slower words a change for the worse.
func (e *evidence) slower(c Check, terms config.Regression) string {
	k := c.Comparison
	text := e.higher(c)
	if k.Gated {
		text += ", and " + rise(terms.Most) + " is allowed"
	}
	if !c.Got.OK {
		return text + ": the machine, or a cause that they share"
	}
	return text + "; " + k.expected()
}

// expected words where unchanged code is expected. What all endpoints share moves
// that, so it may lie away from the earlier runs.
func (k *Comparison) expected() string {
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
func (e *evidence) higher(c Check) string {
	k := c.Comparison
	side := "above"
	if k.Change < 0 {
		side = "below"
	}
	if !c.Got.OK {
		return fmt.Sprintf("the %s of all endpoints together is %s %s that of %d earlier runs",
			c.Metric.Name(), rise(math.Abs(k.Change)), side, k.Runs)
	}
	text := fmt.Sprintf("%s is %s", c.Metric.Name(), c.Got)
	if k.Again.OK {
		text += fmt.Sprintf(", and %s in the confirmation run", k.Again)
	}
	return text + fmt.Sprintf(": %s %s the %s of %d earlier runs", rise(math.Abs(k.Change)), side, k.Base, k.Runs)
}

// doubt words why something suspicious is no failure.
func (e *evidence) doubt() string {
	switch {
	case e.second == nil:
		return "one run does not prove it"
	case e.generator.unfit():
		return "one run does not prove it, and the generator of the first was late"
	}
	return "the confirmation run did not confirm it"
}

func (e *evidence) regressionRemedy(c *Check) string {
	if !c.Got.OK {
		return "earlier runs cannot tell a slow machine from a slow change: compare both builds on one machine with " +
			"loadgate ab"
	}
	newest := e.past.Runs[len(e.past.Runs)-1]
	since := "the last run that passed"
	if commit := newest.Origin.ShortCommit(); commit != "" {
		since = "commit " + commit
	}
	return "look at what changed since " + since + "; if it is meant to be so: loadgate baseline accept"
}
