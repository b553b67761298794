package importer

import (
	"bufio"
	"bytes"
	"io"
)

// lined is a text whose lines end in \n: programs of old Macs, and Excel for the
// Mac, end them in \r alone. Binary files stay as they are.
func lined(in *bufio.Reader) *bufio.Reader {
	head, _ := in.Peek(headSize)
	raw := func(r rune) bool { return r < '\t' }
	if bytes.IndexByte(head, '\n') >= 0 || bytes.IndexByte(head, '\r') < 0 || bytes.ContainsFunc(head, raw) {
		return in
	}
	return bufio.NewReaderSize(&returns{in: in}, 256<<10)
}

// returns reads each \r as \n.
type returns struct{ in io.Reader }

// Read implements io.Reader.
func (r *returns) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// newlines leaves out every \r of a text: its lines end in one, or in several.
type newlines struct{ in io.Reader }

// Read implements io.Reader.
func (l newlines) Read(p []byte) (int, error) {
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
