package importer

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

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
