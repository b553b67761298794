package coordinator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Machine is the fleet as a machine: each run of it is a round of all workers. It waits until they are ready.
func (c *Coordinator) Machine(w Watch) experiment.Machine {
	return func(ctx context.Context, hooks experiment.Hooks, p *plan.Plan, r *result.Result) error {
		if err := c.begin(p, w, r); err != nil {
			return err
		}
		if err := c.start(ctx); err != nil {
			c.change(func(l *fleet.Lease) { l.State, l.Reason = fleet.Abandoned, "the coordinator gave up" })
			c.mu.Lock()
			defer c.mu.Unlock()
			c.settle()
			return err
		}
		return c.load(ctx, hooks, p, w, r)
	}
}

// load follows a round that has begun to its end, and puts its result into r.
func (c *Coordinator) load(ctx context.Context, hooks experiment.Hooks, p *plan.Plan, w Watch, r *result.Result) error {
	c.mu.Lock()
	start := c.lease.Started
	c.mu.Unlock()
	gauged, stop := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		engine.Watch(gauged, w.Gauges, start, func(s result.ResourceSlice) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.round.running.Watch(s)
		})
	})
	c.follow(ctx, hooks, p, w)
	stop()
	watching.Wait()
	c.speak()
	err := c.sum(p, r)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // it was ended before anything was measured
	}
	c.change(func(l *fleet.Lease) { l.State = fleet.Done })
	return err
}

// messageRest is how many bytes of a message are left for what a round has beside the values of setup.
const messageRest = 64 << 10

// begin makes the round of a plan.
func (c *Coordinator) begin(p *plan.Plan, w Watch, r *result.Result) error {
	text, err := json.Marshal(p.Options())
	if err != nil {
		return fmt.Errorf("send the options of the load: %w", err)
	}
	setup, err := c.encode(w.Setup)
	if err != nil {
		return err
	}
	next, err := c.open(fleet.Round{
		Number: c.round.Number + 1, Host: cmp.Or(w.Host, c.o.Load.Host), Options: text, Digest: p.Digest,
	}, w, r)
	if err != nil {
		return err
	}
	next.setup = setup
	c.mu.Lock()
	c.round = next
	c.mu.Unlock()
	c.change(func(l *fleet.Lease) { *l = fleet.Lease{Round: next.Number} })
	return nil
}

// encode is what setup captured, for the workers; nil: there is no setup. What no message can hold is refused: the
// workers would wait for it in vain.
func (c *Coordinator) encode(v engine.Values) ([]byte, error) {
	if v.All == nil {
		return nil, nil
	}
	text, err := v.Encode()
	if err != nil {
		return nil, err
	}
	if most := (c.conn.Largest() - messageRest) * 3 / 4; int64(len(text)) > most { // sealed, it is base64
		return nil, fmt.Errorf("setup captured %s, and a worker takes at most %s: capture less of the answers",
			unit.Quantity{Value: float64(len(text)), Unit: unit.Bytes},
			unit.Quantity{Value: float64(most), Unit: unit.Bytes})
	}
	return text, nil
}

// open opens a round, and the journals of its workers.
func (c *Coordinator) open(of fleet.Round, w Watch, r *result.Result) (next round, err error) {
	next = round{
		Round:    of,
		running:  result.NewRunning(),
		broken:   make([]error, c.o.Workers),
		journals: make([]io.WriteCloser, c.o.Workers),
		saved:    make([]int, c.o.Workers),
	}
	next.running.Expect(r, c.o.Workers)
	for k := range next.journals {
		if w.Journal == nil {
			continue
		}
		if next.journals[k], err = w.Journal(k + 1); err != nil {
			return next, errors.Join(err, next.close())
		}
	}
	return next, nil
}

// start waits until all workers can begin, and then for the moment at which they do.
func (c *Coordinator) start(ctx context.Context) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	c.arm()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		c.speak()
		if err := c.deserted(); err != nil || c.elapsed() >= 0 {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// deserted says which worker has left since the start was set.
func (c *Coordinator) deserted() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, why := range c.round.broken {
		if why != nil {
			return fmt.Errorf("worker %s left before the start: %w", c.members[i].name, why)
		}
	}
	return nil
}

