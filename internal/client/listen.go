package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/client/events"
	"github.com/loadgate/loadgate/internal/metric"
)

// errOver stops the reading of a stream: no more events are wanted.
var errOver = errors.New("the stream is over")

// listen begins to take the body for events, if the caller wants that and the answer has any.
func (a *answer) listen(ctx context.Context, wanted *Events) {
	if wanted == nil || a.x.Status < 200 || a.x.Status > 299 {
		return
	}
	if a.bodiless() {
		a.fault = fault{kind: metric.Expectation, detail: "the answer has no body, and so no event"}
		return
	}
	h := a.x.head
	kind, _, _ := bytes.Cut(h.Get("content-type"), []byte(";"))
	if kind = bytes.TrimSpace(kind); !bytes.EqualFold(kind, []byte("text/event-stream")) {
		what := "has no Content-Type"
		if len(kind) > 0 {
			what = "is " + quoted(kind, 40)
		}
		a.fault = fault{kind: metric.Body,
			detail: "the answer " + what + ", and no stream of events (text/event-stream)"}
		return
	}
	if coding := h.Get("content-encoding"); len(coding) > 0 && !bytes.EqualFold(coding, []byte("identity")) {
		a.fault = fault{kind: metric.Body, detail: fmt.Sprintf(
			"the stream is encoded with %s, in which events are not read; send no Accept-Encoding", quoted(coding, 40))}
		return
	}
	a.events = &listening{Events: wanted, ctx: ctx, reader: events.Reader{Most: a.most}, timeout: a.within.was}
	if a.arm(a.x.Sent) != nil && !a.fault.bad() {
		a.fault = fault{kind: metric.Timeout, detail: Stopped}
	}
}

// arm sets the time of the connection by which the next event, of which the wait began then, has to come.
func (a *answer) arm(began time.Time) error {
	e := a.events
	a.within = limit{began.Add(e.timeout), e.timeout}
	if end := e.end(a.x.Sent); !end.IsZero() && end.Before(a.within.at) {
		a.within.at = end
	}
	if err := a.conn.SetDeadline(a.within.at); err != nil {
		return a.fail(wireFault(e.ctx, a.within, a.conn.received-a.start, err))
	}
	// The watch may have set its own deadline just before.
	if e.ctx.Err() != nil || e.ended() {
		return errOver
	}
	return nil
}

// hear takes bytes of the stream.
func (a *answer) hear(p []byte) error {
	e := a.events
	for len(p) > 0 {
		n, whole, err := e.reader.Next(p)
		if err != nil {
			return a.fail(fault{kind: metric.TooLarge, detail: "more than " + sizeText(a.most) + " without an event"})
		}
		if p = p[n:]; !whole {
			continue
		}
		now := time.Now()
		if e.Count++; e.Count == 1 {
			e.First = now
			if e.Until != nil {
				a.watch.begin(e.Until, a.conn)
			}
		} else if e.Came != nil {
			e.Came(now.Sub(e.Last), now)
		}
		e.Last = now
		if e.Count == e.Most {
			return errOver
		}
		if err := a.arm(now); err != nil {
			return err
		}
	}
	return nil
}

// heard says how the stream ended: by an error of reading, or with nil by the server. Broken: the error is no end, and
// its fault is not said yet.
func (a *answer) heard(err error) (broken bool) {
	e := a.events
	end := e.end(a.x.Sent)
	switch timeUp := !end.IsZero() && !time.Now().Before(end); {
	case a.fault.bad():
	case errors.Is(err, errOver) && e.Count == e.Most:
		e.over = true
	case e.ended(), err != nil && timeUp && e.Count > 0:
		e.over, e.Left = true, e.For == 0 || time.Since(a.x.Sent) < e.For
	case e.ctx.Err() != nil:
		a.fault = fault{kind: metric.Timeout, detail: Stopped}
	case err != nil && timeUp, err != nil && !time.Now().Before(a.within.at):
		a.fault = fault{kind: metric.Timeout, detail: e.late(a.within, end)}
	case err != nil:
		return true
	case e.Count == 0:
		a.fault = fault{kind: metric.Expectation, detail: "the server ended the stream before the first event"}
	case !e.All:
		a.fault = fault{kind: metric.Expectation, detail: e.early()}
	}
	if a.keep && !a.fault.bad() {
		a.x.Body = e.reader.Last().Data
	}
	return false
}

// cut says whether the stream was left before its end, so that the connection carries what nobody reads.
func (a *answer) cut() bool { return a.events != nil && a.events.over }

// untilEvent sets the time of the body to that from its first byte to the first event. No exchange is done before its
// last event.
func (a *answer) untilEvent(first time.Time) {
	if e := a.events; e != nil && e.Count > 0 {
		a.x.Phases.Body = max(0, e.First.Sub(first))
		if e.Last.After(a.x.Done) {
			a.x.Done = e.Last
		}
	}
}
