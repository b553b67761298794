package console

import (
	"errors"
	"io"
	"syscall"
)

// PipeWriter writes until the reader at the other end of a pipe has gone, as head
// does when it has enough, and drops the rest. A closed pipe changes no verdict and
// causes no message.
type PipeWriter struct {
	w      io.Writer
	gone   bool
	failed error
}

// NewPipeWriter writes to w.
func NewPipeWriter(w io.Writer) *PipeWriter { return &PipeWriter{w: w} }

// Write writes, or drops the text if the reader has gone.
func (p *PipeWriter) Write(text []byte) (int, error) {
	if p.gone {
		return len(text), nil
	}
	n, err := p.w.Write(text)
	if errors.Is(err, syscall.EPIPE) {
		p.gone = true
		return len(text), nil
	}
	if p.failed == nil {
		p.failed = err
	}
	return n, err
}

// Err is the first error of a write, nil for none. Libraries that print help drop it.
func (p *PipeWriter) Err() error { return p.failed }
