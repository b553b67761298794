package gate

import (
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// unread says that readings of the generator are missing, in the run or in one of its shards. A run of loadgate has one
// for every slot, however late its machine woke up for it: where there is none, the document was cut or edited. What
// the other readings say is then no evidence that the generator kept up.
func unread(e *evidence.Run) []verdict.Check {
	if e.Result.Source.Foreign() {
		return nil
	}
	var checks []verdict.Check
	told, missing := 0, missingSlots{}
	for _, m := range e.Result.Timeline {
		if !e.Window.Holds(m.Slot) {
			continue
		}
		told++
		if !m.Generator.Read() {
			missing.add(m.Slot)
		}
	}
	if missing.count > 0 {
		because := reason.GeneratorUnread.Plain()
		if missing.count < told {
			because = reason.GeneratorGap.With(missing.args(e))
		}
		checks = append(checks, verdict.Check{Subject: "generator", Firm: true, Because: because})
	}
	if len(e.Result.Shards) < 2 {
		return checks
	}
	for _, s := range e.Result.Shards { // the sum has readings wherever one of them has
		if s.Watched < s.Covered {
			checks = append(checks, verdict.Check{
				Subject: "shards", Firm: true, Because: reason.ShardUnread.With(reason.Args{
					"shard": s.String(), "missing": s.Covered - s.Watched, "covered": s.Covered,
				}),
			})
		}
	}
	return checks
}

// missingSlots are slots of the timeline that lack something.
type missingSlots struct{ count, first int }

func (m *missingSlots) add(slot int) {
	if m.count == 0 {
		m.first = slot
	}
	m.count++
}

func (m *missingSlots) args(e *evidence.Run) reason.Args {
	return reason.Args{
		"missing": time.Duration(m.count) * e.Window.Slot, "measured": e.Window.Length,
		"at": time.Duration(m.first) * e.Window.Slot,
	}
}

// walked says that the timeline counts users that the plan does not have, or fewer than it has.
//
// At most there are as many as planned, in an open load as many as it may make: users are made once. At least there are
// those of the level, later than it began by as much as the latest request of the run was: a user that comes late sends
// late. Arrivals have no such bound, since they may find all users idle. Neither has the end of a level, or of the
// shard that ended first, where users leave while they are counted, nor a slot in which the generator stood still.
func walked(e *evidence.Run) []verdict.Check {
	p := e.Result.Planned
	most := p.Users
	if p.Rate > 0 {
		most = p.MaxUsers
	}
	if e.Result.Source.Foreign() {
		return nil
	}
	levels := p.Stages
	if levels == nil {
		levels = []result.Stage{{Users: p.Users, From: p.Ramp, Until: e.Result.Elapsed}}
	}
	if p.Rate > 0 || p.Bounded || !allThere(e) {
		levels = nil
	}
	latest, ends := latestSend(e.Result), e.Result.Elapsed
	for _, s := range e.Result.Shards {
		if s.Elapsed > 0 {
			ends = min(ends, s.Elapsed)
		}
	}
	fewer, least := missingSlots{}, 0
	for _, m := range e.Result.Timeline {
		from, until := time.Duration(m.Slot)*e.Window.Slot, time.Duration(m.Slot+1)*e.Window.Slot
		if m.Users > most {
			return []verdict.Check{{
				Subject: "timeline", Firm: true, Because: reason.UsersBeyondPlan.With(reason.Args{
					"at": from, "users": m.Users, "planned": most,
				}),
			}}
		}
		if !e.Window.Holds(m.Slot) || e.Still[m.Slot] || until >= ends {
			continue
		}
		for _, level := range levels {
			if from >= level.From+latest+e.Window.Slot && until+latest < level.Until && m.Users < level.Users {
				fewer.add(m.Slot)
				least = max(least, level.Users)
			}
		}
	}
	if fewer.count == 0 {
		return nil
	}
	args := fewer.args(e)
	args["planned"] = least
	return []verdict.Check{{Subject: "timeline", Firm: true, Because: reason.UsersBelowPlan.With(args)}}
}

// unfinished says that users had rounds or rows left when the time was over.
func unfinished(e *evidence.Run) []verdict.Check {
	r := e.Result
	last := len(r.Timeline) - 1
	for last >= 0 && !e.Window.Holds(r.Timeline[last].Slot) { // the drain
		last--
	}
	if !r.Planned.Bounded || r.End != result.Complete || last < 0 || r.Timeline[last].Users == 0 {
		return nil
	}
	return []verdict.Check{{Subject: "rounds", Outcome: verdict.Warn, Shown: true,
		Because: reason.RoundsUnfinished.With(reason.Args{
			"users": r.Timeline[last].Users, "of": r.Planned.Users, "planned": r.Planned.Duration,
		})}}
}

// allThere says whether all shards are in the sum from their start to its end.
func allThere(e *evidence.Run) bool {
	if len(e.Absent()) > 0 || len(e.EndedEarly()) > 0 {
		return false
	}
	for _, s := range e.Result.Shards {
		if missing, ok := e.Result.MissingOf(s); len(e.Result.Shards) > 1 && (!ok || missing > 0) {
			return false
		}
	}
	return true
}

// latestSend is how much later than planned the latest request of a run was sent.
func latestSend(r *result.Result) time.Duration {
	var lag hist.Latency
	for _, m := range r.Timeline {
		if m.Lag.Into(&lag) != nil {
			return r.Elapsed // nothing is known of it
		}
	}
	latest, _ := lag.Max()
	return latest
}
