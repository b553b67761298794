package engine

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// job is one request of a parallel block, written out before any of them is sent.
type job struct {
	step    *step
	req     client.Request
	env     *expr.Env // what its answer is judged with, and captured into
	tracer  plan.Tracer
	private []string

	failure metric.Failure // it cannot be written out, or failed
	detail  string
	first   time.Time   // when it was first sent
	last    time.Time   // the end of its last attempt
	done    transaction // of its attempts alone
}

// block is a parallel block under way.
type block struct {
	user *virtualUser
	mu   sync.Mutex // guards which rows the user knows as not sent
	jobs []job
	next atomic.Int64 // job that nobody has taken
}

// together sends the requests of a parallel block at the same time, over as many connections as a browser has: the
// first of them when they are due, each further one when a connection is free. It returns the last turn of the block;
// false: all was left out.
func together(w *virtualUser, walking, flying context.Context, turn plan.Turn, intended time.Time) (plan.Turn, bool) {
	b := block{user: w}
	origin := w.env.Origin()
	for b.write(turn.Step, origin); turn.Joins; b.write(turn.Step, origin) {
		turn = w.way.Next()
	}
	w.req = client.Request{}
	w.x.Unsent(time.Now())
	if len(b.jobs) == 0 {
		return turn, false
	}
	doers := doersOf(w, len(b.jobs))
	waits := make([]time.Duration, len(doers))
	var all errgroup.Group
	for i, doer := range doers {
		all.Go(func() error {
			waits[i] = b.work(walking, flying, doer, intended)
			return nil
		})
	}
	_ = all.Wait() // none returns one
	for i := range b.jobs {
		b.jobs[i].keep(w)
	}
	lag := b.over(intended)
	w.transaction.addBlock(b.jobs, slices.Max(waits), lag, w.x.Done.Sub(w.x.Sent)+lag)
	return turn, true
}

// write writes out the requests of a step.
func (b *block) write(s *plan.Step, origin *expr.Origin) {
	w := b.user
	ready := w.load.steps[s]
	w.forEach(s, func() bool {
		wanted, err := w.build(ready)
		if !wanted {
			return true
		}
		j := job{step: ready, req: w.req, env: origin.Fork(), private: slices.Clip(w.private)}
		if err != nil {
			j.failure, j.detail = metric.Expression, err.Error()
		}
		if !ready.bodyOnce {
			j.req.Body = bytes.Clone(w.req.Body) // the next one is written over it
		}
		if ready.traced {
			j.tracer = w.tracer.Split()
		}
		b.jobs = append(b.jobs, j)
		return true
	})
}

// doersOf are those of the user's connections that so many requests need.
func doersOf(w *virtualUser, requests int) []Doer {
	all := []Doer{w.doer}
	for len(all) < min(requests, client.MostBeside) {
		switch more := w.doer.(type) {
		case *client.Session:
			all = append(all, more.Beside(len(all)))
		case interface{ Beside(nth int) Doer }:
			all = append(all, more.Beside(len(all)))
		default:
			return all
		}
	}
	return all
}

// work sends one job after the other over a connection, as long as there are any, and returns how long it waited for
// first bytes.
func (b *block) work(walking, flying context.Context, doer Doer, due time.Time) (waited time.Duration) {
	w := b.user
	aide, ok := w.load.aides.Get().(*virtualUser)
	if !ok {
		aide = new(virtualUser)
		aide.header = aide.x.Header
	}
	aide.User, aide.load, aide.doer, aide.lane, aide.block = w.User, w.load, doer, w.lane, b
	aide.tick, aide.until = w.tick, w.until
	for {
		n := int(b.next.Add(1)) - 1
		if n >= len(b.jobs) {
			break
		}
		j := &b.jobs[n]
		j.send(aide, walking, flying, due)
		waited += j.done.sum.Phases.FirstByte
		due = aide.x.Done
	}
	*aide = virtualUser{x: aide.x, header: aide.header, timer: aide.timer}
	w.load.aides.Put(aide)
	return waited
}

// send sends one job, again where its step says so.
func (j *job) send(w *virtualUser, walking, flying context.Context, due time.Time) {
	w.env, w.req, w.tracer, w.private = j.env, j.req, j.tracer, j.private
	w.transaction, w.pending = transaction{}, false
	if j.failure == metric.OK {
		j.failure, j.detail = w.send(flying, j.step)
	} else {
		w.x.Unsent(time.Now())
	}
	j.first = w.x.Sent
	j.failure = j.step.settle(w, walking, flying, due, j.failure, j.detail)
	j.last, j.done, j.private = w.x.Done, w.transaction, w.private
	w.x.LetGo()
}

// keep takes over what a job captured, as if the step had been sent alone.
func (j *job) keep(w *virtualUser) {
	for _, name := range j.private {
		if !slices.Contains(w.private, name) {
			w.private = append(w.private, name)
		}
	}
	if !j.done.due || j.done.cut { // it was cut off
		return
	}
	if j.failure != metric.OK {
		w.forget(j.step)
		return
	}
	for _, c := range j.step.Capture {
		if value, ok := j.env.Get(c.Name); ok {
			w.env.Set(c.Name, value)
		}
	}
}

// over notes when the block began and ended, and returns how long after it was due that began.
func (b *block) over(intended time.Time) (lag time.Duration) {
	w := b.user
	w.x.Sent = b.jobs[0].first
	for i := range b.jobs {
		if first := b.jobs[i].first; first.Before(w.x.Sent) {
			w.x.Sent = first
		}
		w.x.Done = later(w.x.Done, b.jobs[i].last)
	}
	if lag = w.x.Sent.Sub(intended); lag <= w.tick {
		return 0
	}
	return lag
}

// addBlock takes in the requests of a parallel block. Their times lie beside each other: it takes as long as from the
// first request to the last answer, and it waited for first bytes as long as the connection that waited longest. It
// fails with the first step of the file that failed.
func (j *transaction) addBlock(jobs []job, waited, lag, latency time.Duration) {
	sum := &j.sum
	for i := range jobs {
		one := &jobs[i].done
		j.due, j.cut = j.due || one.due, j.cut || one.cut
		sum.Ended = max(sum.Ended, one.sum.Ended)
		sum.Received += one.sum.Received
		sum.Sent += one.sum.Sent
		if failed := &one.sum; sum.Failure == metric.OK && failed.Failure != metric.OK {
			sum.Failure, sum.Status, sum.Body, sum.Detail = failed.Failure, failed.Status, failed.Body, failed.Detail
			sum.Cause, sum.Location = failed.Cause, failed.Location
		}
	}
	sum.Latency += latency
	sum.Lag += lag
	sum.Phases.FirstByte += waited
	j.new = false
}
