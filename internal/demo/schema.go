package demo

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// kind is what a value must be.
type kind uint8

const (
	kindText kind = iota
	kindInteger
	kindNumber
	kindBoolean
	kindID    // an integer, or a text that ends in one: 42, "42", "T000042"
	kindStamp // a date and time
	kindEmail
	kindList
	kindObject
)

// schema says what a value must look like. One declaration serves both who
// checks requests and who reads /openapi.json, so the two cannot differ.
type schema struct {
	kind      kind
	oneOf     []string // texts allowed; none: any
	low, high float64  // of a number's value, a text's or list's length; both 0: no bounds
	items     *schema  // of a list
	fields    []field  // of an object
	nullable  bool
	example   any
}

// field is a member of an object, or a parameter.
type field struct {
	name     string
	required bool
	schema
}

func text(oneOf ...string) schema        { return schema{kind: kindText, oneOf: oneOf} }
func textOf(low, high float64) schema    { return schema{kind: kindText, low: low, high: high} }
func integer(low, high float64) schema   { return schema{kind: kindInteger, low: low, high: high} }
func number(low, high float64) schema    { return schema{kind: kindNumber, low: low, high: high} }
func boolean() schema                    { return schema{kind: kindBoolean} }
func count() schema                      { return integer(0, math.MaxInt32) }
func identifier() schema                 { return integer(1, math.MaxInt32) }
func moment() schema                     { return schema{kind: kindStamp} }
func email() schema                      { return schema{kind: kindEmail} }
func object(fields ...field) schema      { return schema{kind: kindObject, fields: fields} }
func (s schema) orNull() schema          { s.nullable = true; return s }
func (s schema) like(example any) schema { s.example = example; return s }
func must(name string, s schema) field   { return field{name: name, required: true, schema: s} }
func may(name string, s schema) field    { return field{name: name, schema: s} }
func list(items schema) schema           { return schema{kind: kindList, items: &items} }
func listOf(low, high float64, items schema) schema {
	return schema{kind: kindList, low: low, high: high, items: &items}
}

// problem is one mistake in a request, in the form FastAPI gives it.
type problem struct {
	Type  string `json:"type"`
	Loc   []any  `json:"loc"`
	Msg   string `json:"msg"`
	Input any    `json:"input"`
}

// check returns the value as int64, float64, string, bool, []any or
// map[string]any, or every mistake in it. The value comes from JSON with
// numbers kept as json.Number, or is the text of a parameter or form field:
// like the real service, numbers and booleans may be written as texts.
func (s *schema) check(value any, loc []any) (any, []problem) {
	wrong := func(kind, format string, args ...any) (any, []problem) {
		return nil,
			[]problem{{Type: kind, Loc: slices.Clone(loc), Msg: fmt.Sprintf(format, args...), Input: shown(value)}}
	}
	if value == nil && s.nullable {
		return nil, nil
	}
	switch s.kind {
	case kindInteger, kindID:
		written, ok := scalar(value)
		if !ok {
			return wrong("int_type", "Input should be a valid integer")
		}
		if s.kind == kindID {
			if written != "" && strings.ContainsRune("STst", rune(written[0])) {
				written = written[1:] // T000042, S000007
			}
		}
		n, err := strconv.ParseInt(written, 10, 64)
		if err != nil {
			return wrong("int_parsing", "Input should be a valid integer, unable to parse %.40q as an integer", written)
		}
		if kind, msg := s.outside(float64(n)); kind != "" {
			return wrong(kind, "Input should be %s", msg)
		}
		return n, nil
	case kindNumber:
		written, _ := scalar(value)
		x, err := strconv.ParseFloat(written, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return wrong("float_type", "Input should be a valid number")
		}
		if kind, msg := s.outside(x); kind != "" {
			return wrong(kind, "Input should be %s", msg)
		}
		return x, nil
	case kindBoolean:
		if b, ok := value.(bool); ok {
			return b, nil
		}
		written, _ := scalar(value)
		switch strings.ToLower(written) {
		case "true", "1", "yes", "on":
			return true, nil
		case "false", "0", "no", "off":
			return false, nil
		}
		return wrong("bool_parsing", "Input should be a valid boolean")
	case kindList:
		return s.checkList(value, loc)
	case kindObject:
		return s.checkObject(value, loc)
	}
	return s.checkText(value, loc)
}

