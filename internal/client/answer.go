package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/loadgate/loadgate/internal/metric"
)

// answer is one sending of a hop on one connection, and what came of it.
type answer struct {
	wire   *wire
	conn   *conn
	body   []byte // of the request
	toHead bool   // the request is a HEAD: its answer has no body
	within limit
	start  int64 // bytes that the connection had received before

	fault    fault
	lost     bool // broke before one byte of the answer came
	headRead bool // the final head is in the exchange
	reusable bool // the connection may carry another request
}

// exchange writes the request and reads the answer.
func (a *answer) exchange(ctx context.Context, x *Exchange, keep bool, maxBody int64) {
	writeErr := a.write()
	written := time.Now()

	r := a.wire.reader
	r.Reset(a.conn)
	// A server may answer and close before it has read the whole request, so
	// a write that failed need not be the end.
	if _, err := r.Peek(1); err != nil {
		if writeErr != nil {
			err = writeErr
		}
		a.fault = wireFault(ctx, a.within, 0, err)
		a.lost = a.fault.kind == metric.Reset
		return
	}
	first := lap(&x.Phases.FirstByte, written)
	r, ok := a.readHead(ctx, r, x)
	if !ok {
		return
	}
	a.headRead = true
	// Of an encoded body the first bytes alone say nothing to a reader.
	whole := keep || x.Status >= 300 && len(x.head.ContentEncoding()) > 0
	if body := a.framing(r, x); body != nil {
		a.readBody(ctx, r, body, x, whole, maxBody)
	}
	x.Done = lap(&x.Phases.Body, first)
	if a.fault.bad() {
		return
	}
	if whole {
		a.finish(x, keep, maxBody)
	}
	// Bytes beyond the answer belong to nobody. They are not seen every time,
	// so they are no failure; but the connection is out of step.
	a.reusable = writeErr == nil && r.Buffered() == 0 && a.wire.reader.Buffered() == 0 &&
		!x.head.ConnectionClose() && x.Status != 101
}

func (a *answer) write() error {
	body := a.body
	if len(body) <= oneWrite {
		a.wire.head = append(a.wire.head, body...)
		body = nil
	}
	_, err := a.conn.Write(a.wire.head)
	if err == nil && len(body) > 0 {
		_, err = a.conn.Write(body)
	}
	return err
}

// readHead reads the final head into x, past all interim ones. It returns the
// reader that the body comes from.
func (a *answer) readHead(ctx context.Context, r *bufio.Reader, x *Exchange) (*bufio.Reader, bool) {
	if x.head == nil {
		x.head = new(fasthttp.ResponseHeader)
		x.head.SetNoDefaultContentType(true)
	}
	for range maxInterim {
		err := x.head.Read(r)
		if _, small := errors.AsType[*fasthttp.ErrSmallBuffer](err); small && r == a.wire.reader {
			r = a.wire.enlarge()
			err = x.head.Read(r)
		}
		if err != nil {
			a.fault = a.headFault(ctx, r, err)
			return r, false
		}
		status := x.head.StatusCode()
		if status >= 200 || status == 101 {
			x.Status = status
			if status >= 300 && status < 400 {
				x.Location = string(x.head.Peek("Location"))
			}
			return r, true
		}
	}
	a.fault = fault{kind: metric.Body, detail: fmt.Sprintf("more than %d interim answers (1xx)", maxInterim)}
	return r, false
}

// headFault tells a connection that broke within the head from a head that is
// too large and one that is not HTTP.
func (a *answer) headFault(ctx context.Context, r *bufio.Reader, err error) fault {
	if _, small := errors.AsType[*fasthttp.ErrSmallBuffer](err); small {
		return fault{kind: metric.TooLarge, detail: "the answer's head is larger than " + sizeText(largeHead)}
	}
	broken := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || isTimeout(err) || isReset(err)
	if broken || errors.Is(err, fasthttp.ErrTimeout) || ctx.Err() != nil {
		if errors.Is(err, fasthttp.ErrTimeout) {
			err = context.DeadlineExceeded
		}
		return wireFault(ctx, a.within, a.conn.received-a.start, err)
	}
	begin, _ := r.Peek(min(r.Buffered(), 40)) // never blocks
	return fault{kind: metric.Body, detail: fmt.Sprintf("the answer's head is not valid HTTP/1.1; it begins %q", begin)}
}
