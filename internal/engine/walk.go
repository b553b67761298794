package engine

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// walk sends the start steps, then follows the user's way until its active period or
// walking ends, and sends the end steps. A request in flight goes on until flying ends.
func (w *virtualUser) walk(walking, flying context.Context, period plan.ActivePeriod) {
	intended := later(w.load.start.Add(period.From), w.ended)
	if !sleepOn(walking, w.timer, intended) {
		return
	}
	w.load.active.Add(1)
	defer w.load.active.Add(-1)
	w.until = period.Until
	intended = w.begin(walking, flying, intended)
	left := walking.Err() == nil && w.rounds(walking, flying, intended)
	w.end(flying)
	if left {
		w.close() // who comes back connects anew
	}
}

// rounds follows the user's way until it leaves, or until walking ends: false.
func (w *virtualUser) rounds(walking, flying context.Context, intended time.Time) (left bool) {
	for {
		intended = w.next(walking, flying, intended)
		if w.Rounds > 0 && w.way.RoundOver() && w.round+1 >= w.Rounds && walking.Err() == nil {
			return true
		}
		if intended.Sub(w.load.start) >= w.until {
			sleepOn(walking, w.timer, w.load.start.Add(w.until))
			return true
		}
		if !sleepOn(walking, w.timer, intended) {
			return false
		}
	}
}

// end sends the end steps, each whatever became of the others. They are due also after walking ended: only flying
// cuts them off.
func (w *virtualUser) end(flying context.Context) {
	w.until = math.MaxInt64
	w.breakOff()
	for i := range w.Group.End {
		if flying.Err() != nil {
			return
		}
		w.turn(flying, flying, plan.Turn{Step: &w.Group.End[i]}, time.Now())
		w.ended = time.Now()
	}
}

// begin sends the start steps and returns when the request after them is due. In
// an open load it sends all of them even after walking ended: their arrival was
// due before.
func (w *virtualUser) begin(walking, flying context.Context, intended time.Time) time.Time {
	for i := range w.Group.Start {
		if !w.load.plan.Open && walking.Err() != nil {
			break
		}
		w.turn(walking, flying, plan.Turn{Step: &w.Group.Start[i]}, intended)
		intended = w.x.Done
	}
	return intended
}

// patience is how many steps in a row a user may leave out without a pause: a
// scenario whose conditions are never true must not spin.
const patience = 100

