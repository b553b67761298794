package importer

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

// headSize is how much of a file its format is told from.
const headSize = 4096

// headOf is the beginning of a file, which is read all the same.
func headOf(in *bufio.Reader) string {
	head, _ := in.Peek(headSize) // what is wrong with it shows when it is read
	return string(head)
}

// firstLine is the first line of a text that has something in it.
func firstLine(head string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(head, "\r\n "), "\n")
	return line
}

// eachLine hands on each line that is not blank; it is the reader's until the
// next. Errors get its number.
func eachLine(in io.Reader, each func(line []byte) error) error {
	return eachNumbered(in, func(_ int, line []byte) error { return each(line) })
}

// eachNumbered is eachLine with the number of the line.
func eachNumbered(in io.Reader, each func(number int, line []byte) error) error {
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
