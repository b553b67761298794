package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/client/http2error"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// streamError has the fields of net/http's error of one stream, by which
// errors.As finds it.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string { return fmt.Sprintf("stream error %d", e.Code) }

// http2Fault classifies an error of a request over HTTP/2. net/http exports
// none of its own, so some are known by their words; a word that changes costs
// a clear text, not the kind. gone: the connection broke, or the server gave it
// up before this request.
func (a *answer) http2Fault(ctx context.Context, m *moments, err error) (f fault, gone bool) {
	text := err.Error()
	stream, ofStream := errors.AsType[streamError](err)
	switch {
	case ctx.Err() != nil:
		return fault{kind: metric.Timeout, detail: Stopped}, false
	case isTimeout(err) || !time.Now().Before(a.within.at): // what net/http calls it then depends on where it was
		return tooLate(a.within, m.first.Load() != 0), false
	case m.interim.Load() > maxInterim:
		return fault{kind: metric.Body, detail: fmt.Sprintf("more than %d interim answers (1xx)", maxInterim)}, false
	case a.conn.http2.link.http1.Load(), strings.Contains(text, "looked like an HTTP/1.1"):
		return spokeHTTP1, false
	case ofStream && stream.Cause != nil && strings.Contains(stream.Cause.Error(), "received from peer"):
		return fault{kind: metric.Reset,
			detail: "the server reset the request: " + http2error.Explained(http2error.Name(stream.Code))}, false
	case strings.Contains(text, "header list larger than advertised"), a.floodOfHead(text):
		return fault{kind: metric.TooLarge, cause: metric.LargeHead,
			detail: "the answer's head is larger than " + sizeText(largeHead)}, false
	case ofStream && stream.Cause != nil:
		return notHTTP2(stream.Cause.Error()), false
	case ofStream:
		return notHTTP2(http2error.Name(stream.Code)), false
	case strings.Contains(text, "GOAWAY"):
		return fault{kind: metric.Reset, detail: http2error.GoAway(text)}, true
	case strings.HasPrefix(text, "connection error: "):
		return notHTTP2(strings.TrimPrefix(text, "connection error: ")), false
	case strings.Contains(text, "frame too large"):
		return notHTTP2("frame too large"), false
	case strings.Contains(text, "client conn not usable"), strings.Contains(text, "could not be established"),
		strings.Contains(text, "force closed"):
		return wireFault(ctx, a.within, 0, io.EOF), true
	case strings.Contains(text, "request header list larger than"):
		return fault{kind: metric.Expression,
			detail: "the request's headers are larger than the server takes; nothing was sent"}, false
	case strings.Contains(text, ": invalid "):
		return fault{kind: metric.Expression, detail: "HTTP/2 cannot carry the request: " +
			http2error.Bare(text) + "; nothing was sent"}, false
	}
	// Frames about the connection came; of the answer nothing.
	f = wireFault(ctx, a.within, 0, err)
	return f, f.kind == metric.Reset
}

var spokeHTTP1 = fault{kind: metric.Body, detail: "the server answers in HTTP/1.1, not HTTP/2; write http: 1.1"}

// floodOfHead reports whether an error is that of a head that goes on and on:
// net/http gives it no name of its own, but nothing else brings so much before
// the head is over.
func (a *answer) floodOfHead(text string) bool {
	return !a.headRead && text == "connection error: PROTOCOL_ERROR" && a.conn.received-a.start >= largeHead/4
}

// streamFault classifies an error of reading the body, of which length bytes
// were announced; -1: it was not said.
func (a *answer) streamFault(ctx context.Context, m *moments, length int64, err error) fault {
	f, _ := a.http2Fault(ctx, m, err)
	switch {
	case f.kind == metric.Timeout:
		return f
	case strings.Contains(err.Error(), "more than declared Content-Length"):
		return fault{kind: metric.Body, detail: "the body is longer than its Content-Length"}
	case isReset(err):
		return fault{kind: metric.Reset,
			detail: fmt.Sprintf("connection reset after %s of the body", unit.Counted(int(a.total), "byte"))}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return a.bodyFault(ctx, length, a.total, err)
	}
	return f
}

func notHTTP2(cause string) fault {
	return fault{kind: metric.Body, detail: "the answer is not valid HTTP/2: " + http2error.Bare(cause)}
}
