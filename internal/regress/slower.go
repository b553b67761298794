package regress

import (
	"maps"
	"math"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// slower gives a check a change for the worse as its reason, with further facts.
func slower(c *verdict.Check, terms config.Regression, also ...reason.Reason) {
	c.Because = higher(*c)
	if c.Comparison.Gated {
		c.Because.Args["allowed"] = terms.Most
	}
	fact := reason.SharedCause.Plain()
	if c.Got.OK {
		fact = expected(c.Comparison)
	}
	c.Also = append([]reason.Reason{fact}, also...)
}

// expected is where unchanged code is expected. What all endpoints share moves
// that, so it may lie away from the earlier runs.
func expected(k *verdict.Comparison) reason.Reason {
	args := reason.Args{"low": k.Low.Quantity, "high": k.High.Quantity}
	switch {
	case k.Low.Value > k.Base.Value:
		args["shared"] = reason.AllRose.Plain()
	case k.High.Value < k.Base.Value:
		args["shared"] = reason.AllFell.Plain()
	}
	return reason.UnchangedRange.With(args)
}

// higher is a change, without what it is measured by.
func higher(c verdict.Check) reason.Reason {
	k := c.Comparison
	args := reason.Args{"metric": c.Metric.Name(), "runs": k.Runs}
	maps.Copy(args, moved(k.Change))
	if !c.Got.OK {
		return reason.AllWorse.With(args)
	}
	args["value"], args["base"] = c.Got.Quantity, k.Base.Quantity
	if k.Again.OK {
		args["again"] = k.Again.Quantity
	}
	return reason.WorseThanEarlier.With(args)
}

// moved is a change as an argument: by how much it rose or fell.
func moved(change float64) reason.Args {
	if change < 0 {
		return reason.Args{"fall": -change}
	}
	return reason.Args{"rise": change}
}

// worsened is moved of a change for the worse.
func worsened(m metric.Metric, share float64) reason.Args {
	if m.Better() == metric.Higher {
		return reason.Args{"fall": math.Abs(share)}
	}
	return reason.Args{"rise": math.Abs(share)}
}

// doubtful is why something suspicious is no failure.
func doubtful(e *evidence.Run) reason.Reason {
	switch {
	case e.Second == nil:
		return reason.NotProven.Plain()
	case e.Generator.Unfit():
		return reason.NotProvenLate.Plain()
	}
	return reason.NotConfirmed.Plain()
}

// changes is what to look at where something became worse.
func changes(e *evidence.Run, c *verdict.Check) reason.Reason {
	if !c.Got.OK {
		return reason.CompareBuilds.Plain()
	}
	args := reason.Args{}
	if commit := e.Past.Runs[len(e.Past.Runs)-1].Origin.ShortCommit(); commit != "" {
		args["commit"] = commit
	}
	return reason.LookAtChanges.With(args)
}
