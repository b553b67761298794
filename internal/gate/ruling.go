package gate

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// cause is why a limit was ruled on as it was.
type cause uint8

const (
	kept        cause = iota // nothing to say
	crossed                  // beyond the limit
	warned                   // beyond the warn limit
	near                     // holds by value, not shown
	bursts                   // holds with a margin, and bursts leave it unproven
	unproven                 // broken by value, not shown
	thin                     // too few requests
	short                    // too little time
	late                     // the generator's lag may be the reason
	heldBack                 // the kernel held the generator still, and that may be the reason
	watchedOver              // loadgate's own probe blocked the service, and that may be the reason
	exhausted                // the generator's machine was the reason
	partial                  // the missing shards are the reason
	outaged                  // an outage alone breaks it
	frozen                   // the arrivals of a freeze break it, and the requests do not
	waiting                  // the arrivals break it, which is not shown
	rounded                  // another tool's rounding hides on which side the value is
)

// ruling is what a limit came to.
type ruling struct {
	outcome verdict.Outcome
	limit   float64 // the one that decided
	shown   bool    // by the interval, not by the value alone
	cause   cause
	// stretch is the outage, or the freeze, that decided; the zero value: none did.
	stretch reason.Reason
}

// looked corrects a ruling for the number of interim looks: a test that is made four times
// and stops at the first failure errs up to four times as often, so a
// failure has to be shown with alpha shared among the looks (Bonferroni; Pocock
// 1977 on why looks must be counted). A pass exists at the last look alone and
// keeps its alpha, unless the run could have stopped on it.
func looked(e *evidence.Run, r ruling, strictly func(strict *evidence.Run) ruling) ruling {
	mayStop := r.outcome == verdict.Fail || r.outcome == verdict.Pass && e.Config.Judge.StopOnPass
	if e.Strict == nil || !r.shown || !mayStop {
		return r
	}
	again := strictly(e.Strict)
	switch {
	case again.outcome == r.outcome:
		return r
	case r.outcome == verdict.Fail:
		return ruling{outcome: verdict.Inconclusive, limit: r.limit, cause: unproven}
	}
	return again
}

// decide rules on a figure. The fail limit decides first; a missed warn limit
// only makes a pass a warning.
func decide(e *evidence.Run, l config.Limit, f estimate.Figure) ruling {
	if !l.HasFail {
		return advise(e, l, f)
	}
	r := enforce(e, l.Fail, f)
	passing := r.outcome == verdict.Pass || r.outcome == verdict.Warn
	if passing && l.HasWarn && !f.Keeps(l.Warn) {
		return warning(e, l, f, warned)
	}
	return r
}

func warning(e *evidence.Run, l config.Limit, f estimate.Figure, c cause) ruling {
	return ruling{outcome: verdict.Warn, limit: l.Warn, shown: f.Against(l.Warn) == stat.Beyond, cause: c}
}

// advise rules on a limit that is there for warnings only: by value, and never
// worse than a warning.
func advise(e *evidence.Run, l config.Limit, f estimate.Figure) ruling {
	switch {
	case !f.Keeps(l.Warn):
		return warning(e, l, f, warned)
	case !f.Whole && f.Short && !f.Summed && !e.Config.Judge.Point:
		return warning(e, l, f, short)
	case !f.Whole && !f.Enough:
		return warning(e, l, f, thin)
	}
	return ruling{outcome: verdict.Pass, limit: l.Warn, shown: f.Against(l.Warn) == stat.Within}
}

// enforce rules on a fail limit: the table of statistics, section 3.
func enforce(e *evidence.Run, limit float64, f estimate.Figure) ruling {
	if f.Summed {
		return byTool(limit, f)
	}
	switch judgement := f.Against(limit); {
	case e.Config.Judge.Point && !f.Whole:
		return point(limit, f)
	case judgement == stat.Beyond:
		return ruling{outcome: verdict.Fail, limit: limit, shown: true, cause: crossed}
	case judgement == stat.Within:
		return ruling{outcome: verdict.Pass, limit: limit, shown: true}
	case f.Short:
		return ruling{outcome: verdict.Inconclusive, limit: limit, cause: short}
	case !f.Enough && f.KeptLikely(limit):
		return nearly(e, limit, bursts)
	case !f.Enough:
		return ruling{outcome: verdict.Inconclusive, limit: limit, cause: thin}
	case !f.Keeps(limit):
		return ruling{outcome: verdict.Inconclusive, limit: limit, cause: unproven}
	}
	return nearly(e, limit, near)
}

// nearly is a limit that the value keeps, which is not shown.
func nearly(e *evidence.Run, limit float64, c cause) ruling {
	if e.Config.Judge.NearStrict {
		return ruling{outcome: verdict.Inconclusive, limit: limit, cause: c}
	}
	return ruling{outcome: verdict.Warn, limit: limit, cause: c}
}

// point rules by value, as other tools do, and warns where the interval does
// not show it. It asks for the floor in plain requests, since what correlation
// costs is the interval's to say, but for a failure that the interval shows.
func point(limit float64, f estimate.Figure) ruling {
	judgement := f.Against(limit)
	r := ruling{outcome: verdict.Pass, limit: limit, shown: judgement == stat.Within}
	switch {
	case judgement == stat.Beyond:
		return ruling{outcome: verdict.Fail, limit: limit, shown: true, cause: crossed}
	case f.Floor > 0 && f.Requests < f.Floor:
		return ruling{outcome: verdict.Inconclusive, limit: limit, cause: thin}
	case !f.Keeps(limit):
		return ruling{outcome: verdict.Fail, limit: limit, cause: crossed}
	case !r.shown:
		r.outcome, r.cause = verdict.Warn, near
	}
	return r
}
