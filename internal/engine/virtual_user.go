package engine

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// tick is the time within which a think time may end: a request sent no later
// than this after its intended start counts as sent on time, and its latency
// runs from the send. Timers wake up to a millisecond late, which is the
// runtime's doing and not the target's. Never longer: users would march in step,
// and the target's latency would show it.
const tick = 2 * time.Millisecond

// virtualUser is one virtual user on its way: its own connection, values and
// source of chance. It is used by one goroutine.
type virtualUser struct {
	plan.User
	run  *run
	doer Doer
	lane *measure.Lane
	env  *expr.Env

	way         *plan.Walk
	transaction transaction              // the transaction that it is in
	round       int                      // of the way
	header      func(name string) string // of the answer in x
	timer       *time.Timer              // of its think times; nil in an open load
	tick        time.Duration            // lag that counts as none
	req         client.Request
	x           client.Exchange
	path        []byte
	body        []byte
	chance      *rand.Rand
	private     []string      // names that secret steps captured; their values are not shown
	unset       error         // a var that could not be set; no step is sent then
	held        []int         // rows of which a request was not sent
	until       time.Duration // when it leaves, since the start of the run
}

func newVirtualUser(r *run, u plan.User) *virtualUser {
	w := &virtualUser{
		User: u, run: r, doer: r.Dial(u.Index), lane: r.recorder.Lane(u.Place), way: u.Walk(), chance: u.Chance(),
		until: math.MaxInt64,
	}
	w.header = w.x.Header
	if !r.plan.Open {
		w.tick = tick
		w.timer = time.NewTimer(time.Hour)
		w.timer.Stop()
	}
	w.env = expr.NewEnv(w.chance, time.Now, u.Seq(), r.plan.Users)
	if holder, ok := w.doer.(interface{ Cookie(name string) string }); ok {
		w.env.SetCookies(holder.Cookie)
	}
	w.rows(0)
	for _, v := range u.Group.Vars {
		value, err := v.Value.Eval(w.env)
		if err != nil {
			w.unset = fmt.Errorf("vars.%s: %w", v.Name, err)
			break
		}
		w.env.Set(v.Name, value)
	}
	return w
}

// rows sets the rows of the data tables for a round: the unique ones at the
// first only.
func (w *virtualUser) rows(round int) {
	for _, d := range w.run.plan.Config.Data {
		at := w.Index
		switch d.Pick {
		case config.PickUnique:
			if round > 0 {
				continue
			}
		case config.PickNext:
			// Users take turns without asking each other: user + round × users.
			at = (w.Index + round*w.run.plan.Users) % len(d.Rows)
		case config.PickRandom:
			at = w.chance.IntN(len(d.Rows))
		}
		w.env.Set(d.Name, d.Rows[at])
	}
}

func (w *virtualUser) close() { w.doer.Close() }

// walk sends the start steps, then follows the user's way until its active period or
// walking ends. A request in flight goes on until flying ends.
func (w *virtualUser) walk(walking, flying context.Context, period plan.ActivePeriod) {
	intended := w.run.start.Add(period.From)
	if !sleepOn(walking, w.timer, intended) {
		return
	}
	w.run.active.Add(1)
	defer w.run.active.Add(-1)
	w.until = period.Until
	if intended = w.begin(walking, flying, intended); walking.Err() != nil {
		return
	}
	for {
		wait := w.next(walking, flying, intended)
		intended = w.x.Done.Add(wait)
		if intended.Sub(w.run.start) >= period.Until {
			sleepOn(walking, w.timer, w.run.start.Add(period.Until))
			w.close() // who comes back connects anew
			return
		}
		if !sleepOn(walking, w.timer, intended) {
			return
		}
	}
}

// begin sends the start steps and returns when what comes after them is to be
// sent. In an open load the end of walking leaves none of them out: the arrival
// behind them was due before.
func (w *virtualUser) begin(walking, flying context.Context, intended time.Time) time.Time {
	for i := range w.Group.Start {
		if !w.run.plan.Open && walking.Err() != nil {
			break
		}
		w.step(walking, flying, &w.Group.Start[i], intended)
		intended = w.x.Done
	}
	return intended
}

// next sends the next step of the way whose condition holds, and returns the
// think time after it.
func (w *virtualUser) next(walking, flying context.Context, intended time.Time) (wait time.Duration) {
	for skipped := 0; ; skipped++ {
		turn := w.way.Next()
		if turn.Round != w.round {
			w.round = turn.Round
			w.rows(w.round)
		}
		sent := w.step(walking, flying, turn.Step, intended)
		if turn.Closes && flying.Err() == nil {
			w.closeTransaction(turn.Step)
		}
		if sent || skipped == patience {
			return turn.Wait
		}
	}
}

// patience is how many steps in a row a user may leave out without a pause: a
// scenario whose conditions are never true must not spin.
const patience = 100

// keptBody is the largest body, in bytes, whose memory a user keeps through its
// think time: thousands of users with an upload each must not hold thousands of
// uploads.
const keptBody = 64 << 10

