package gate

import (
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The time between the starts of two shards from which on it is a finding. A minute is what a planned
// start by each machine's own clock forgives. Clocks that were compared differ by milliseconds.
const (
	scatteredFrom = time.Minute
	unevenFrom    = 250 * time.Millisecond
	mostUneven    = time.Second
)

// scattered warns of shards that did not start together: at both ends of the run
// the service was under part of the load. The clocks of two machines may differ
// by seconds, so only minutes are reported, unless the clocks were compared.
func scattered(e *evidence.Run) []verdict.Check {
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
	if first.StartError > 0 && last.StartError > 0 {
		return uneven(first, last)
	}
	apart := last.Started.Sub(first.Started).Round(time.Second)
	if apart < scatteredFrom {
		return nil
	}
	args := reason.Args{
		"last": last.String(), "apart": apart, "first": first.String(),
		"last_start": last.Started, "first_start": first.Started,
	}
	c := verdict.Check{
		Subject: "shards", Outcome: verdict.Warn, Shown: true, Because: reason.ShardsScattered.With(args),
	}
	if apart >= first.Elapsed {
		c.Outcome, c.Shown, c.Firm, c.Because = verdict.Inconclusive, false, true, reason.ShardsApart.With(args)
	}
	return []verdict.Check{c}
}

// uneven warns of shards of one coordinator that did not start together. The error of both clocks
// may come on top of the time between their starts.
func uneven(first, last result.Shard) []verdict.Check {
	apart := min(last.Started.Sub(first.Started), result.DifferentRuns) // a document may hold any dates
	most := apart + first.StartError + last.StartError
	if most <= unevenFrom {
		return nil
	}
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
