package k6script

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/k6script/walk"
	"github.com/loadgate/loadgate/internal/unit"
)

// wait is the think time of a group: what a round sleeps, spread evenly over its requests.
func (b *builder) wait(g *draft.Group, items []walk.Item) string {
	requests, sleeps := 0, 0
	for _, s := range g.Steps {
		if !s.Commented {
			requests += max(s.Times, 1)
		}
	}
	var sum walk.Range
	even := true // each request has the same sleep after it
	var first *walk.Range
	for i, it := range items {
		if it.Wait != nil {
			sum.Low, sum.Width = sum.Low+it.Wait.Low, sum.Width+it.Wait.Width
			sleeps++
			if first == nil {
				first = it.Wait
			}
			even = even && *first == *it.Wait && i > 0 && items[i-1].Call != nil
		}
	}
	if sleeps == 0 {
		g.Look("the script never sleeps: neither do its users here")
		return "0s"
	}
	n := float64(max(requests, 1))
	if !even || sleeps != requests {
		if requests > 1 {
			g.Look(fmt.Sprintf("a round sleeps %s in %s: wait spreads that evenly over its %s",
				rangeText(sum, 1), unit.Counted(sleeps, "place"), unit.Counted(requests, "request")))
		}
	}
	return rangeText(sum, n)
}

// rangeText is a range of times, divided by a number.
func rangeText(r walk.Range, by float64) string {
	low := time.Duration(r.Low / by * float64(time.Second)).Round(time.Millisecond)
	high := time.Duration((r.Low + r.Width) / by * float64(time.Second)).Round(time.Millisecond)
	if high <= low {
		return unit.Compact(low)
	}
	return unit.Compact(low) + ".." + unit.Compact(high)
}
