package textfile

import (
	"bufio"
	"bytes"
	"io"
)

// Newlines is a text whose lines end in \n: programs of old Macs, and Excel for the
// Mac, end them in \r alone. Binary files stay as they are.
func Newlines(in *bufio.Reader) *bufio.Reader {
	head, _ := in.Peek(HeadSize)
	raw := func(r rune) bool { return r < '\t' }
	if bytes.IndexByte(head, '\n') >= 0 || bytes.IndexByte(head, '\r') < 0 || bytes.ContainsFunc(head, raw) {
		return in
	}
	return bufio.NewReaderSize(&carriageReturns{in: in}, 256<<10)
}

// carriageReturns reads each \r as \n.
type carriageReturns struct{ in io.Reader }

// Read implements io.Reader.
func (r *carriageReturns) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// noCarriageReturns leaves out every \r of a text: its lines end in one, or in several.
type noCarriageReturns struct{ in io.Reader }

// Read implements io.Reader.
func (l noCarriageReturns) Read(p []byte) (int, error) {
	for {
		n, err := l.in.Read(p)
		if bytes.IndexByte(p[:n], '\r') < 0 {
			return n, err
		}
		kept := 0
		for _, b := range p[:n] {
			if b != '\r' {
				p[kept] = b
				kept++
			}
		}
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}
