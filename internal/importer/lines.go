package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// longestLine is how long a line of JSON may be: Vegeta's hold the body of an
// answer.
const longestLine = 64 << 20

// eachJSON decodes each line into a new value and hands it on. A last line that
// was torn is an error like any other: half a file is no run.
func eachJSON[T any](in *bufio.Reader, each func(*T) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), longestLine)
	number := 0
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var value T
		if err := json.Unmarshal(line, &value); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if err := each(&value); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w", number+1, err)
	}
	return nil
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

// eachRow reads a CSV file whose columns have these names, or those of its own
// head where none are given. Needed columns must be there.
func eachRow(in *bufio.Reader, head, needed []string, each func(row) error) error {
	reader := csv.NewReader(in)
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
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
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
	}
}
