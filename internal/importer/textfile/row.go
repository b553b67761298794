package textfile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// Row is one record of a CSV file, with its columns by name.
type Row struct {
	Columns map[string]int
	Fields  []string
}

// Get returns a field; empty if the file has no such column.
func (r Row) Get(name string) string {
	if at, ok := r.Columns[name]; ok && at < len(r.Fields) {
		return r.Fields[at]
	}
	return ""
}

// Has reports whether the file has a column.
func (r Row) Has(name string) bool {
	_, ok := r.Columns[name]
	return ok
}

// EachRow calls each with every record of a CSV file. Its columns are head, or the first
// record if head is nil; the needed ones must be there. An error names the line.
func EachRow(in *bufio.Reader, head, needed []string, each func(Row) error) error {
	return EachRowBy(in, ',', head, needed, each)
}

// EachRowBy is EachRow for another separator.
func EachRowBy(in *bufio.Reader, comma rune, head, needed []string, each func(Row) error) error {
	end := &endReader{in: in, most: longestLine} // a quote that nothing closes reads on
	reader := csv.NewReader(noCarriageReturns{end})
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
		end.begin()
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			if end.within() && last.torn() {
				return fmt.Errorf("line %d: %s", number, endsWithin)
			}
			return nil
		}
		line, _ := reader.FieldPos(0)
		if syntax := (*csv.ParseError)(nil); errors.As(err, &syntax) {
			return err // it names the line
		} else if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if len(fields) < len(head) {
			return fmt.Errorf("line %d: %d columns of %d: the file was cut", line, len(fields), len(head))
		}
		if err := each(Row{columns, fields}); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		number = line
		last.add(fields[len(fields)-1])
	}
}