func (s *schema) checkText(value any, loc []any) (any, []problem) {
	wrong := func(kind, msg string) (any, []problem) {
		return nil, []problem{{Type: kind, Loc: slices.Clone(loc), Msg: msg, Input: shown(value)}}
	}
	written, ok := value.(string)
	if !ok {
		return wrong("string_type", "Input should be a valid string")
	}
	switch s.kind {
	case kindStamp:
		t, err := parseMoment(written)
		if err != nil {
			return wrong("datetime_parsing", "Input should be a valid datetime, such as 2026-03-01T09:30:00Z")
		}
		return stamp(t), nil
	case kindEmail:
		local, domain, ok := strings.Cut(written, "@")
		if !ok || local == "" || !strings.Contains(domain, ".") ||
			strings.ContainsAny(written, " \t\r\n") || len(written) > 254 {
			return wrong("value_error", "value is not a valid email address")
		}
		return written, nil
	}
	if len(s.oneOf) > 0 && !slices.Contains(s.oneOf, written) {
		return wrong("literal_error", "Input should be '"+strings.Join(s.oneOf, "' or '")+"'")
	}
	if kind, msg := s.outside(float64(utf8.RuneCountInString(written))); kind != "" {
		return wrong("string_length", "String length should be "+msg)
	}
	return written, nil
}

func (s *schema) checkList(value any, loc []any) (any, []problem) {
	items, ok := value.([]any)
	if !ok {
		return nil, []problem{{"list_type", slices.Clone(loc), "Input should be a valid list", shown(value)}}
	}
	if kind, msg := s.outside(float64(len(items))); kind != "" {
		return nil, []problem{{"list_length", slices.Clone(loc), "List length should be " + msg, len(items)}}
	}
	checked := make([]any, len(items))
	var problems []problem
	for i, item := range items {
		v, wrong := s.items.check(item, append(loc, i))
		checked[i], problems = v, append(problems, wrong...)
	}
	return checked, problems
}

func (s *schema) checkObject(value any, loc []any) (any, []problem) {
	members, ok := value.(map[string]any)
	if !ok {
		return nil, []problem{{"model_attributes_type", slices.Clone(loc),
			"Input should be a valid dictionary or object", shown(value)}}
	}
	checked := make(map[string]any, len(s.fields))
	var problems []problem
	for i := range s.fields {
		f := &s.fields[i]
		at := append(loc, f.name)
		member, ok := members[f.name]
		switch {
		case !ok && f.required:
			problems = append(problems, problem{"missing", slices.Clone(at), "Field required", nil})
		case ok:
			v, wrong := f.check(member, at)
			checked[f.name], problems = v, append(problems, wrong...)
		}
	}
	return checked, problems
}

// outside says how x breaks the bounds, "" when it does not.
func (s *schema) outside(x float64) (kind, msg string) {
	switch {
	case s.low == 0 && s.high == 0:
	case x < s.low:
		return "greater_than_equal", fmt.Sprintf("greater than or equal to %.0f", s.low)
	case x > s.high:
		return "less_than_equal", fmt.Sprintf("less than or equal to %.0f", s.high)
	}
	return "", ""
}

// shown is what an answer repeats of a wrong value: no lists and objects, and
// no more of a text than tells which it was.
func shown(value any) any {
	switch v := value.(type) {
	case []any, map[string]any:
		return nil
	case string:
		if len(v) > 100 {
			return strings.ToValidUTF8(v[:100], "") + "…"
		}
	}
	return value
}

// scalar is the text of a number or of a text.
func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case json.Number:
		return v.String(), true
	case string:
		return v, true
	}
	return "", false
}

func parseMoment(text string) (t time.Time, err error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999",
		"2006-01-02T15:04", time.DateTime, "2006-01-02 15:04:05.999999999Z07:00"} {
		if t, err = time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return t, err
}
