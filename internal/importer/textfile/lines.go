// Package textfile reads the files of other tools by their lines, rows and documents, with
// the line of every mistake, and says in plain words what is wrong with one. It knows no
// tool.
package textfile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// longestLine is the most bytes of a line: Vegeta's lines contain response bodies.
const longestLine = 64 << 20

// HeadSize is how many bytes of a file its format is detected from.
const HeadSize = 4096

// Head returns the first HeadSize bytes of a file without consuming them.
func Head(in *bufio.Reader) string {
	head, _ := in.Peek(HeadSize) // what is wrong with it shows when it is read
	return string(head)
}

// FirstLine is the first line of a text that is not empty.
func FirstLine(head string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(head, "\r\n "), "\n")
	return line
}

// EachLine calls each with every line that is not blank. The bytes are valid until the next
// call. An error gets the number of its line.
func EachLine(in io.Reader, each func(line []byte) error) error {
	return EachNumberedLine(in, func(_ int, line []byte) error { return each(line) })
}

// EachNumberedLine is EachLine with the number of each line, from 1.
func EachNumberedLine(in io.Reader, each func(number int, line []byte) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), longestLine)
	number := 0
	for lines.Scan() {
		number++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := each(number, bytes.TrimRight(lines.Bytes(), "\r")); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w", number+1, err)
	}
	return nil
}
