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

// longestLine is how long a line of JSON may be: Vegeta's hold the body of an
// answer.
const longestLine = 64 << 20

// HeadSize is how much of a file its format is told from.
const HeadSize = 4096

// Head is the beginning of a file, which is read all the same.
func Head(in *bufio.Reader) string {
	head, _ := in.Peek(HeadSize) // what is wrong with it shows when it is read
	return string(head)
}

// FirstLine is the first line of a text that has something in it.
func FirstLine(head string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(head, "\r\n "), "\n")
	return line
}

// EachLine hands on each line that is not blank; it is the reader's until the
// next. Errors get its number.
func EachLine(in io.Reader, each func(line []byte) error) error {
	return EachNumberedLine(in, func(_ int, line []byte) error { return each(line) })
}

// EachNumberedLine is EachLine with the number of the line.
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