// ready waits until all workers can begin.
func (c *Coordinator) ready(ctx context.Context) error {
	within := time.NewTimer(c.o.Within)
	defer within.Stop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		c.speak()
		missing, err := c.missing()
		if err != nil || missing == "" {
			return err
		}
		select {
		case <-tick.C:
		case <-within.C:
			return errors.New(missing)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// missing says who cannot begin yet; empty: all can. The error is of a worker that never will.
func (c *Coordinator) missing() (why string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended != nil {
		return "", c.ended
	}
	here, able := 0, 0
	waiting := ""
	for i := range c.members {
		m := &c.members[i]
		silent := m.here() && c.now()-m.heard > gone
		switch {
		case !m.here():
		case silent:
			waiting = m.name + " is silent"
		case m.status.Round != c.round.Number:
			here, waiting = here+1, m.name+" is not ready"
		case m.status.Error != "":
			return "", fmt.Errorf("worker %s cannot begin: %s", m.name, m.status.Error)
		case m.status.Digest != c.round.Digest:
			return "", fmt.Errorf("worker %s makes another load of the same file: it is %s, and this is %s; "+
				"use one version everywhere", m.name, m.join.Version, c.o.Version)
		default:
			here, able = here+1, able+1
		}
	}
	within := unit.Compact(c.o.Within)
	switch {
	case here < c.o.Workers:
		return fmt.Sprintf("%d of %s joined within %s: %s; start the others, or give them longer with "+
			"--wait-workers", here, unit.Counted(c.o.Workers, "worker"), within, c.names()), nil
	case able < c.o.Workers:
		return fmt.Sprintf("%d of %s became ready within %s: %s",
			able, unit.Counted(c.o.Workers, "worker"), within, waiting), nil
	}
	return "", nil
}

// arm sets the start. No worker hears of it before it is saved: whatever loads can then be gone on with.
func (c *Coordinator) arm() {
	start := time.Now().Add(startAhead)
	c.mu.Lock()
	trip := time.Duration(0)
	for i := range c.members {
		trip = max(trip, c.members[i].status.RoundTrip)
	}
	c.round.intake = fleet.NewIntake(c.o.Workers, trip)
	for i := range c.members {
		c.round.intake.Heard(i+1, c.now())
		c.members[i].shown = fleet.Live
	}
	c.round.begun = true
	state := c.state()
	state.StartAt, state.Started = start.Sub(c.began), start
	c.mu.Unlock()
	c.keep(state)
	c.change(func(l *fleet.Lease) { l.State, l.StartAt, l.Started = fleet.Armed, state.StartAt, state.Started })
}

// keep saves what another coordinator would need.
func (c *Coordinator) keep(s State) {
	if c.o.Save == nil {
		return
	}
	if err := c.o.Save(s); err != nil {
		c.mu.Lock()
		c.say("this run cannot be resumed: %v", err)
		c.mu.Unlock()
	}
}

// settle ends the round: no line is taken any more.
func (c *Coordinator) settle() {
	if err := c.round.close(); err != nil && c.unsaved == nil {
		c.unsaved = fmt.Errorf("write the journals of the workers: %w", err)
	}
	c.lease.Taken = nil
	if c.round.intake != nil {
		c.lease.Taken = c.round.taken()
	}
	c.round.intake, c.round.begun = nil, false
	c.round.journals = make([]io.WriteCloser, c.o.Workers)
}

// sum puts the sum of all workers into the plan's empty result, and ends the round.
func (c *Coordinator) sum(p *plan.Plan, r *result.Result) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.settle()
	if err := c.mourn(p, r.Tool); err != nil {
		return err
	}
	sum, err := c.round.running.Result()
	if err != nil {
		return errors.New("no worker has measured anything")
	}
	sum.Origin, sum.Tried, sum.Statements, sum.Setup = r.Origin, r.Tried, r.Statements, r.Setup
	sum.Planned.Looks = r.Planned.Looks
	*r = *sum
	return nil
}

// mourn adds the parts of workers that never said that they had begun, so that the result, and their journals,
// say whose part is missing. Of a run in which nobody began there is none.
func (c *Coordinator) mourn(p *plan.Plan, tool string) error {
	var silent []int
	for i := range c.members {
		if !c.round.running.Begun(i + 1) {
			silent = append(silent, i+1)
		}
	}
	if len(silent) == len(c.members) {
		return nil
	}
	for _, k := range silent {
		o := p.Options()
		o.Shard = plan.Shard{K: k, N: len(c.members)}
		part, err := plan.New(p.Config, o)
		if err != nil {
			return err
		}
		head := part.Result(tool, c.lease.Started)
		head.Shards[0].Worker = c.members[k-1].name
		if err := c.round.running.Begin(head); err != nil {
			return err
		}
		if out := c.round.journals[k-1]; out != nil {
			result.NewJournal(out, head)
		}
	}
	return nil
}

// names are the workers that are here, for people: some of many.
func (c *Coordinator) names() string {
	var names []string
	for i := range c.members {
		if c.members[i].here() {
			names = append(names, c.members[i].name)
		}
	}
	if names == nil {
		return "none"
	}
	if more := len(names) - mostShown; more > 0 {
		names = append(names[:mostShown], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