// next sends the next step of the way whose condition holds, and returns when the
// one after it is due.
func (w *virtualUser) next(walking, flying context.Context, intended time.Time) (due time.Time) {
	for skipped := 0; ; skipped++ {
		turn := w.way.Next()
		if turn.Round != w.round {
			w.round = turn.Round
			w.rows(w.round)
		}
		if turn.Opens && !w.enter(turn.Step) {
			turn = w.way.Leave(turn)
			if w.x.Unsent(time.Now()); skipped == patience {
				return w.due(turn, intended)
			}
			continue
		}
		from, sent := intended, false
		if turn.Step.Parallel > 0 {
			turn, sent = together(w, walking, flying, turn, intended)
		} else {
			from, sent = w.turn(walking, flying, turn, intended)
		}
		if turn.Closes {
			// Its last step may be left out, and a user that thinks does so after it all the same.
			sent = sent || w.transaction.due && !w.load.plan.Open
			w.closeTransaction(turn.Step, flying.Err() == nil)
			if len(w.loop.left) > 0 {
				w.way.Repeat()
			} else if w.loop.on {
				w.leaveLoop()
			}
		}
		if w.endRound != nil && w.way.RoundOver() {
			w.endRound()
		}
		if sent || skipped == patience {
			return w.due(turn, from)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// closeTransaction records the transaction, unless all of it was left out or the end of the load cut it off, and ends
// it.
func (w *virtualUser) closeTransaction(s *plan.Step, whole bool) {
	if w.transaction.due && whole && !w.transaction.cut {
		sum := &w.transaction.sum
		sum.Endpoint, sum.Transaction = len(w.load.plan.Endpoints)+s.Transaction, true
		sum.Held = !sum.Failure.Sent() && w.holds(sum.Endpoint)
		w.lane.Record(*sum)
	}
	w.transaction = transaction{}
}

// cutOff notes that the end of the load, or of the user's active period, came before a step was done.
func (w *virtualUser) cutOff(s *plan.Step, undone bool) {
	if s.Transaction >= 0 && undone {
		w.transaction.cut = true
	}
}

// keptBody is the largest body, in bytes, whose memory a user keeps through its
// think time: thousands of users with an upload each must not hold thousands of
// uploads.
const keptBody = 64 << 10

// step sends one step, again where its retry or until says so, and records each attempt;
// false when its condition left the step out. An attempt that flying cut off is
// not recorded. No repeat begins after walking ended or when the user has to leave.
//
// Note: if calls returned samples to each other, each call would have one on the
// stack, and the stack of every waiting user would be twice as large.
func (w *virtualUser) step(walking, flying context.Context, s *plan.Step, intended time.Time) bool {
	ready := w.load.steps[s]
	listen(walking, w, ready)
	wanted, failure, detail := w.attempt(flying, ready)
	if wanted {
		ready.settle(w, walking, flying, intended, failure, detail)
	}
	w.env.ClearResponse() // neither an answer nor what it was parsed into is kept through a think time
	w.x.LetGo()
	if cap(w.body) > keptBody {
		w.body, w.req.Body = nil, nil
	}
	return wanted
}

// settle records the attempt in w.x, sends the step again where its retry or until says so, and returns how the last
// attempt failed.
func (ready *step) settle(w *virtualUser, walking, flying context.Context, intended time.Time,
	failure metric.Failure, detail string) metric.Failure {
	s := ready.Step
	first := w.x.Sent
	for repeats := 0; flying.Err() == nil; repeats++ {
		due, again := w.again(s, failure, repeats, first)
		if w.pending && !again {
			failure, detail = w.unfinished(ready, s.Poll.Within)
		}
		w.record(ready, intended, failure, detail, repeats > 0)
		if !again {
			break
		}
		intended = due
		w.env.ClearResponse()
		w.x.LetGo()
		if !w.pause(walking, intended) {
			w.cutOff(s, w.pending)
			break
		}
		if s.Transaction >= 0 {
			w.transaction.repeat(s.Poll)
		}
		failure, detail = w.send(flying, ready)
	}
	return failure
}

// mayPass says whether a request that failed so may succeed when it is sent
// again: what the service, or the way to it, did not manage, and not what it
// refuses.
func mayPass(failure metric.Failure, status int) bool {
	switch failure {
	case metric.Timeout, metric.DNS, metric.Refused, metric.Reset, metric.TLS, metric.Expectation:
		return true
	case metric.Status:
		return status >= 500 || status == http.StatusTooManyRequests
	}
	return false
}

// pause waits until a moment; false when ctx ends before it, or the user is to
// leave by then.
func (w *virtualUser) pause(ctx context.Context, moment time.Time) bool {
	if moment.Sub(w.load.start) >= w.until {
		return false
	}
	if w.timer == nil { // of an open load, which has no think times
		w.timer = time.NewTimer(time.Hour)
		w.timer.Stop()
	}
	return sleepOn(ctx, w.timer, moment)
}

// attempt makes one request of a step: builds and sends it. False when the
// step's condition leaves it out. Request and answer stay in w.req and w.x.
func (w *virtualUser) attempt(ctx context.Context, s *step) (wanted bool, failure metric.Failure, detail string) {
	w.env.ClearResponse()
	w.pending = false
	wanted, err := w.build(s)
	switch {
	case err != nil:
		w.x.Unsent(time.Now())
		w.forget(s)
		return true, metric.Expression, err.Error()
	case !wanted:
		w.x.Unsent(time.Now())
		return false, metric.OK, ""
	}
	failure, detail = w.send(ctx, s)
	return true, failure, detail
}

// send sends the request in w.req, judges the answer and captures. A retry sends
// the same request: nothing in it is drawn again but the id of its trace, since each
// attempt is measured.
func (w *virtualUser) send(ctx context.Context, s *step) (failure metric.Failure, detail string) {
	w.env.ClearResponse()
	w.pending = false
	if s.traced {
		w.req.Trace = w.tracer.Next()
	}
	if s.Talk != nil {
		return converse(ctx, w.stream)
	}
	if s.Stream != nil {
		w.stream.begin()
	}
	w.doer.Do(ctx, &w.req, &w.x)
	if s.Stream != nil {
		w.stream.end()
	}
	failure, detail = w.judge(s)
	if failure == metric.OK && s.Poll.Until != nil {
		failure, detail = w.poll(s)
	}
	if failure == metric.OK && !w.pending && !(s.Stream != nil && w.stream.unfinished()) {
		failure, detail = w.capture(s, s.Capture)
	}
	if failure != metric.OK {
		w.forget(s)
	}
	return failure, detail
}
