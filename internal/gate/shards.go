package gate

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The time between the starts of two shards from which on it is a finding. A minute, or a quarter of a shorter
// run, is what a planned start by each machine's own clock forgives. Clocks that were compared differ by
// milliseconds.
const (
	scatteredFrom = time.Minute
	scatteredPart = 4
	unevenFrom    = 250 * time.Millisecond
	mostUneven    = time.Second
)

// scattered warns of shards that did not start together: at both ends of the run
// the service was under part of the load. The clocks of two machines may differ
// by seconds, so that less is not reported, unless the clocks were compared.
func scattered(e *evidence.Run) []verdict.Check {
	if clocksCompared(e.Result.Shards) {
		return uneven(e.Result.Shards)
	}
	var first, last result.Shard
	for _, s := range e.Result.Shards {
		if s.Started.IsZero() {
			continue
		}
		if first.Started.IsZero() || s.Started.Before(first.Started) {
			first = s
		}
		if s.Started.After(last.Started) {
			last = s
		}
	}
	apart := last.Started.Sub(first.Started).Round(time.Second)
	length := first.Elapsed
	if length <= 0 {
		length = e.Result.Elapsed
	}
	if apart == 0 || apart < min(scatteredFrom, length/scatteredPart) {
		return nil
	}
	args := reason.Args{
		"last": last.String(), "apart": apart, "first": first.String(),
		"last_start": last.Started, "first_start": first.Started,
	}
	c := verdict.Check{
		Subject: "shards", Outcome: verdict.Warn, Shown: true, Because: reason.ShardsScattered.With(args),
	}
	if apart >= length {
		c.Outcome, c.Shown, c.Firm, c.Because = verdict.Inconclusive, false, true, reason.ShardsApart.With(args)
	}
	return []verdict.Check{c}
}

// unknown names the shards of a sum that do not say when they started, what they loaded, or of how much of their
// time they tell: whether the service was under the whole load is then not known.
func unknown(e *evidence.Run) []verdict.Check {
	if len(e.Result.Shards) < 2 {
		return nil
	}
	var checks []verdict.Check
	early := e.EndedEarly()
	for _, s := range e.Result.Shards {
		var lacks reason.Reason
		switch {
		case s.Started.IsZero():
			lacks = reason.ShardStart.Plain()
		case s.Target == "":
			lacks = reason.ShardTarget.Plain()
		case s.Covered <= 0 && !e.Ongoing && !slices.ContainsFunc(early, s.Is):
			lacks = reason.ShardTime.Plain()
		default:
			continue
		}
		checks = append(checks, verdict.Check{
			Subject: "shards", Firm: true,
			Because: reason.ShardUnknown.With(reason.Args{"shard": s.String(), "lacks": lacks}),
		})
	}
	return checks
}

// gaps names the shards that came to their end and tell of less than their time, or not how late they sent. The
// others' seconds are there, so that the sum's timeline shows none of it.
func gaps(e *evidence.Run) []verdict.Check {
	if len(e.Result.Shards) < 2 {
		return nil
	}
	var checks []verdict.Check
	early := e.EndedEarly()
	for _, s := range e.Result.Shards {
		if s.Timed < s.Requests {
			checks = append(checks, verdict.Check{
				Subject: "shards", Firm: true, Because: reason.ShardWithoutLag.With(reason.Args{
					"shard": s.String(), "missing": s.Requests - s.Timed, "requests": s.Requests,
				}),
			})
		}
		missing, ok := e.Result.MissingOf(s)
		if ok && missing >= result.SlotLength && !slices.ContainsFunc(early, s.Is) {
			checks = append(checks, verdict.Check{
				Subject: "shards", Firm: true,
				Because: reason.ShardGap.With(reason.Args{
					"shard": s.String(), "missing": missing, "planned": s.Covered + missing,
				}),
			})
		}
	}
	return checks
}

// clocksCompared reports whether there are several shards, all with a start by the common clock.
func clocksCompared(shards []result.Shard) bool {
	return len(shards) > 1 && !slices.ContainsFunc(shards, func(s result.Shard) bool {
		return s.StartError <= 0 || s.Started.IsZero()
	})
}

// uneven warns of shards with one clock that did not start together. The errors of two clocks may come
// on top of the time between their starts, so the two shards are those that may be furthest apart.
func uneven(shards []result.Shard) []verdict.Check {
	earliest := func(than result.Shard) result.Shard {
		return furthest(shards, than, func(s result.Shard) time.Time { return s.Started.Add(-s.StartError) }, -1)
	}
	latest := func(than result.Shard) result.Shard {
		return furthest(shards, than, func(s result.Shard) time.Time { return s.Started.Add(s.StartError) }, 1)
	}
	first := earliest(result.Shard{})
	last := latest(first)
	if other := latest(result.Shard{}); spread(earliest(other), other) > spread(first, last) {
		first, last = earliest(other), other
	}
	most := spread(first, last)
	if most <= unevenFrom {
		return nil
	}
	if last.Started.Before(first.Started) {
		first, last = last, first
	}
	apart := min(last.Started.Sub(first.Started), result.DifferentRuns)
	c := verdict.Check{
		Subject: "shards", Outcome: verdict.Warn, Shown: true, Because: reason.ShardsUneven.With(reason.Args{
			"last": last.String(), "first": first.String(), "apart": apart, "most": most,
		}),
	}
	if most > mostUneven {
		c.Outcome, c.Shown, c.Firm = verdict.Inconclusive, false, true
	}
	return []verdict.Check{c}
}

// furthest is the shard, except one, whose time is the latest for side 1 and the earliest for side -1.
func furthest(shards []result.Shard, except result.Shard, at func(result.Shard) time.Time, side int) result.Shard {
	others := slices.DeleteFunc(slices.Clone(shards), except.Is)
	return slices.MaxFunc(others, func(a, b result.Shard) int { return side * at(a).Compare(at(b)) })
}

// spread is the time between the starts of two shards as far as they may be apart. A document may hold any dates.
func spread(first, last result.Shard) time.Duration {
	return min(last.Started.Sub(first.Started), result.DifferentRuns) + first.StartError + last.StartError
}

// mixed warns of shards that different versions of loadgate made: they may
// measure differently.
func mixed(e *evidence.Run) []verdict.Check {
	var tools []string
	by := map[string][]string{}
	for _, s := range e.Result.Shards {
		if s.Tool == "" {
			continue
		}
		if by[s.Tool] == nil {
			tools = append(tools, s.Tool)
		}
		by[s.Tool] = append(by[s.Tool], s.String())
	}
	if len(tools) < 2 {
		return nil
	}
	var versions []reason.Reason
	for _, tool := range tools {
		versions = append(versions, reason.ShardVersion.With(reason.Args{"version": tool, "shards": by[tool]}))
	}
	return []verdict.Check{{
		Subject: "shards", Outcome: verdict.Warn, Shown: true,
		Because: reason.ShardsMixed.With(reason.Args{"versions": versions}),
	}}
}
