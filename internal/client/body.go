package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/loadgate/loadgate/internal/client/answerhead"
	"github.com/loadgate/loadgate/internal/client/coding"
	"github.com/loadgate/loadgate/internal/metric"
)

// readBody reads the body to its end, RFC 9112 section 6.3, and keeps as much as
// is wanted: all, or a sample. untilClose: its end is the connection's.
func (a *answer) readBody(ctx context.Context, whole bool) (untilClose bool) {
	x := a.x
	h := x.head
	if a.bodiless() {
		return false
	}
	if a.fault = framingFault(h); a.fault.bad() {
		return false
	}
	a.whole = whole
	var err error
	length := int64(-1)
	switch {
	case h.Chunked:
		err = a.chunks()
	case h.Lengths > 0:
		length = h.Length
		err = a.fixed(length)
	default:
		untilClose = true
		if err = a.rest(); err == io.EOF {
			err = nil
		}
	}
	if broken := err != nil && !a.fault.bad(); broken && (a.events == nil || a.heard(err)) {
		a.fault = a.bodyFault(ctx, length, a.total, err)
	} else if !broken && a.events != nil {
		a.heard(nil)
	}
	return untilClose || a.cut()
}

// bodiless reports whether an answer has no body whatever its head announces, RFC
// 9110 section 6.4.1.
func (a *answer) bodiless() bool {
	status := a.x.Status
	return a.toHead || status == 204 || status == 304 || status < 200
}

// wantsWhole reports whether all of the body is kept: for the caller, or because
// the first bytes of an encoded body say nothing to a reader.
func (a *answer) wantsWhole() bool {
	return a.keep || a.x.Status >= 300 && len(a.x.head.Get("content-encoding")) > 0
}

// framingFault finds heads that different readers would read differently.
func framingFault(h *answerhead.Head) fault {
	switch {
	case h.Codings > 0 && h.Lengths > 0:
		return fault{kind: metric.Body, detail: "the answer has both a Content-Length and a Transfer-Encoding"}
	case h.Codings > 0 && h.Minor == 0:
		return fault{kind: metric.Body, detail: "the answer is HTTP/1.0, which has no Transfer-Encoding, and has one"}
	case h.Codings > 1:
		return fault{kind: metric.Body, detail: "the answer has more than one Transfer-Encoding"}
	case h.Codings == 1 && !h.Chunked:
		return fault{kind: metric.Body,
			detail: fmt.Sprintf("the answer's Transfer-Encoding is %s; only \"chunked\" can be read",
				quoted(h.Get("transfer-encoding"), 40))}
	case h.Lengths > 1:
		return fault{kind: metric.Body, detail: "the answer has Content-Lengths that differ"}
	case h.Lengths == 1 && h.Length == answerhead.NoLength:
		return fault{kind: metric.Body, detail: fmt.Sprintf(
			"the answer's Content-Length is %s, which is not a number of bytes", quoted(h.Get("content-length"), 40))}
	}
	return fault{}
}

// fixed reads as many bytes as the head announced.
func (a *answer) fixed(length int64) error {
	if length > a.most {
		return a.fail(tooLarge(a.most))
	}
	for a.total < length {
		if err := a.piece(length - a.total); err != nil {
			return err
		}
	}
	return nil
}

// rest reads until the server closes: the end is io.EOF.
func (a *answer) rest() error {
	for {
		if err := a.piece(math.MaxInt64); err != nil {
			return err
		}
	}
}

// piece takes the next bytes, as many as are at hand and at most so many.
func (a *answer) piece(most int64) error {
	if ready := a.wire.unused(); len(ready) > 0 {
		ready = ready[:min(int64(len(ready)), most)]
		a.wire.from += len(ready)
		if a.whole {
			a.x.buffer = append(a.x.buffer, ready...)
		}
		return a.took(ready)
	}
	p := a.space()
	n, err := a.conn.Read(p[:min(int64(len(p)), most)])
	a.wire.more = true
	if n == 0 {
		if err == nil {
			err = io.ErrNoProgress
		}
		return err
	}
	if a.whole {
		a.x.buffer = a.x.buffer[:len(a.x.buffer)+n]
	}
	return a.took(p[:n]) // an error comes again with the next read
}

// took counts bytes that have come and keeps a sample of a failure.
func (a *answer) took(p []byte) error {
	a.total += int64(len(p))
	if a.events != nil {
		return a.hear(p)
	}
	if a.total > a.most {
		return a.fail(tooLarge(a.most))
	}
	if x := a.x; !a.whole && x.Status >= 300 && len(x.Sample) < sampleSize {
		x.addSample(p)
	}
	return nil
}

// space is where the next piece of the body goes. A body that is kept grows
// by what has come, not by what the server announced.
func (a *answer) space() []byte {
	if !a.whole {
		if a.wire.scratch == nil {
			a.wire.scratch = make([]byte, scratch)
		}
		return a.wire.scratch
	}
	x := a.x
	if len(x.buffer) == cap(x.buffer) {
		x.buffer = append(x.buffer, make([]byte, max(1<<10, cap(x.buffer)))...)[:len(x.buffer)]
	}
	return x.buffer[len(x.buffer):cap(x.buffer)]
}

// finish decodes a body that was read whole and returns as much as is wanted. A
// body that cannot be decoded matters only to callers that asked for it.
func (a *answer) finish() {
	x := a.x
	plain, err := coding.Undo(x.head.Get("content-encoding"), x.buffer, a.most)
	if a.keep {
		x.Body, a.fault = plain, codingFault(err)
	}
	if x.Status >= 300 {
		x.addSample(plain)
	}
}

// codingFault classifies an error of unpacking a body.
func codingFault(err error) fault {
	if err == nil {
		return fault{}
	}
	if large, ok := errors.AsType[*coding.LargeError](err); ok {
		return tooLarge(large.Most)
	}
	return fault{kind: metric.Body, detail: err.Error()}
}
