package importer

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
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

// eachObject hands on each line of JSON that has one of words in it, or each
// where there are none. Other lines are looked at only as far as to know that they are whole: a last line that
// was torn is an error like any other, since half a file is no run.
func eachObject(in *bufio.Reader, words []string, each func(gjson.Result) error) error {
	has := func(line []byte) bool {
		return words == nil ||
			slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(line, []byte(w)) })
	}
	return eachLine(in, func(line []byte) error {
		if !gjson.ValidBytes(line) {
			var value any
			return cmp.Or(json.Unmarshal(line, &value), errors.New("no JSON")) // it words what is wrong
		}
		if !has(line) {
			return nil
		}
		return each(gjson.ParseBytes(line))
	})
}

// numberOf is the number of a key.
func numberOf(key string, value gjson.Result) (float64, error) {
	if value.Type != gjson.Number {
		return 0, fmt.Errorf("%s %q is no number", key, value.String())
	}
	return value.Num, nil
}

// wholeOf is the whole number of a key.
func wholeOf[T int | int64](key string, value gjson.Result) (T, error) {
	n, err := strconv.ParseInt(value.Raw, 10, strconv.IntSize)
	if err != nil {
		return 0, fmt.Errorf("%s %q is no whole number", key, value.String())
	}
	return T(n), nil
}

// timeOf is the time of a key.
func timeOf(key string, value gjson.Result) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, value.Str)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %q is no time", key, value.String())
	}
	return t, nil
}

// row is one record of a CSV file by the names of its head.
type row struct {
	columns map[string]int
	fields  []string
}

// get is a field; empty where the file has no such column.
func (r row) get(name string) string {
	if at, ok := r.columns[name]; ok && at < len(r.fields) {
		return r.fields[at]
	}
	return ""
}

// has says whether the file has a column.
func (r row) has(name string) bool {
	_, ok := r.columns[name]
	return ok
}

// eachRow reads a CSV file whose columns have these names, or those of its own
// head where none are given. Needed columns must be there.
func eachRow(in *bufio.Reader, head, needed []string, each func(row) error) error {
	return eachRowBy(in, ',', head, needed, each)
}

// eachRowBy is eachRow of a file whose fields another character parts.
func eachRowBy(in *bufio.Reader, comma rune, head, needed []string, each func(row) error) error {
	end := &ending{in: in}
	reader := csv.NewReader(newlines{end})
	reader.Comma = comma
	reader.ReuseRecord, reader.LazyQuotes, reader.FieldsPerRecord = true, true, -1
	if head == nil {
		first, err := reader.Read()
		if err != nil {
			return fmt.Errorf("line 1: %w", err)
		}
		head = append([]string{}, first...)
	}
	columns := map[string]int{}
	for i, name := range head {
		columns[name] = i
	}
	for _, name := range needed {
		if _, ok := columns[name]; !ok {
			return fmt.Errorf("line 1: there is no column %s", name)
		}
	}
	var last lastColumn
	number := 1
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			if end.within() && last.torn() {
				return fmt.Errorf("line %d: %s", number, endsWithin)
			}
			return nil
		}
		line, _ := reader.FieldPos(0)
		if err != nil {
			return err // it names the line
		}
		if len(fields) < len(head) {
			return fmt.Errorf("line %d: %d columns of %d: the file was cut", line, len(fields), len(head))
		}
		if err := each(row{columns, fields}); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		number = line
		last.take(fields[len(fields)-1])
	}
}

// largestWhole is how large a document may be that is read as one.
const largestWhole = 64 << 20

// whole decodes a document of JSON, with the line of a mistake.
func whole(in *bufio.Reader, into any) error {
	text, err := io.ReadAll(io.LimitReader(in, largestWhole+1))
	switch {
	case err != nil:
		return err
	case len(text) > largestWhole:
		return fmt.Errorf("larger than %d MB", largestWhole>>20)
	}
	err = json.Unmarshal(text, into)
	at := int64(-1)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		at = syntax.Offset
	} else if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
		kind.Field = spelled(kind.Field, text)
		at = cmp.Or(kind.Offset, onlyPlace(kind.Field, text)) // else its field says where
	}
	if at >= 0 && at <= int64(len(text)) {
		return fmt.Errorf("line %d: %w", 1+bytes.Count(text[:at], []byte("\n")), err)
	}
	return err
}

// onlyPlace is where the last key of a path ends, if that is in one place; -1:
// it is in none, or in several.
func onlyPlace(path string, text []byte) int64 {
	key := path[strings.LastIndexByte(path, '.')+1:]
	found := regexp.MustCompile(`"`+regexp.QuoteMeta(key)+`"\s*:`).FindAllIndex(text, 2)
	if key == "" || len(found) != 1 {
		return -1
	}
	return int64(found[0][1])
}
