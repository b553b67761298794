package client

import (
	"bufio"
	"io"
)

// Bounds of one answer, whatever the server does.
const (
	smallHead  = 4 << 10  // bytes; the usual head and a small body come in one read
	largeHead  = 64 << 10 // bytes of one head; more is TooLarge
	maxInterim = 16       // 1xx heads before the answer
	scratch    = 16 << 10 // bytes read at a time of a body that is dropped
	oneWrite   = 32 << 10 // bytes of body that go out in one write with the head
)

// wire is what an exchange needs only while it is under way. Sessions share
// wires through a pool: a thinking user holds none.
type wire struct {
	head    []byte        // the request's
	reader  *bufio.Reader // smallHead
	large   *bufio.Reader // over reader, largeHead; nil until a head needs it
	scratch []byte        // nil until a body is dropped
	body    io.LimitedReader
}

func newWire() *wire {
	return &wire{head: make([]byte, 0, 512), reader: bufio.NewReaderSize(nil, smallHead)}
}

// release lets go of the connection and of unusually large buffers.
func (w *wire) release() *wire {
	w.reader.Reset(nil)
	if w.large != nil {
		w.large.Reset(nil)
	}
	w.body = io.LimitedReader{}
	if cap(w.head) > 2*oneWrite {
		w.head = make([]byte, 0, 512)
	}
	return w
}

// enlarge puts a larger reader before the small one, whose bytes it takes over.
func (w *wire) enlarge() *bufio.Reader {
	if w.large == nil {
		w.large = bufio.NewReaderSize(w.reader, largeHead)
	}
	w.large.Reset(w.reader)
	return w.large
}
