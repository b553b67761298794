package metrics

import (
	"bytes"
	"context"
	"io"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/telemetry"
	"github.com/loadgate/loadgate/internal/telemetry/push"
	"github.com/loadgate/loadgate/internal/verdict"
)

const (
	// every is how often metrics are pushed.
	every = 5 * time.Second
	// pending is how many seconds may wait to be counted; a push takes two at most. Some room is left for what begins
	// and ends runs, which is never left out.
	pending, reserved = 256, 16
	// interruptedWithin is how long Close takes after a signal.
	interruptedWithin = 500 * time.Millisecond
)

// state belongs to the goroutine that works through the queue.
type state struct {
	over   bool // the last push of the run was made, or it has none
	paused bool // the load is over, and its verdict is not known yet
}

// begin starts the goroutine that counts, judges and pushes.
func (x *Export) begin() {
	x.queue = make(chan func(context.Context), pending+reserved)
	x.state.over = true
	var ctx context.Context
	ctx, x.cancel = context.WithCancel(context.Background())
	queue := x.queue
	x.group.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case work, more := <-queue:
				if !more {
					x.finish(ctx)
					return
				}
				work(ctx)
			case <-tick.C:
				if !x.over && !x.paused {
					x.push(ctx)
				}
			}
		}
	})
}

// end waits for the goroutine.
func (x *Export) end(ctx context.Context) {
	close(x.queue)
	within := 2 * push.Within // one that is under way, and the last one
	if ctx.Err() != nil {
		within = interruptedWithin
	}
	timer := time.AfterFunc(within, x.cancel)
	x.group.Wait()
	timer.Stop()
	x.cancel()
}

// Begin announces a run of p.
func (x *Export) Begin(p *plan.Plan, r *result.Result) {
	if !x.On() {
		return
	}
	begun := r.Snapshot()
	x.queue <- func(ctx context.Context) {
		x.finish(ctx) // the run before
		var extra []telemetry.Attribute
		for _, pair := range x.settings.Resource {
			extra = append(extra, telemetry.Attribute{Key: pair.Key, Value: pair.Value})
		}
		x.mu.Lock()
		x.run = telemetry.New(p, begun, extra)
		x.mu.Unlock()
		x.state = state{}
		x.push(ctx)
	}
}

// Second takes in one second of the run.
func (x *Export) Second(s *result.Slice, r *result.Result, judged *experiment.SoFar) {
	switch {
	case !x.On():
		return
	case len(x.queue) >= pending:
		x.uncounted++
		return
	}
	failures := &result.Result{}
	for _, e := range r.Endpoints {
		failures.Endpoints = append(failures.Endpoints, result.Endpoint{Failures: slices.Clone(e.Failures)})
	}
	x.queue <- func(context.Context) { x.second(s, failures, judged) }
}

func (x *Export) second(s *result.Slice, failures *result.Result, judged *experiment.SoFar) {
	x.mu.Lock()
	err := x.run.Second(s)
	x.run.Failures(failures)
	x.mu.Unlock()
	if err != nil {
		x.damaged++
	}
	if judged != nil {
		v := judged.Verdict()
		x.mu.Lock()
		x.run.Judged(v)
		x.mu.Unlock()
	}
}

// End says that no second of the run follows.
func (x *Export) End(error) {
	if x.On() {
		x.queue <- func(context.Context) { x.paused = true }
	}
}

// Over gives the whole of the last run and the verdict on it, which must not be changed any more.
func (x *Export) Over(r *result.Result, v verdict.Verdict) {
	if !x.On() {
		return
	}
	x.queue <- func(ctx context.Context) {
		if x.run == nil {
			return
		}
		x.mu.Lock()
		if x.run.Whole(r) != nil {
			x.damaged++
		}
		x.run.Over(v)
		x.mu.Unlock()
		x.finish(ctx)
	}
}

// finish makes the last push of a run.
func (x *Export) finish(ctx context.Context) {
	if !x.over {
		x.over = true
		x.push(ctx)
	}
}

// push pushes the run so far, and notes what became of that.
func (x *Export) push(ctx context.Context) {
	if x.client == nil {
		return
	}
	temporality := telemetry.Cumulative
	if x.settings.Delta {
		temporality = telemetry.Delta
	}
	x.mu.Lock()
	message, err := x.run.Message(x.env.Now(), temporality)
	x.mu.Unlock()
	x.pushes++
	if err == nil {
		var rejected int64
		rejected, err = x.client.Push(ctx, message)
		x.rejected += rejected
	}
	if err != nil {
		x.dropped++
		x.last = err
	}
}

// page writes the run so far; nothing before there is one.
func (x *Export) page(accept string, begin func(string) io.Writer) error {
	var page bytes.Buffer
	kind := "text/plain; charset=utf-8"
	if err := x.render(accept, &page, &kind); err != nil {
		return err
	}
	_, err := begin(kind).Write(page.Bytes())
	return err
}

func (x *Export) render(accept string, page *bytes.Buffer, kind *string) error {
	x.mu.Lock() // a reader that is slow must not hold it
	defer x.mu.Unlock()
	if x.run == nil {
		return nil
	}
	return x.run.Page(accept, func(contentType string) io.Writer {
		*kind = contentType
		return page
	})
}
