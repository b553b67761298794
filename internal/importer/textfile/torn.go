package textfile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Tools end each line with a newline. A file without the last one may be truncated, or an
// editor may have removed it: the last line shows which.

const endsWithin = "the file was cut: it ends within this line"

// endReader remembers the last byte that was read, and how many were read.
type endReader struct {
	in   io.Reader
	last byte
	read int // since the last call of begin
	most int // of read; 0: any number
}

// Read implements io.Reader.
func (e *endReader) Read(p []byte) (int, error) {
	if e.most > 0 && e.read > e.most {
		return 0, bufio.ErrTooLong
	}
	n, err := e.in.Read(p)
	if n > 0 {
		e.last = p[n-1]
	}
	e.read += n
	return n, err
}

// begin begins a record.
func (e *endReader) begin() { e.read = 0 }

// within reports whether the text ended within a line.
func (e *endReader) within() bool { return e.last != '\n' && e.last != '\r' && e.last != 0 }

// EachCompleteLine is EachLine, and an error if the last line has no newline and is not
// complete.
func EachCompleteLine(in io.Reader, complete func(line []byte) bool, each func(line []byte) error) error {
	end := &endReader{in: in}
	var last []byte
	number := 0
	err := EachNumberedLine(end, func(n int, line []byte) error {
		number, last = n, append(last[:0], line...)
		return each(line)
	})
	if err == nil && end.within() && !complete(bytes.TrimSpace(last)) {
		return fmt.Errorf("line %d: %s", number, endsWithin)
	}
	return err
}

// lastColumn is what the last fields of a table have in common.
type lastColumn struct {
	first, last string
	rows        int
	alike       bool // all but the last row have the shape of the first
	empty       bool // so has one of them: nothing
}

// add adds the last field of a row.
func (c *lastColumn) add(field string) {
	switch c.rows {
	case 0:
		c.first, c.alike = field, true
	default:
		c.empty = c.empty || c.last == ""
		c.alike = c.alike && len(c.last) == len(c.first) && shapedLike(c.last, c.first)
	}
	c.last = field
	c.rows++
}

// torn reports whether the last field is truncated: empty if no other is, or the beginning
// of the shape that all others have.
func (c *lastColumn) torn() bool {
	if c.rows < 2 || c.empty {
		return false
	}
	return c.last == "" || c.rows > 2 && c.alike && len(c.last) < len(c.first) &&
		shapedLike(c.last, c.first[:len(c.last)])
}

// shapedLike reports whether two texts of one length have digits, letters and other
// characters at the same places.
func shapedLike(a, b string) bool { return strings.Map(shape, a) == strings.Map(shape, b) }

func shape(r rune) rune {
	switch {
	case unicode.IsDigit(r):
		return '0'
	case unicode.IsLetter(r):
		return 'a'
	}
	return r
}
