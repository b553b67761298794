package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http/httputil"

	"github.com/valyala/fasthttp"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// framing is where the body ends, RFC 9112 section 6.3; nil: there is none.
func (a *answer) framing(r *bufio.Reader, x *Exchange) io.Reader {
	if a.toHead || x.Status == 204 || x.Status == 304 || x.Status < 200 {
		return nil
	}
	switch n := x.head.ContentLength(); {
	case n == 0:
		return nil
	case n > 0:
		a.wire.body = io.LimitedReader{R: r, N: int64(n)}
		return &a.wire.body
	case n == -1:
		return httputil.NewChunkedReader(r)
	}
	return r // until the server closes
}

// readBody reads the body to its end and keeps of it what is wanted.
func (a *answer) readBody(ctx context.Context, r *bufio.Reader, body io.Reader, x *Exchange, keep bool, maxBody int64) {
	length := int64(x.head.ContentLength())
	if length > maxBody {
		a.fault = tooLarge(maxBody)
		return
	}
	var total int64
	for {
		p := a.space(x, keep)
		n, err := body.Read(p)
		total += int64(n)
		if total > maxBody {
			a.fault = tooLarge(maxBody)
			return
		}
		if keep {
			x.buffer = x.buffer[:len(x.buffer)+n]
		} else if x.Status >= 300 && len(x.Sample) < sampleSize {
			x.Sample = append(x.sample[:len(x.Sample)], p[:min(n, sampleSize-len(x.Sample))]...)
		}
		switch {
		case err == nil && (length < 0 || total < length):
		case err == nil:
			return
		case err == io.EOF && length == -1:
			a.skipTrailer(ctx, r)
			return
		case err == io.EOF && total >= length:
			return
		default:
			a.fault = a.bodyFault(ctx, length, total, err)
			return
		}
	}
}

// space is where the next piece of the body goes. A body that is kept grows
// by what has come, not by what the server announced.
func (a *answer) space(x *Exchange, keep bool) []byte {
	if !keep {
		if a.wire.scratch == nil {
			a.wire.scratch = make([]byte, scratch)
		}
		return a.wire.scratch
	}
	if len(x.buffer) == cap(x.buffer) {
		x.buffer = append(x.buffer, make([]byte, max(1<<10, cap(x.buffer)))...)[:len(x.buffer)]
	}
	return x.buffer[len(x.buffer):cap(x.buffer)]
}

// skipTrailer reads what follows the last chunk up to the empty line.
func (a *answer) skipTrailer(ctx context.Context, r *bufio.Reader) {
	for size := 0; size <= smallHead; {
		line, err := r.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			a.fault = a.bodyFault(ctx, -1, 0, err)
			return
		}
		if len(line) <= 2 { // CR LF, or LF alone
			return
		}
		size += len(line)
	}
	a.fault = fault{kind: metric.TooLarge, detail: "the answer's trailer is larger than " + sizeText(smallHead)}
}

// bodyFault tells a body that ended early or is wrongly chunked from a
// connection that broke.
func (a *answer) bodyFault(ctx context.Context, length, total int64, err error) fault {
	if ctx.Err() != nil || isTimeout(err) || isReset(err) {
		return wireFault(ctx, a.within, a.conn.received-a.start, err)
	}
	ended := err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case ended && length >= 0:
		return fault{kind: metric.Body, detail: fmt.Sprintf("truncated: %d of %d bytes came", total, length)}
	case ended:
		return fault{kind: metric.Body, detail: "truncated: the connection closed before the end of the body"}
	case length == -1:
		return fault{kind: metric.Body, detail: "the body is not chunked as its head says"}
	}
	return wireFault(ctx, a.within, a.conn.received-a.start, err)
}

// finish decodes the body that was read whole and hands over what is wanted
// of it. Only who asked for the body cares whether it could be decoded.
func (a *answer) finish(x *Exchange, keep bool, maxBody int64) {
	body, f := decode(x.head.ContentEncoding(), x.buffer, maxBody)
	if keep {
		x.Body, a.fault = body, f
	}
	if x.Status >= 300 {
		x.Sample = append(x.sample[:0], body[:min(len(body), sampleSize)]...)
	}
}

// decode undoes a Content-Encoding (gzip, deflate, br, zstd). The decoded
// body may not be larger than the limit either.
func decode(encoding, body []byte, maxBody int64) ([]byte, fault) {
	if len(encoding) == 0 || len(body) == 0 || string(encoding) == "identity" {
		return body, fault{}
	}
	var coded fasthttp.Response
	coded.Header.SetContentEncodingBytes(encoding)
	coded.SetBodyRaw(body)
	plain, err := coded.BodyUncompressedWithLimit(int(min(maxBody, math.MaxInt)))
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		return nil, tooLarge(maxBody)
	case errors.Is(err, fasthttp.ErrContentEncodingUnsupported):
		return nil, fault{kind: metric.Body, detail: fmt.Sprintf("the body is encoded as %.20q, which cannot be read", encoding)}
	case err != nil:
		return nil, fault{kind: metric.Body, detail: fmt.Sprintf("the body is not %.20q as its head says", encoding)}
	}
	return plain, fault{}
}

func tooLarge(maxBody int64) fault {
	return fault{kind: metric.TooLarge, detail: "the body is larger than " + sizeText(maxBody)}
}

func sizeText(n int64) string {
	return unit.Quantity{Value: float64(n), Unit: unit.Bytes}.String()
}
