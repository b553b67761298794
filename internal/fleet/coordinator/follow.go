package coordinator

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

const (
	// stopAhead is how many seconds beyond the farthest worker a stop is set, so that all can hear of it.
	stopAhead = 2
	// sumEvery is how often, in seconds, the sum up to a second is made to be shown: it costs more the
	// longer the run.
	sumEvery = 10
	// linger is how long a worker that is alive may take to deliver the rest of its journal.
	linger = 2 * time.Minute
	// interruptedWithin is the same after an interruption: the process has little more time itself.
	interruptedWithin = 4 * time.Second
	// standstill is how long this process is not scheduled where it was stopped, or its machine was.
	standstill = time.Second
	// goneAfter is how long a worker may be silent in the middle of a run. By then its lease is over, too.
	goneAfter = time.Minute
)

// Watch is what a coordinator does beside the load: it keeps the workers' journals, reads gauges, and shows the sum
// of each second. The zero value does nothing.
type Watch struct {
	Host string // instead of that of the load; empty: that
	// Journal opens the file for the journal of worker k; nil: none is kept.
	Journal func(k int) (io.WriteCloser, error)
	Gauges  []engine.Gauge
	Setup   engine.Values // that the workers' users read
	// Second is called with each second that all workers have told, and with the run up to it.
	Second func(s *result.Slice, r *result.Result)
}

// follow waits until all journals are whole or their workers lost. It stops all workers when a look has
// decided, or when ctx ends.
func (c *Coordinator) follow(ctx context.Context, hooks experiment.Hooks, p *plan.Plan, w Watch) {
	f := follower{c: c, hooks: hooks, plan: p, watch: w, until: p.Duration + p.Drain() + linger}
	f.told = int(f.settled() / result.SlotLength) // of a resumed run; the coordinator before has shown them
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	interrupted := ctx.Done()
	for f.awake(); !f.over(); f.awake() {
		select {
		case <-tick.C:
			f.step()
		case <-interrupted:
			interrupted = nil
			f.until = min(f.until, c.elapsed()+interruptedWithin)
			c.change(func(l *fleet.Lease) { l.State, l.Reason = fleet.Abandoned, "the run was interrupted" })
		}
	}
	f.step()
}

// follower is one round as it goes on.
type follower struct {
	c      *Coordinator
	hooks  experiment.Hooks
	plan   *plan.Plan
	watch  Watch
	until  time.Duration // since the start; nobody is waited for longer
	looked int           // how many looks are behind
	told   int           // seconds that were passed on
	sum    *result.Result
	before map[int]result.Shard // what each worker had come to when it was shown last
	awoke  time.Duration        // when this process was awake last
}

// awake notices that this process stood still. What the workers said meanwhile is still to be read, so they were not
// silent.
func (f *follower) awake() {
	c := f.c
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	before := f.awoke
	f.awoke = now
	if before == 0 || now-before < standstill {
		return
	}
	for k := 1; k <= c.o.Workers; k++ {
		if p := c.round.intake.Presence(k, before); p > fleet.Lost && p < fleet.Ended {
			c.round.intake.Heard(k, now)
		}
	}
}

// over says whether nothing more will come. Before the planned end a worker that is lost may still come back.
func (f *follower) over() bool {
	elapsed := f.c.elapsed()
	if elapsed > f.until {
		return true
	}
	c := f.c
	c.mu.Lock()
	defer c.mu.Unlock()
	for k := 1; k <= len(c.members); k++ {
		switch presence := c.round.intake.Presence(k, c.now()); {
		case presence == fleet.Ended || c.round.broken[k-1] != nil:
		case presence > fleet.Lost, elapsed < f.plan.Duration && c.round.intake.Silence(k, c.now()) < goneAfter:
			return false
		}
	}
	return true
}

// step does what is due: it asks for lines that are missing, shows who is silent, passes seconds on, and looks.
func (f *follower) step() {
	f.ask()
	f.show()
	f.c.speak()
	settled := f.settled()
	f.pass(settled)
	f.look(settled)
}

// ask asks workers for lines that are missing.
func (f *follower) ask() {
	c := f.c
	for k := 1; k <= c.o.Workers; k++ {
		c.mu.Lock()
		from, ask := c.round.intake.Missing(k, c.now())
		ask = ask && c.round.broken[k-1] == nil
		number := c.round.Number
		c.mu.Unlock()
		if ask {
			_ = c.conn.Publish(fleet.ResendSubject(c.run, k), fleet.Resend{Round: number, From: from})
		}
	}
}

