package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// freeze is a stretch of the measured time in which next to nothing was
// answered while requests waited.
type freeze struct {
	group    group
	every    bool // the whole service
	from, to int  // slots since the start of the run; its answers come in slot to, or the one behind
	probed   bool // loadgate's own probe was read all the while, and blocks the service
	waited   int64
	longest  time.Duration
}

// ofService says whether it is the service's own.
func (f freeze) ofService() bool { return !f.probed }

// any is every freeze.
func (f freeze) any() bool { return true }

func (f freeze) overlaps(other freeze) bool { return f.from <= other.to && other.from <= f.to }

// touches says whether it is one of a group's: of the whole service, or of one of
// its endpoints.
func (f freeze) touches(g group) bool { return f.every || f.group.meets(g) }

// last is the slot in which the last of its answers may come.
func (f freeze) last() int { return f.to + 1 }

// freezesOf finds the freezes of the service, and those of single endpoints
// beside them.
func (e *evidence) freezesOf() []freeze {
	if e.summed || e.window.Slots == 0 {
		return nil
	}
	asked := e.working()
	found := e.frozen(asked, true)
	for _, ep := range asked {
		for _, f := range e.frozen(group{ep}, false) {
			if !slices.ContainsFunc(found, f.overlaps) {
				found = append(found, f)
			}
		}
	}
	return found
}

// frozen are the freezes of a group taken together: seconds without answers
// behind which answers came that had waited for as long. Without those nobody
// had asked.
func (e *evidence) frozen(g group, every bool) []freeze {
	answers := make([]float64, e.window.Slots)
	for i, s := range e.tally(g, e.window, intended).seconds {
		answers[i] = float64(s.requests - s.failed)
	}
	var found []freeze
	for _, s := range stat.Idle(answers) {
		f := freeze{group: g, every: every, from: e.window.First + s.From, to: e.window.First + s.To}
		f.probed = e.lookedAt(f.from, f.to)
		if e.stoodStill(f.from, f.to) {
			continue
		}
		least := time.Duration(f.to-f.from) * e.window.Slot / 2
		if timeout := e.result.Planned.Timeout; timeout > 0 {
			least = min(least, timeout/2) // nobody waits longer
		}
		for _, ep := range g {
			for _, slot := range ep.Slots {
				if slot.Slot < f.from || slot.Slot > f.last() {
					continue
				}
				f.add(slot, least, e.result.Planned.Timeout)
			}
		}
		if f.waited > 0 {
			found = append(found, f)
		}
	}
	return found
}

// add counts what of a slot waited at least so long.
func (f *freeze) add(slot result.Slot, least, timeout time.Duration) {
	var l hist.Latency
	if slot.Sent().Into(&l) != nil {
		return // which the tally has told
	}
	f.waited += l.Beyond(least)
	if longest, ok := l.Max(); ok && longest > least {
		f.longest = max(f.longest, longest)
	}
	if n := slot.Failed[metric.Timeout]; n > 0 && timeout > least {
		f.waited, f.longest = f.waited+n, max(f.longest, timeout)
	}
}

// span is when it was, since the start of the run.
func (f freeze) span(e *evidence) string {
	slot := e.window.Slot
	begin, end := time.Duration(f.from)*slot, time.Duration(f.to)*slot
	// The answers that it ended with were asked for before its first whole second.
	if f.longest > end-begin {
		begin = max(0, begin-min(slot, f.longest-(end-begin)))
	}
	return sinceStart(begin) + "–" + sinceStart(end)
}

// who waited, and how long: users in a closed load, of whom each waits for one
// answer.
func (f freeze) who(e *evidence) string {
	waited := requests(f.waited)
	if users := e.users(time.Duration(f.from) * e.window.Slot); e.result.Planned.Rate == 0 && f.waited <= int64(users) {
		waited = unit.Counted(int(f.waited), "user")
	}
	return fmt.Sprintf("%s waited up to %s", waited, unit.Of(f.longest))
}

// text is when it was, and who waited.
func (f freeze) text(e *evidence) string { return fmt.Sprintf("frozen %s: %s", f.span(e), f.who(e)) }

// sinceStart is a time of the run as a clock shows it: 0:15.
func sinceStart(at time.Duration) string {
	seconds := int(at.Round(time.Second) / time.Second)
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// worthTelling is the shortest wait of a freeze that has a line of its own: a
// busy machine makes shorter ones.
const worthTelling = 2 * time.Second

// freezes tells of stretches in which nothing was answered. A limit on latency
// that they break fails in its own row.
func freezes(e *evidence) []Check {
	if e.silenced() {
		return nil // which says more
	}
	var checks []Check
	for _, f := range e.freezes {
		if f.longest < worthTelling || f.probed { // the probe has its own line
			continue
		}
		c := Check{Subject: "frozen", Outcome: Warn, Shown: true, Requests: f.waited}
		what := "no endpoint answered"
		if !f.every {
			c.Endpoints = f.group.names()
			what = named(c.Endpoints) + " did not answer"
		}
		length := max(f.longest, time.Duration(f.to-f.from)*e.window.Slot)
		c.Reason = fmt.Sprintf("%s: %s; %s in %s of the measured time", f.span(e), f.who(e), what, share(min(1,
			float64(length)/float64(e.window.Length))))
		c.Remedy = "look for what stopped the service: a lock, a blocked event loop, a garbage collection, a paused " +
			"container, a dependency that hung"
		checks = append(checks, c)
	}
	return checks
}