// step sends one step, again where it failed in a way that may pass, and records
// how each attempt went; false when its condition left it out. What flying ended
// before it could end is not recorded, and no further attempt begins after
// walking ended or when the user is to leave.
//
// Note: a sample that were handed up from call to call would stand on the stack
// of a waiting user several times over, and cost each user a stack of twice
// the size.
func (w *virtualUser) step(walking, flying context.Context, s *plan.Step, intended time.Time) bool {
	ready := w.run.steps[s]
	wanted, failure, detail := w.attempt(flying, ready)
	for repeats := 0; wanted && flying.Err() == nil; repeats++ {
		w.record(ready, intended, failure, detail, repeats > 0)
		if repeats == s.Retry.Times || !mayPass(failure, w.x.Status) {
			break
		}
		intended = w.x.Done.Add(s.Retry.Wait)
		w.env.ClearResponse()
		w.x.LetGo()
		if !w.pause(walking, intended) {
			break
		}
		w.transaction.forgive()
		failure, detail = w.send(flying, ready)
	}
	w.env.ClearResponse() // neither an answer nor what it was parsed into is kept through a think time
	w.x.LetGo()
	if cap(w.body) > keptBody {
		w.body, w.req.Body = nil, nil
	}
	return wanted
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
	if moment.Sub(w.run.start) >= w.until {
		return false
	}
	if w.timer == nil { // of an open load, which has no think times
		w.timer = time.NewTimer(time.Hour)
		w.timer.Stop()
	}
	return sleepOn(ctx, w.timer, moment)
}

// record counts the exchange in w.x; repeat: of a request that failed.
func (w *virtualUser) record(s *step, intended time.Time, failure metric.Failure, detail string, repeat bool) {
	sample := w.sample(s, intended, failure, detail)
	sample.Repeat = repeat
	sample.Endpoint = s.Endpoint
	sample.Ended = w.x.Done.Sub(w.run.start)
	sample.Timing = w.x.ServerTiming()
	sample.Held = !failure.Sent() && w.holds(s.Endpoint)
	w.lane.Record(sample)
	if s.Transaction >= 0 {
		w.transaction.add(s.Step, sample)
	}
}

// attempt makes one request of a step: builds and sends it. False when the
// step's condition leaves it out. Request and answer stay in w.req and w.x.
func (w *virtualUser) attempt(ctx context.Context, s *step) (wanted bool, failure metric.Failure, detail string) {
	w.env.ClearResponse()
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

// send sends the request in w.req, judges the answer and captures. A repeat of a
// request is the same request: nothing of it is drawn anew.
func (w *virtualUser) send(ctx context.Context, s *step) (failure metric.Failure, detail string) {
	w.env.ClearResponse()
	w.doer.Do(ctx, &w.req, &w.x)
	if failure, detail = w.judge(s); failure == metric.OK {
		failure, detail = w.capture(s)
	}
	if failure != metric.OK {
		w.forget(s)
	}
	return failure, detail
}

// longestDetail bounds what is kept of a failure's cause, in bytes.
const longestDetail = 1000

// sample is what is counted of the exchange in w.x.
func (w *virtualUser) sample(s *step, intended time.Time, failure metric.Failure, detail string) measure.Sample {
	x := &w.x
	lag := x.Sent.Sub(intended)
	if lag <= w.tick {
		lag = 0
	}
	out := measure.Sample{
		Latency: x.Done.Sub(x.Sent) + lag, Lag: lag, Failure: failure, Received: x.Received, Sent: x.SentBytes,
		Connects: x.Connects, Retries: x.Retries, Hops: x.Hops,
		Phases: result.Phases{
			DNS: x.Phases.DNS, Connect: x.Phases.Connect, TLS: x.Phases.TLS,
			FirstByte: x.Phases.FirstByte, Body: x.Phases.Body,
		},
	}
	if failure == metric.OK {
		return out
	}
	out.Status = x.Status
	if w.told(s, failure) {
		return out // to mask what nobody keeps would cost more than the request
	}
	out.Detail = w.hideHead(detail, longestDetail)
	if !s.Secret {
		out.Body = w.hideHead(string(x.Sample), measure.SampleBytes)
	}
	return out
}

// told says whether a failure like that in w.x has its words in the result
// already, and in the transaction's too.
func (w *virtualUser) told(s *step, failure metric.Failure) bool {
	ended := w.x.Done.Sub(w.run.start)
	return w.lane.Tells(s.Endpoint, failure, w.x.Status, ended) &&
		(s.Transaction < 0 || w.lane.Tells(len(w.run.plan.Endpoints)+s.Transaction, failure, w.x.Status, ended))
}

// forget unsets what a step that failed would have captured, where the file does
// not want the older value kept.
func (w *virtualUser) forget(s *step) {
	for _, c := range s.Capture {
		if c.Forget {
			w.env.Unset(c.Name)
		}
	}
}
