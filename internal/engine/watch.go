package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/probe"
	"github.com/loadgate/loadgate/internal/result"
)

// Gauge is watched during a run.
type Gauge struct {
	Index int // in Result.Resources
	Every time.Duration
	Probe probe.Probe
	Hide  func(text string) string // takes secrets out of what went wrong; nil: there are none
}

// How long one reading may take: as long as the gauge's interval, but no shorter and
// no longer than these. The next look waits until a reading has ended, so a probe
// that hangs is not read twice at the same time.
const (
	shortestLook = time.Second
	longestLook  = 10 * time.Second
)

// Look reads the gauge once, at a time since the start of the run. False: it
// was the first look at a counter, which has nothing to compare with.
func (g Gauge) Look(ctx context.Context, start time.Time) (result.GaugeReading, bool, error) {
	limit := min(max(g.Every, shortestLook), longestLook)
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	v, err := g.Probe.Read(within)
	reading := result.GaugeReading{At: began.Sub(start), Took: time.Since(began)}
	if !v.Asked.IsZero() {
		reading.At, reading.Took = v.Asked.Sub(start), v.Took
	}
	if reading.At < 0 { // a page said it just before the run
		reading.At, reading.Took = 0, 0
	}
	switch {
	case errors.Is(err, probe.ErrFirst):
		return reading, false, nil
	case errors.Is(err, probe.ErrIdle):
		return reading, true, nil
	case err != nil && within.Err() != nil && ctx.Err() == nil:
		err = fmt.Errorf("no answer within %s", limit)
	}
	if err != nil {
		reading.Problem = err.Error()
		if g.Hide != nil {
			reading.Problem = g.Hide(reading.Problem)
		}
		reading.Problem = reading.Problem[:min(len(reading.Problem), longestProblem)]
		return reading, true, err
	}
	reading.Value, reading.Grew, reading.Of = &v.Number, v.Grew, v.Of
	return reading, true, nil
}

// longestProblem bounds what is kept of an error, in bytes.
const longestProblem = 300

// mostStatements are kept of a run.
const mostStatements = 20

// countStatements is what the target's database did since the last time.
func (r *run) countStatements(ctx context.Context) []result.Statement {
	if r.Statements == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, longestLook)
	defer cancel()
	done, err := r.Statements(ctx)
	if err != nil {
		return nil // it is a help, and no promise
	}
	for i := range done {
		done[i].Query = r.plan.Config.Mask(done[i].Query)
	}
	return done[:min(len(done), mostStatements)]
}

// watch looks at the gauges of the run.
func (r *run) watch(ctx context.Context) error {
	Watch(ctx, r.Gauges, r.start, r.watched.add)
	return nil
}

// Watch looks at all gauges, each at its own times since start, until ctx ends. A look that
// took too long is not made up for, and one that a page answered from memory is
// the same reading again. add is called from several goroutines.
func Watch(ctx context.Context, gauges []Gauge, start time.Time, add func(result.ResourceSlice)) {
	var all sync.WaitGroup
	for _, g := range gauges {
		all.Go(func() {
			last := time.Duration(-1)
			for due := start; sleepUntil(ctx, due); {
				reading, ok, _ := g.Look(ctx, start) // what went wrong is in the reading
				if ctx.Err() != nil {
					return
				}
				if ok && reading.At != last {
					last = reading.At
					add(result.ResourceSlice{Index: g.Index, Reading: reading})
				}
				for due = due.Add(g.Every); due.Before(time.Now()); {
					due = due.Add(g.Every)
				}
			}
		})
	}
	all.Wait()
}
