package gate

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// scatteredFrom is the time between the starts of shards from which on it is
// told. It is the lateness that a planned start forgives.
const scatteredFrom = time.Minute

// scattered warns of shards that did not start together: at both ends of the run
// the service was under part of the load. The clocks of two machines may differ
// by seconds, so only minutes are told.
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
	apart := last.Started.Sub(first.Started).Round(time.Second)
	if apart < scatteredFrom {
		return nil
	}
	name := func(s result.Shard) string { return fmt.Sprintf("%d/%d", s.K, s.N) }
	args := reason.Args{
		"last": name(last), "apart": apart, "first": name(first),
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
		by[s.Tool] = append(by[s.Tool], fmt.Sprintf("%d/%d", s.K, s.N))
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
