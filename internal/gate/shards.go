package gate

import (
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
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
	c := verdict.Check{
		Subject: "shards", Outcome: verdict.Warn, Shown: true, Remedy: "start all shards at one time, with --start-at",
	}
	load := "in that time the service was under part of the load"
	if apart >= first.Elapsed {
		c.Outcome, c.Shown, c.Firm = verdict.Inconclusive, false, true
		load = "at no time was the service under the whole load"
	}
	clock := func(s result.Shard) string { return s.Started.UTC().Format(time.DateTime) }
	c.Reason = fmt.Sprintf("shard %d/%d started %s after shard %d/%d (%s, %s): %s",
		last.K, last.N, unit.Compact(apart), first.K, first.N, clock(last), clock(first), load)
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
	for i, tool := range tools {
		tools[i] = fmt.Sprintf("%s made %s", tool, strings.Join(by[tool], ", "))
	}
	return []verdict.Check{{
		Subject: "shards", Outcome: verdict.Warn, Shown: true,
		Reason: "the shards were made by different versions: " + strings.Join(tools, "; "),
		Remedy: "run all shards with one version of loadgate",
	}}
}
