package gate

import (
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// scatteredFrom is the time between the starts of shards from which on it is
// told. It is the lateness that a planned start forgives.
const scatteredFrom = time.Minute

// endedEarly is the shards that did not come to the end of the run, where the
// document tells how each one ended. One that a silent target ended is a finding
// about the shard only where the target went on answering others.
func (e *evidence) endedEarly() []result.Shard {
	var early []result.Shard
	lost := 0
	for _, s := range e.result.Shards {
		if s.N > 1 && s.End != nil && *s.End != result.Complete && *s.End != result.Stopped {
			early = append(early, s)
			if *s.End == result.Lost {
				lost++
			}
		}
	}
	if lost == len(e.result.Shards) {
		return nil // silence tells it
	}
	return early
}

// endedText says how a shard ended that did so early.
func endedText(end result.End) string {
	switch end {
	case result.Interrupted:
		return "was interrupted"
	case result.Lost:
		return "got no more answers and ended"
	}
	return "was cut short"
}

// shardShare is the share of one shard of n in words.
func shardShare(n int) string {
	switch n {
	case 2:
		return "half"
	case 3:
		return "a third"
	case 4:
		return "a quarter"
	}
	return fmt.Sprintf("a share of 1/%d", n)
}

// scattered warns of shards that did not start together: at both ends of the run
// the service was under part of the load. The clocks of two machines may differ
// by seconds, so only minutes are told.
func (e *evidence) scattered() []Check {
	var first, last result.Shard
	for _, s := range e.result.Shards {
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
	c := Check{
		Subject: "shards", Outcome: Warn, Shown: true, Remedy: "start all shards at one time, with --start-at",
	}
	load := "in that time the service was under part of the load"
	if apart >= first.Elapsed {
		c.Outcome, c.Shown, c.Firm = Inconclusive, false, true
		load = "at no time was the service under the whole load"
	}
	clock := func(s result.Shard) string { return s.Started.UTC().Format(time.DateTime) }
	c.Reason = fmt.Sprintf("shard %d/%d started %s after shard %d/%d (%s, %s): %s",
		last.K, last.N, unit.Compact(apart), first.K, first.N, clock(last), clock(first), load)
	return []Check{c}
}

// mixed warns of shards that different versions of loadgate made: they may
// measure differently.
func (e *evidence) mixed() []Check {
	var tools []string
	by := map[string][]string{}
	for _, s := range e.result.Shards {
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
	return []Check{{
		Subject: "shards", Outcome: Warn, Shown: true,
		Reason: "the shards were made by different versions: " + strings.Join(tools, "; "),
		Remedy: "run all shards with one version of loadgate",
	}}
}
