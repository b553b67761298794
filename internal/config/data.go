package config

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/unit"
)

// tables reads the data files and brings their fields into scope.
func (b *builder) tables(root *grammar.Value) {
	b.data = b.guess(b.shared, root, "data")
	for _, m := range root.Get("data").Members() {
		d := Data{Name: m.Key, Pos: m.Pos,
			Pick: map[string]Pick{"": PickUnique, "unique": PickUnique,
				"next": PickNext, "random": PickRandom}[grammar.Or(m.Get("pick"), "")]}
		if file := m.Get("file"); file != nil {
			d.Rows = b.rows(file)
		}
		b.config.Data = append(b.config.Data, d)
		if len(d.Rows) == 0 {
			b.data = b.data.With(m.Key, expr.Any) // reported; its fields are not known
		} else {
			b.data = b.data.WithRecord(m.Key, fieldTypes(d.Rows))
		}
	}
}

func (b *builder) rows(v *grammar.Value) []map[string]any {
	var decode func([]byte) ([]map[string]any, error)
	switch ext := path.Ext(v.Text); ext {
	case ".csv":
		decode = decodeCSV
	case ".json":
		decode = decodeJSON
	default:
		b.Add(v.Pos, v.Path, "%q is neither .csv nor .json; write a file of one of these kinds", v.Text)
		return nil
	}
	content := b.file(v)
	if content == nil {
		return nil
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if !utf8.Valid(content) {
		b.Add(v.Pos, v.Path, "%s is not UTF-8; save it as UTF-8", mistake.Show(v.Text))
		return nil
	}
	rows, err := decode(content)
	if err != nil {
		b.Add(v.Pos, v.Path, "%s%v", mistake.Show(v.Text), err)
	}
	return rows
}

// decodeCSV reads rows below a header line. All values are strings. Errors begin with
// the line, for after the file's name.
func decodeCSV(content []byte) ([]map[string]any, error) {
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New(": is empty; write a header line and rows below it")
	case err != nil:
		return nil, csvError(err)
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
				fmt.Errorf(":%d: has %s, the header %d; write as many, or put values with a comma in quotes",
					line, unit.Counted(len(record), "field"), len(header))
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

// fieldTypes says what expressions may know of each field: its type when all
// rows agree.
func fieldTypes(rows []map[string]any) map[string]expr.Type {
	types := map[string]expr.Type{}
	seen := map[string]int{}
	for _, row := range rows {
		for name, v := range row {
			t := typeOf(v)
			if seen[name]++; seen[name] > 1 && types[name] != t {
				t = expr.Any
			}
			types[name] = t
		}
	}
	for name, n := range seen {
		if n < len(rows) {
			types[name] = expr.Any
		}
	}
	return types
}

func typeOf(v any) expr.Type {
	switch v.(type) {
	case bool:
		return expr.Bool
	case int:
		return expr.Int
	case float64:
		return expr.Float
	case string:
		return expr.String
	case []any:
		return expr.List
	case map[string]any:
		return expr.Map
	}
	return expr.Any
}
