package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/client/answerhead"
	"github.com/loadgate/loadgate/internal/metric"
)

// exchange sends a request, a long body apart from its head, and reads the
// answer.
func (a *answer) exchange(ctx context.Context, head, body []byte) {
	w, x := a.wire, a.x
	asked := &w.asked
	asked.Idle = a.idle
	a.conn.ask(asked, head, body, w.in)
	if a.idle && !asked.Fit {
		a.unfit = true
		return
	}
	defer a.conn.finish(asked, false)
	if err := asked.Err; err != nil {
		a.conn.finish(asked, false)
		if asked.WriteErr != nil {
			err = asked.WriteErr
		}
		a.fault = wireFault(ctx, a.within, 0, err)
		a.lost = a.fault.kind == metric.Reset
		return
	}
	w.to = asked.N
	first := lap(&x.Phases.FirstByte, asked.Written)
	if !a.readHead(ctx) {
		return
	}
	a.headRead = true
	if a.listen(ctx, a.wants); a.fault.bad() {
		return
	}
	whole := a.events == nil && a.wantsWhole()
	untilClose := a.readBody(ctx, whole)
	x.Done = first
	if w.more {
		x.Done = lap(&x.Phases.Body, first)
	}
	a.untilEvent(first)
	if a.fault.bad() {
		return
	}
	if whole {
		a.finish()
	}
	a.conn.finish(asked, true)
	// Bytes after the answer belong to no request. They are not always seen, so
	// they are no failure; but the connection is out of step.
	a.reusable = !a.fault.bad() && asked.WriteErr == nil && !asked.unsent &&
		len(w.unused()) == 0 && !untilClose && x.head.Persistent()
}

// readHead reads the final head into the exchange, past all interim ones.
func (a *answer) readHead(ctx context.Context) bool {
	x := a.x
	if x.head == nil {
		x.head = new(answerhead.Head)
	}
	for range maxInterim + 1 {
		text := a.wholeHead(ctx)
		if text == nil {
			return false
		}
		if !x.head.Parse(text) {
			a.fault = notHTTP(text)
			return false
		}
		a.wire.from += len(text)
		if status := x.head.Status; status >= 200 || status == 101 {
			x.takeHead(ProtoHTTP1)
			return true
		}
	}
	a.fault = fault{kind: metric.Body, detail: fmt.Sprintf("more than %d interim answers (1xx)", maxInterim)}
	return false
}

// wholeHead reads a head to its empty line. The text stays unused; nil: there
// is none, and the fault says why.
func (a *answer) wholeHead(ctx context.Context) []byte {
	for lines := 0; ; {
		text := a.wire.unused()
		if !maybeHTTP(text) {
			a.fault = notHTTP(text)
			return nil
		}
		for {
			i := bytes.IndexByte(text[lines:], '\n')
			if i < 0 {
				break
			}
			empty := lines > 0 && (i == 0 || i == 1 && text[lines] == '\r')
			if lines += i + 1; empty {
				return text[:lines]
			}
		}
		if len(text) >= largeHead {
			a.fault = fault{kind: metric.TooLarge, cause: metric.LargeHead,
				detail: "the answer's head is larger than " + sizeText(largeHead)}
			return nil
		}
		if err := a.wire.fill(a.conn); err != nil {
			a.fault = wireFault(ctx, a.within, a.conn.received-a.start, err)
			return nil
		}
	}
}

// maybeHTTP reports whether a text can be the beginning of a head: what is not
// HTTP fails at once, not when the server ends it.
func maybeHTTP(text []byte) bool {
	const proto = "HTTP/1."
	n := min(len(text), len(proto))
	return string(text[:n]) == proto[:n]
}

func notHTTP(text []byte) fault {
	return fault{kind: metric.Body,
		detail: fmt.Sprintf("the answer's head is not valid HTTP/1.1; it begins %s", quoted(text, 40))}
}

// bodyFault tells a body that ended early from a connection that broke.
// Of length bytes so many came; length < 0: it was not known.
func (a *answer) bodyFault(ctx context.Context, length, total int64, err error) fault {
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case ctx.Err() != nil || !ended:
		return wireFault(ctx, a.within, a.conn.received-a.start, err)
	case length >= 0:
		return fault{kind: metric.Body, detail: fmt.Sprintf("truncated: %d of %d bytes came", total, length)}
	}
	return fault{kind: metric.Body, detail: "truncated: the connection closed before the end of the body"}
}

// lap stores the time since began and returns the present.
func lap(phase *time.Duration, began time.Time) time.Time {
	now := time.Now()
	*phase = now.Sub(began)
	return now
}
