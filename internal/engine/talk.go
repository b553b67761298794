package engine

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
)

// opener is a Doer that begins WebSockets, as client.Session does.
type opener interface {
	Open(ctx context.Context, req *client.Request, x *client.Exchange, until context.Context,
		leave time.Time) *client.Socket
}

// talk is what a user does on the WebSocket of a step.
type talk struct {
	*stream
	socket *client.Socket
	since  time.Time // the last message was sent, or the WebSocket began
}

// converse begins the WebSocket that w.req asks for, does what the step says on it, and closes it. It fails with the
// first thing that does.
func converse(ctx context.Context, e *stream) (failure metric.Failure, detail string) {
	w, x := e.user, &e.user.x
	doer, ok := w.doer.(opener)
	if !ok {
		x.Unsent(time.Now())
		return metric.Expression, "nobody here begins WebSockets"
	}
	e.begin()
	w.req.Events = nil
	k := doer.Open(ctx, &w.req, x, e.Until, e.Leave)
	e.First, e.Count, e.Left = x.Done, 1, false
	switch {
	case x.Failure != metric.OK:
		failure, detail = x.Failure, x.Detail
	case k == nil && x.Status >= 200 && x.Status < 300:
		failure = metric.Status
		detail = fmt.Sprintf("%d %s, and no WebSocket (101)", x.Status, http.StatusText(x.Status))
	case k == nil:
		failure, detail = statusFailure(x)
	default:
		failure, detail = discuss(e, k)
	}
	if failure != metric.OK {
		w.forget(e.step)
	}
	return failure, detail
}

// discuss does what the step says on its WebSocket.
func discuss(e *stream, k *client.Socket) (failure metric.Failure, detail string) {
	t := talk{e, k, e.First}
	for i := range e.step.Talk.Items {
		var on bool
		if failure, detail, on = t.do(&e.step.Talk.Items[i], e.step.Rows[i]); !on {
			break
		}
	}
	e.Left = k.Left()
	k.Close()
	return failure, detail
}

// do does one item of the step; on: what comes after it is to be done, too.
func (t *talk) do(item *config.TalkItem, row int) (failure metric.Failure, detail string, on bool) {
	w := t.user
	if item.Send != nil {
		var err error
		if w.body, err = appendBody(w.body[:0], item.Send, w.env); err != nil {
			// Not of kind Expression, of which nothing was sent.
			return metric.Expectation, w.blame(t.step, "ws: send", bodyReader{item.Send}, err).Error(), false
		}
		if !t.socket.Send(w.body) {
			return t.broken()
		}
		t.since = time.Now()
	}
	if item.Expect != nil {
		if failure, detail, on = t.await(item); row >= 0 && (on || failure != metric.OK) {
			t.measure(len(w.load.plan.Endpoints)+row, t.since, time.Now(), failure, detail)
		}
		if !on {
			return failure, detail, false
		}
		if failure, detail = w.capture(t.step, item.Capture); failure != metric.OK {
			return failure, detail, false
		}
	}
	pause := item.Wait
	if t.step.Most > 0 {
		pause = min(pause, t.step.Most)
	}
	if pause > 0 && !t.socket.Wait(pause) {
		return t.broken()
	}
	return metric.OK, "", true
}

// await reads messages until one is what an item waits for. One of which its condition cannot be asked is not.
func (t *talk) await(item *config.TalkItem) (failure metric.Failure, detail string, on bool) {
	w := t.user
	by, why := time.Now().Add(item.Within), ""
	for {
		message, ok := t.socket.Receive(max(0, time.Until(by)))
		switch {
		case !ok && !t.socket.Left() && w.x.Failure == metric.Timeout && w.x.Detail != client.Stopped:
			w.x.Detail = fmt.Sprintf("no message within %v of which expect is true: %s%s", item.Within, item.Expect,
				why)
			return t.broken()
		case !ok:
			return t.broken()
		}
		w.env.SetResponse(w.x.Status, w.header, message)
		met, err := item.Expect.Bool(w.env)
		if err != nil && why == "" {
			why = "; " + t.step.told("expect", err).Error()
		}
		if met && err == nil {
			if t.step.keepBody {
				w.x.Body = bytes.Clone(message)
			}
			return metric.OK, "", true
		}
	}
}

// broken is how a WebSocket that goes on no further ended: where the user had to leave, without a failure.
func (t *talk) broken() (failure metric.Failure, detail string, on bool) {
	return t.user.x.Failure, t.user.x.Detail, false
}
