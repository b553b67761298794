package dynamic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// timeLayout is RFC 3339 in UTC with milliseconds.
const timeLayout = "2006-01-02T15:04:05.000Z"

// AppendText writes a value into text: numbers as JSON has them, times as
// RFC 3339. nil, lists, maps and durations have no text.
func AppendText(dst []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case string:
		return append(dst, v...), nil
	case bool, int, float64, json.Number:
		return AppendJSON(dst, v)
	case time.Time:
		return v.UTC().AppendFormat(dst, timeLayout), nil
	case time.Duration:
		return dst, errDuration
	}
	return dst, fmt.Errorf("%s has no text", Describe(value))
}

var errDuration = errors.New("a duration has no text; add it to now()")

// AppendJSON writes a value as JSON: maps with sorted keys, no HTML escaping,
// numbers with the digits they came with. What is written before an error is
// not JSON.
func AppendJSON(dst []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return dst, fmt.Errorf("%v is not a JSON number", v)
		}
		return AppendFloat(dst, v), nil
	case json.Number:
		if !json.Valid([]byte(v)) || v[0] != '-' && (v[0] < '0' || v[0] > '9') {
			return dst, fmt.Errorf("%s is not a number", Show(string(v)))
		}
		return append(dst, v...), nil
	case string:
		return AppendQuoted(dst, v), nil
	case time.Time:
		dst = append(dst, '"')
		dst = v.UTC().AppendFormat(dst, timeLayout)
		return append(dst, '"'), nil
	case time.Duration:
		return dst, errDuration
	case map[string]any:
		return appendMap(dst, v)
	}
	items, ok := ListOf(value)
	if !ok {
		switch n := Native(value).(type) { // a data row's own kind of integer
		case int, float64, json.Number:
			return AppendJSON(dst, n)
		}
		return dst, fmt.Errorf("%T is not a JSON value", value)
	}
	dst = append(dst, '[')
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = AppendJSON(dst, item); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendMap(dst []byte, members map[string]any) ([]byte, error) {
	dst = append(dst, '{')
	for i, key := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(AppendQuoted(dst, key), ':')
		var err error
		if dst, err = AppendJSON(dst, members[key]); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// AppendQuoted writes text as a JSON string. Nearly all text needs no escapes
// and is copied; the rest goes through encoding/json.
func AppendQuoted(dst []byte, text string) []byte {
	if !NeedsEscape(text) {
		dst = append(dst, '"')
		dst = append(dst, text...)
		return append(dst, '"')
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string into a buffer: neither can fail
	return append(dst, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}

func NeedsEscape(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}
