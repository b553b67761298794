package client

import (
	"bytes"
	"io"
)

// Bounds of one answer, whatever the server does.
const (
	smallHead   = 4 << 10  // bytes; the usual head and a small body come in one read
	largeHead   = 64 << 10 // bytes of one head; more is TooLarge
	maxInterim  = 16       // 1xx heads before the answer
	maxTrailer  = 4 << 10  // bytes after the last chunk
	maxOverhead = 16 << 10 // bytes of chunk lines beyond what the data in them excuses
	scratch     = 16 << 10 // bytes read at a time of a body that is dropped
	oneWrite    = 32 << 10 // bytes of body that go out in one write with the head
)

// wire is what an exchange needs only while it is under way. Sessions share
// wires through a pool: a thinking user holds none.
type wire struct {
	out     []byte // the request
	in      []byte // what has come; used up to from, filled up to to
	from    int
	to      int
	more    bool   // read again after the first bytes of the answer
	scratch []byte // nil until a body is dropped
	asked   asked

	// What an exchange knows stands here and not on the stack, where it would
	// double what each thinking user takes.
	hop    hop
	answer answer
}

func newWire() *wire {
	return &wire{out: make([]byte, 0, 512), in: make([]byte, smallHead)}
}

// release empties the wire and lets go of unusually large buffers.
func (w *wire) release() *wire {
	w.renew()
	w.hop, w.answer = hop{}, answer{}
	if cap(w.out) > 2*oneWrite {
		w.out = make([]byte, 0, 512)
	}
	if len(w.in) > smallHead {
		w.in = make([]byte, smallHead)
	}
	return w
}

// renew forgets what has come, for another sending.
func (w *wire) renew() {
	w.from, w.to, w.more, w.asked = 0, 0, false, asked{}
}

// unused is what has come and was not used yet.
func (w *wire) unused() []byte { return w.in[w.from:w.to] }

// fill reads more, and makes room for it first. The caller bounds what is
// unused.
func (w *wire) fill(c *conn) error {
	switch {
	case w.from == w.to:
		w.from, w.to = 0, 0
	case w.to == len(w.in) && w.from > 0:
		w.from, w.to = 0, copy(w.in, w.unused())
	case w.to == len(w.in):
		w.in = append(w.in, make([]byte, len(w.in))...)
	}
	n, err := c.Read(w.in[w.to:])
	w.to += n
	w.more = true
	if n > 0 {
		return nil
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// line reads up to the next LF, at most so many bytes: then ok is false. The
// line is valid until the next use of the wire.
func (w *wire) line(c *conn, most int) (line []byte, ok bool, err error) {
	for searched := 0; ; {
		b := w.unused()
		if i := bytes.IndexByte(b[searched:], '\n'); i >= 0 {
			line = b[:searched+i+1]
			w.from += len(line)
			return line, len(line) <= most, nil
		}
		if len(b) > most {
			return nil, false, nil
		}
		searched = len(b)
		if err := w.fill(c); err != nil {
			return nil, false, err
		}
	}
}
