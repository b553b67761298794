package textfile

import (
	"bufio"
	"bytes"
	"io"
)

// Newlines converts the line ends of a text to \n, if they are \r alone, as Excel for the
// Mac and programs of old Macs write them. Binary files stay as they are.
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

// noCarriageReturns removes every \r: lines end in \r\n on Windows, and in \r\r\n if a
// program that writes \r\n opened the file as text.
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
