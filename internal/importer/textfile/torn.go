package textfile

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Tools end each line that they write. A file that ends within one may have been
// cut, or an editor took the end away: what stands there tells.

const endsWithin = "the file was cut: it ends within this line"

// endReader is a text and what it ended with.
type endReader struct {
	in   io.Reader
	last byte
}

// Read implements io.Reader.
func (e *endReader) Read(p []byte) (int, error) {
	n, err := e.in.Read(p)
	if n > 0 {
		e.last = p[n-1]
	}
	return n, err
}

// within says whether what was read ended within a line.
func (e *endReader) within() bool { return e.last != '\n' && e.last != '\r' && e.last != 0 }

// EachCompleteLine is EachLine of a text whose last line, where nothing ends it, is
// whole only if it looks so.
func EachCompleteLine(in io.Reader, looksWhole func(line []byte) bool, each func(line []byte) error) error {
	end := &endReader{in: in}
	var last []byte
	number := 0
	err := EachNumberedLine(end, func(n int, line []byte) error {
		number, last = n, append(last[:0], line...)
		return each(line)
	})
	if err == nil && end.within() && !looksWhole(bytes.TrimSpace(last)) {
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

// take takes the last field of a row.
func (c *lastColumn) take(field string) {
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

// torn says whether the last field is less than those before it were: empty
// where none was, or the beginning of what all of them look like.
func (c *lastColumn) torn() bool {
	if c.rows < 2 || c.empty {
		return false
	}
	return c.last == "" || c.rows > 2 && c.alike && len(c.last) < len(c.first) &&
		shapedLike(c.last, c.first[:len(c.last)])
}

// shapedLike says whether two texts of one length have digits, letters and marks
// at the same places.
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
