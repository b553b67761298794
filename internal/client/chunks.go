package client

import (
	"bytes"

	"github.com/loadgate/loadgate/internal/client/answerhead"
	"github.com/loadgate/loadgate/internal/metric"
)

// chunks reads a body in chunks, RFC 9112 section 7.1, and its trailer, which
// is dropped. Lines end in CR LF here and in nothing else: where a chunk begins
// must be beyond doubt.
func (a *answer) chunks() error {
	overhead := 0
	for {
		line, ok, err := a.wire.line(a.conn, smallHead)
		if err != nil {
			return err
		}
		size, valid := chunkSize(line)
		if !ok || !valid {
			return a.fail(notChunked)
		}
		if size == 0 {
			return a.trailer()
		}
		// Some lines are long, but a server that sends more such lines than data
		// could go on for ever below the limit of the body.
		overhead = max(0, overhead+len(line)+2-16-int(min(2*size, maxOverhead)))
		if overhead > maxOverhead {
			return a.fail(fault{kind: metric.TooLarge, detail: "the body's chunks hold more extensions than data"})
		}
		if err := a.chunk(size); err != nil {
			return err
		}
	}
}

var notChunked = fault{kind: metric.Body, detail: "the body is not chunked as its head says"}

// chunk reads the data of one chunk and the line end after it.
func (a *answer) chunk(size int64) error {
	for end := a.total + size; a.total < end; {
		// What is left of a small chunk comes together with the next one.
		if left := end - a.total; len(a.wire.unused()) == 0 && left < smallHead/2 {
			if err := a.wire.fill(a.conn); err != nil {
				return err
			}
		} else if err := a.piece(left); err != nil {
			return err
		}
	}
	for len(a.wire.unused()) < 2 {
		if err := a.wire.fill(a.conn); err != nil {
			return err
		}
	}
	if string(a.wire.unused()[:2]) != "\r\n" {
		return a.fail(notChunked)
	}
	a.wire.from += 2
	return nil
}

// chunkSize reads a hexadecimal number, perhaps with blanks and an extension
// after it. More than 15 digits are no size that anybody means.
func chunkSize(line []byte) (size int64, ok bool) {
	line, ok = bytes.CutSuffix(line, []byte("\r\n"))
	if !ok || bytes.IndexByte(line, '\r') >= 0 {
		return 0, false
	}
	line, _, _ = bytes.Cut(line, []byte(";"))
	line = bytes.TrimRight(line, " \t")
	if len(line) == 0 || len(line) > 15 {
		return 0, false
	}
	for _, c := range line {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		size = size<<4 | int64(c)
	}
	return size, true
}

// trailer reads what follows the last chunk up to the empty line.
func (a *answer) trailer() error {
	for size := 0; ; {
		line, ok, err := a.wire.line(a.conn, maxTrailer)
		if err != nil {
			return err
		}
		if size += len(line); !ok || size > maxTrailer {
			return a.fail(fault{kind: metric.TooLarge, detail: "the answer's trailer is larger than " +
				sizeText(maxTrailer)})
		}
		if len(answerhead.TrimEnd(line)) == 0 {
			return nil
		}
	}
}