// show says which workers have become silent, and which are back.
func (f *follower) show() {
	c := f.c
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.members {
		m := &c.members[i]
		now := c.round.intake.Presence(i+1, c.now())
		// A worker of a run that goes on gets its time, and may not have said anything yet.
		awaited := now == fleet.Live && m.status.K == 0
		if now == m.shown || awaited || c.round.broken[i] != nil {
			continue
		}
		at := unit.Clock(c.round.running.Elapsed(i + 1))
		switch {
		case now == fleet.Suspect:
			c.say("worker %s has been silent since %s", m.name, at)
		case now == fleet.Lost:
			c.say("worker %s is lost; what it measured up to %s counts", m.name, at)
		case now == fleet.Live && m.shown != fleet.Live:
			c.say("worker %s is back", m.name)
		}
		m.shown = now
	}
}

// settled is up to when all workers that are not lost have told everything.
func (f *follower) settled() time.Duration {
	c := f.c
	c.mu.Lock()
	defer c.mu.Unlock()
	settled := c.round.seen
	for k := 1; k <= c.o.Workers; k++ {
		if c.presence(k) > fleet.Lost {
			settled = min(settled, c.round.running.Elapsed(k))
		}
	}
	return settled
}

// pass passes the seconds on that are settled and were not passed before.
func (f *follower) pass(settled time.Duration) {
	if f.watch.Second == nil {
		return
	}
	for ; time.Duration(f.told+1)*result.SlotLength <= settled; f.told++ {
		f.c.mu.Lock()
		s, ok := f.c.round.running.Second(f.told)
		if end := time.Duration(f.told+1) * result.SlotLength; f.sum == nil || (f.told+1)%sumEvery == 0 {
			if sum, err := f.c.round.running.Until(end); err == nil {
				f.sum = sum
			}
		} else {
			f.sum.Elapsed = end
		}
		f.c.mu.Unlock()
		if ok && f.sum != nil {
			f.watch.Second(s, f.sum)
		}
		if (f.told+1)%sumEvery == 0 {
			f.each()
		}
	}
}

// mostShown is how many workers have a line of their own, every few seconds.
const mostShown = 10

// each says what each worker does, the one that sends the latest first.
func (f *follower) each() {
	c := f.c
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []result.Shard
	for k := 1; k <= c.o.Workers; k++ {
		if s, ok := c.round.running.Shard(k); ok && c.presence(k) > fleet.Lost {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b result.Shard) int { return cmp.Compare(b.Lag, a.Lag) })
	for _, s := range all[:min(len(all), mostShown)] {
		before := f.before[s.K]
		rate := unit.Quantity{Unit: f.plan.Config.Rates(f.plan.Profile)}
		if d := s.Elapsed - before.Elapsed; d > 0 {
			rate.Value = float64(s.Requests-before.Requests) / d.Seconds()
		}
		c.say("  %s: %s, %s, %s failed, p99 lag %s", c.members[s.K-1].name, unit.Counted(s.Users, "user"),
			unit.Amount(rate), unit.Grouped(s.Failed-before.Failed), unit.Of(s.Lag))
	}
	if more := len(all) - mostShown; more > 0 {
		c.say("  %s more, none sends later", unit.Counted(more, "worker"))
	}
	f.before = map[int]result.Shard{}
	for _, s := range all {
		f.before[s.K] = s
	}
}

// look asks whether the run has said enough, when it is time and everything up to then is there.
func (f *follower) look(settled time.Duration) {
	if f.looked == len(f.hooks.Looks) || settled < f.hooks.Looks[f.looked] {
		return
	}
	at := f.hooks.Looks[f.looked]
	f.looked++
	f.c.mu.Lock()
	sum, err := f.c.round.running.Until(at)
	stopAt := int(f.c.round.seen/result.SlotLength) + stopAhead
	f.c.mu.Unlock()
	if err != nil || !f.hooks.Look(sum) {
		return
	}
	f.looked = len(f.hooks.Looks)
	f.c.change(func(l *fleet.Lease) { l.State, l.StopAt, l.Reason = fleet.Stopping, stopAt, "a look has decided" })
}
