package cli

import (
	"errors"
	"io"
	"syscall"
)

// quietly writes until the reader at the other end of a pipe has gone, as head
// does when it has enough; the rest is nobody's. Whoever closes a pipe changes
// no verdict, and gets no message.
type quietly struct {
	w    io.Writer
	gone bool
}

func (q *quietly) Write(p []byte) (int, error) {
	if q.gone {
		return len(p), nil
	}
	n, err := q.w.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		q.gone = true
		return len(p), nil
	}
	return n, err
}
