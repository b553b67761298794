package gate

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/stat"
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
	outcome Outcome
	limit   float64 // the one that decided
	shown   bool    // by the interval, not by the value alone
	cause   cause
	// stretch is the outage, or the freeze, that decided; empty: none did.
	stretch string
}

// looked holds a ruling against the looks that a run was given: whoever looks
// four times and stops at the first failure errs four times as often, so a
// failure has to stand with alpha shared among the looks (Bonferroni; Pocock
// 1977 on why looks must be counted). A pass exists at the last look alone and
// keeps its alpha, unless the run could have stopped on it.
func (e *evidence) looked(r ruling, strictly func(strict *evidence) ruling) ruling {
	mayStop := r.outcome == Fail || r.outcome == Pass && e.config.Judge.StopOnPass
	if e.strict == nil || !r.shown || !mayStop {
		return r
	}
	again := strictly(e.strict)
	switch {
	case again.outcome == r.outcome:
		return r
	case r.outcome == Fail:
		return ruling{outcome: Inconclusive, limit: r.limit, cause: unproven}
	}
	return again
}

// decide rules on a figure. The fail limit decides first; a missed warn limit
// only makes a pass a warning.
func (e *evidence) decide(l config.Limit, f figure) ruling {
	if !l.HasFail {
		return e.advise(l, f)
	}
	r := e.enforce(l.Fail, f)
	passing := r.outcome == Pass || r.outcome == Warn
	if passing && l.HasWarn && !f.keeps(l.Warn) {
		return e.warning(l, f, warned)
	}
	return r
}

func (e *evidence) warning(l config.Limit, f figure, c cause) ruling {
	return ruling{outcome: Warn, limit: l.Warn, shown: f.against(l.Warn) == stat.Beyond, cause: c}
}

// advise rules on a limit that is there for warnings only: by value, and never
// worse than a warning.
func (e *evidence) advise(l config.Limit, f figure) ruling {
	switch {
	case !f.keeps(l.Warn):
		return e.warning(l, f, warned)
	case !f.whole && f.short && !f.summed && !e.config.Judge.Point:
		return e.warning(l, f, short)
	case !f.whole && !f.enough:
		return e.warning(l, f, thin)
	}
	return ruling{outcome: Pass, limit: l.Warn, shown: f.against(l.Warn) == stat.Within}
}

// enforce rules on a fail limit: the table of statistics, section 3.
func (e *evidence) enforce(limit float64, f figure) ruling {
	if f.summed {
		return byTool(limit, f)
	}
	switch judgement := f.against(limit); {
	case e.config.Judge.Point && !f.whole:
		return point(limit, f)
	case judgement == stat.Beyond:
		return ruling{outcome: Fail, limit: limit, shown: true, cause: crossed}
	case judgement == stat.Within:
		return ruling{outcome: Pass, limit: limit, shown: true}
	case f.short:
		return ruling{outcome: Inconclusive, limit: limit, cause: short}
	case !f.enough && f.keptLikely(limit):
		return e.nearly(limit, bursts)
	case !f.enough:
		return ruling{outcome: Inconclusive, limit: limit, cause: thin}
	case !f.keeps(limit):
		return ruling{outcome: Inconclusive, limit: limit, cause: unproven}
	}
	return e.nearly(limit, near)
}

// nearly is a limit that the value keeps, which is not shown.
func (e *evidence) nearly(limit float64, c cause) ruling {
	if e.config.Judge.NearStrict {
		return ruling{outcome: Inconclusive, limit: limit, cause: c}
	}
	return ruling{outcome: Warn, limit: limit, cause: c}
}

// point rules by value, as other tools do, and warns where the interval does
// not show it. It asks for the floor in plain requests, since what correlation
// costs is the interval's to say, but for a failure that the interval shows.
func point(limit float64, f figure) ruling {
	judgement := f.against(limit)
	r := ruling{outcome: Pass, limit: limit, shown: judgement == stat.Within}
	switch {
	case judgement == stat.Beyond:
		return ruling{outcome: Fail, limit: limit, shown: true, cause: crossed}
	case f.floor > 0 && f.requests < f.floor:
		return ruling{outcome: Inconclusive, limit: limit, cause: thin}
	case !f.keeps(limit):
		return ruling{outcome: Fail, limit: limit, cause: crossed}
	case !r.shown:
		r.outcome, r.cause = Warn, near
	}
	return r
}
