package regress

import (
	"math"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// finding is what a comparison with earlier runs is decided by.
type finding struct {
	terms      config.Regression
	strict     bool
	all, first stat.Shift // of all new runs together, and of the first alone
	// grown and grownFirst are by how much the values themselves are worse, as
	// logarithms, with all that endpoints share.
	grown, grownFirst float64
	// mute says that the confirmation run has no value, and all is first.
	mute bool
}

// seen is what a comparison shows.
type seen struct {
	suspicious bool // the first run looks slower
	regressed  bool // all new runs together are slower, and the first looks so too
	alone      bool // all are slower, and the first does not look so
	behind     bool // slower beside others that became faster, and not slower by itself
}

// see says what a finding shows. Worth is the smallest rise of the first run's
// own value that makes it suspicious.
func (f finding) see(t trial, most, worth float64) seen {
	var s seen
	s.suspicious = t.first.Suspicious(f.first) && f.first.Effect >= math.Log(stat.MinEffect) &&
		f.grownFirst >= math.Log(worth)
	slower := !f.mute && t.all.Regressed(f.all, most)
	s.behind = slower && f.grown < math.Log(max(stat.MinEffect, 1+most))
	slower = slower && !s.behind
	s.regressed, s.alone = slower && s.suspicious, slower && !s.suspicious
	return s
}

// leaves is what remains of it without the lag of late generators, which sure
// shows; excused says that nothing does.
func (s seen) leaves(sure seen, repeated bool) (left seen, excused bool) {
	left = s
	switch {
	case s.regressed && !sure.regressed:
		// One run that is suspicious all the same is repeated.
		left.regressed = false
		excused = repeated || !sure.suspicious
	case s.alone:
		excused = !sure.alone && !sure.regressed
	case s.suspicious && !s.regressed:
		excused = !sure.suspicious
	}
	return left, excused
}

// rule decides about a comparison: statistics, section 4.2. Without a
// confirmation the first run decides by the same levels: that is the rule of
// confirm: false, and what is left where no second run can be made. It says
// whether it leaves a doubt: a warning that something looks slower.
//
// With a confirmation both runs have to be slower: a change that only one of them shows is
// chance as likely as not.
//
// Where a generator was late, the values without its lag (sure) have to show the same;
// otherwise the lag may be the reason, and that is a warning.
//
// An endpoint that did not become faster with all others has a large part of its own. That is a
// warning and no more, since its value is still within what the file allows.
func rule(e *evidence.Run, c *verdict.Check, f finding, t trial, sure func() (finding, trial)) doubt {
	k, terms := c.Comparison, f.terms
	c.Outcome, c.Shown = verdict.Pass, true
	most := excess(c.Metric, terms.Most)
	s := f.see(t, most, stat.MinEffect)
	lag, late := lagged(e)
	excused := false
	if late && (s.suspicious || s.regressed || s.alone) {
		f, t := sure()
		s, excused = s.leaves(f.see(t, most, max(stat.MinEffect, 1+most)), len(newRuns(e)) > 1)
	}
	k.Doubtful = (s.suspicious || s.regressed) && !excused
	k.Suspicious = k.Gated && s.suspicious && !excused && e.Second == nil &&
		!e.Unconfirmed.Given() && e.Config.Baseline.Confirm
	switch {
	case excused && k.Gated:
		c.Outcome = verdict.Warn
		may := excusable(c.Metric, lag)
		c.Because, c.Also = excusedBy(*c), []reason.Reason{may}
		c.Remedies = []reason.Reason{tooLate(lag), may}
		if f.strict {
			c.Outcome, c.Shown = verdict.Inconclusive, false
			return certain
		}
		return excusedDoubt
	case excused:
	case s.suspicious && k.Gated && (e.Unconfirmed.Given() || f.mute):
		why := e.Unconfirmed
		if f.mute {
			why = reason.ConfirmationThin.With(reason.Args{"metric": c.Metric.Name()})
		}
		c.Outcome, c.Shown = verdict.Inconclusive, false
		useless := reason.ConfirmationUseless.With(reason.Args{"why": why})
		slower(c, terms, useless)
		c.Remedies = []reason.Reason{useless}
	case (s.regressed || s.alone) && !k.Gated:
		c.Outcome = verdict.Warn
		slower(c, terms, reason.ChangeUnlimited.Plain())
	case s.regressed && e.Second == nil && e.Generator.Unfit() && !late:
		was, remedies := e.Generator.Blame()
		c.Outcome, c.Shown = verdict.Inconclusive, false
		slower(c, terms, reason.GeneratorMayExplain.With(reason.Args{"was": was}))
		c.Remedies = append(remedies, reason.RunAgain.Plain())
	case s.regressed:
		c.Outcome, c.Remedies = verdict.Fail, []reason.Reason{changes(e, c)}
		slower(c, terms)
		if late && c.Metric.Latency() {
			c.Also = append(c.Also, reason.LateCannotExplain.Plain())
		}
	case f.strict && k.Gated && f.all.Detectable > most:
		c.Outcome, c.Shown = verdict.Inconclusive, false
		c.Because = reason.EarlierScatter.With(worsened(c.Metric, k.Detectable))
		c.Because.Args["allowed"] = terms.Most
	case (s.suspicious || s.alone) && k.Gated && late && f.strict: // it is no better than what the lag explains
		c.Outcome, c.Shown = verdict.Inconclusive, false
		slower(c, terms, doubtful(e))
		c.Remedies = []reason.Reason{tooLate(lag)}
	case s.suspicious && k.Gated:
		c.Outcome, c.Remedies = verdict.Warn, []reason.Reason{doubtful(e)}
		slower(c, terms, c.Remedies...)
		return unconfirmedDoubt
	case s.alone:
		c.Outcome, c.Remedies = verdict.Warn, []reason.Reason{reason.ConfirmationAlone.Plain()}
		slower(c, terms, c.Remedies...)
		return unconfirmedDoubt
	case s.behind && k.Gated:
		c.Outcome = verdict.Warn
		slower(c, terms, reason.OthersFaster.Plain())
		c.Because.Code = reason.StayedBehind
	}
	return certain
}

// doubt is what a comparison leaves open.
type doubt uint8

const (
	certain          doubt = iota
	unconfirmedDoubt       // it looks slower, and is not proven to be
	excusedDoubt           // it is slower, and a late generator may be the reason
)
