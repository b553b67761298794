// Package table reads the rows of data files: bytes to values that expressions know. It knows nothing else of a file.
package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/unit"
)

// Decoder reads the rows of a file. Its error begins with the line of the mistake, for after the file's name.
type Decoder func(content []byte) ([]map[string]any, error)

// DecoderOf is the decoder of files with an ending, such as .csv, whose fields are apart by a delimiter; false: there
// is none.
func DecoderOf(ending string, delimiter rune) (Decoder, bool) {
	switch ending {
	case ".csv":
		return func(content []byte) ([]map[string]any, error) { return decodeCSV(content, delimiter) }, true
	case ".json":
		return decodeJSON, true
	}
	return nil, false
}

// decodeCSV reads rows below a header line. All values are strings. Errors begin with
// the line, for after the file's name.
func decodeCSV(content []byte, delimiter rune) ([]map[string]any, error) {
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord, r.Comma = -1, delimiter
	header, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New(": is empty; write a header line and rows below it")
	case err != nil:
		return nil, csvError(err)
	}
	if other, ok := otherDelimiter(header); ok {
		return nil, fmt.Errorf(":1: the header is one field, %q; write delimiter: %s beside file", header[0], other)
	}
	for i, name := range header {
		switch {
		case name == "":
			return nil, fmt.Errorf(":1: field %d of the header has no name; write one", i+1)
		case slices.Index(header, name) < i:
			return nil, fmt.Errorf(":1: %q is in the header twice; write another name", name)
		}
	}
	var rows []map[string]any
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvError(err)
		}
		if len(record) != len(header) {
			line, _ := r.FieldPos(0)
			return nil,
				fmt.Errorf(":%d: has %s, the header %d; write as many, or put values with %q in them in quotes",
					line, unit.Counted(len(record), "field"), len(header), delimiter)
		}
		row := make(map[string]any, len(header))
		for i, name := range header {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, errors.New(": has a header and no rows; write rows below it")
	}
	return rows, nil
}

// otherDelimiter is what seems to be between the fields of a header that was read as one field.
func otherDelimiter(header []string) (written string, ok bool) {
	if len(header) != 1 {
		return "", false
	}
	for _, other := range []struct{ character, written string }{{";", "';'"}, {"\t", "tab"}, {"|", "'|'"}} {
		if strings.Contains(header[0], other.character) {
			return other.written, true
		}
	}
	return "", false
}

func csvError(err error) error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return fmt.Errorf(":%d:%d: %v; put values with quotes in them in quotes, and double those",
			e.Line, e.Column, e.Err)
	}
	return fmt.Errorf(": %w", err)
}

// decodeJSON reads an array of objects. Whole numbers become int, others
// float64, at any depth, and those that neither can hold keep their digits.
func decodeJSON(content []byte) ([]map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var rows []map[string]any
	if err := decoder.Decode(&rows); err != nil {
		return nil, jsonError(content, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New(": has text after the array; write one array of objects")
	}
	if len(rows) == 0 {
		return nil, errors.New(": has no rows; write objects into the array")
	}
	for i, row := range rows {
		if row == nil {
			return nil, fmt.Errorf(": row %d is null; write an object", i+1)
		}
		for name, v := range row {
			row[name] = typed(v)
		}
	}
	return rows, nil
}

// jsonError names the line of a mistake.
func jsonError(content []byte, err error) error {
	at, what := len(content), "breaks off"
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		at, what = int(e.Offset), e.Error()
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		at, what = int(e.Offset), fmt.Sprintf("holds %s where an array of objects belongs", e.Value)
	}
	line := 1 + bytes.Count(bytes.TrimRight(content[:min(at, len(content))], "\n"), []byte("\n"))
	return fmt.Errorf(":%d: %s; write [{\"name\": \"value\"}, …]", line, what)
}

func typed(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := strconv.Atoi(v.String()); err == nil {
			return i
		}
		if f, err := v.Float64(); err == nil && strconv.FormatFloat(f, 'f', -1, 64) == v.String() {
			return f
		}
		return v
	case []any:
		for i := range v {
			v[i] = typed(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = typed(v[name])
		}
	}
	return v
}
