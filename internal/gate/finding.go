package gate

import (
	"fmt"
	"math"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/stat"
)

// finding is what a comparison with earlier runs is decided by.
type finding struct {
	terms      spec.Regression
	strict     bool
	all, first stat.Shift // of all new runs together, and of the first alone
	// grown and grownFirst are by how much the values themselves are worse, as
	// logarithms, with all that endpoints share.
	grown, grownFirst float64
	// mute says that the confirmation run has no value, and all is first.
	mute bool
}

// rule decides about a comparison: statistics, section 4.2. Without a
// confirmation the first run decides by the same levels: that is the rule of
// confirm: false, and what is left where no second run can be made. It says
// whether it leaves a doubt: a warning that something looks slower.
//
// With a confirmation both runs have to say so: what only the second shows is as
// odd as what only the first does.
//
// Note: an endpoint that stays behind where all others became faster has a
// large part of its own. That is worth a warning; nothing that the file promises
// is broken while its value is not above what is allowed.
func (e *evidence) rule(c *Check, f finding, t trial) (doubt bool) {
	k, terms := c.Comparison, f.terms
	c.Outcome, c.Shown = Pass, true
	most := excess(c.Metric, terms.Most)
	suspicious := t.first.Suspicious(f.first) && min(f.first.Effect, f.grownFirst) >= math.Log(stat.MinEffect)
	regressed := !f.mute && t.all.Regressed(f.all, most)
	behind := regressed && f.grown < math.Log(max(stat.MinEffect, 1+most))
	alone := regressed && !behind && !suspicious // the first run did not show it
	regressed = regressed && !behind && suspicious
	k.Suspicious = k.Gated && suspicious && e.second == nil && e.unconfirmed == "" && e.spec.Baseline.Confirm
	switch {
	case suspicious && k.Gated && (e.unconfirmed != "" || f.mute):
		why := "; the run that was to confirm it " + e.unconfirmed
		if f.mute {
			why = fmt.Sprintf("; the run that was to confirm it has too few successful requests for a %s", c.Metric.Name())
		}
		c.Outcome, c.Shown = Inconclusive, false
		c.Reason = e.slower(*c, terms) + why
		c.Remedy = "run it again"
	case (regressed || alone) && !k.Gated:
		c.Outcome, c.Reason = Warn, e.slower(*c, terms)+"; the file does not limit it"
	case regressed && e.second == nil && e.generator.unfit():
		was, remedy := e.generator.blame()
		c.Outcome, c.Shown = Inconclusive, false
		c.Reason, c.Remedy = e.slower(*c, terms)+", but the generator was "+was+" and may be the reason", remedy+", and run again"
	case regressed:
		c.Outcome, c.Reason = Fail, e.slower(*c, terms)
		c.Remedy = e.regressionRemedy(c)
	case f.strict && k.Gated && f.all.Detectable > most:
		c.Outcome, c.Shown = Inconclusive, false
		c.Reason = fmt.Sprintf("earlier runs scatter too much: only a %s of %s would show, and %s is allowed",
			direction(c.Metric), rise(k.Detectable), rise(terms.Most))
		c.Remedy = "compare two builds on one machine instead: loadgate ab; or run longer, or leave out strict"
	case suspicious && k.Gated:
		c.Outcome, c.Reason = Warn, e.slower(*c, terms)+"; "+e.doubt()
		c.Remedy = "look at it if the next runs say so too"
		return true
	case alone:
		c.Outcome, c.Reason = Warn, e.slower(*c, terms)+"; the confirmation run alone shows it"
		c.Remedy = "look at it if the next runs say so too"
		return true
	case behind && k.Gated:
		c.Outcome, c.Reason = Warn, e.slower(*c, terms)+"; all endpoints together became faster, and this one stayed behind"
		c.Remedy = "look at what it does that the others do not"
	}
	return false
}

// excess is an allowed change for the worse as AgainstPast and Pairs see it,
// whose logarithms are turned: what may fall by half may be twice as bad.
func excess(m metric.Metric, most float64) float64 {
	if m.Better() == metric.Higher {
		return 1/(1-most) - 1
	}
	return most
}

// change is the reverse of excess: a change for the worse of the metric itself.
func change(m metric.Metric, excess float64) float64 {
	if m.Better() == metric.Higher {
		return 1 - 1/(1+excess)
	}
	return excess
}

// direction is what a change of the metric for the worse is called.
func direction(m metric.Metric) string {
	if m.Better() == metric.Higher {
		return "fall"
	}
	return "rise"
}
