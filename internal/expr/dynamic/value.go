// Package dynamic computes with values whose types are known only when an expression runs:
// those of answers, captures and rows of data. It knows nil, bool, int, float64, json.Number,
// string, time.Time, time.Duration, lists and maps: how they are read, compared, added and
// written. It knows no expression.
package dynamic

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"
)

// Describe names a value's kind in words.
func Describe(value any) string {
	switch Native(value).(type) {
	case nil:
		return "nil"
	case bool:
		return "true or false"
	case int, float64, json.Number:
		return "a number"
	case string:
		return "text"
	case time.Time:
		return "a time"
	case time.Duration:
		return "a duration"
	case map[string]any:
		return "a map"
	}
	return "a list"
}

// Truth returns a bool, or an error that says what value is instead.
func Truth(value any) (bool, error) {
	if b, ok := value.(bool); ok {
		return b, nil
	}
	return false, fmt.Errorf("the condition is %s, not true or false", Describe(value))
}

// Generic turns the typed lists that the machine makes into []any, so that
// readers of a value meet one kind of list.
func Generic(value any) any {
	switch value.(type) {
	case nil, bool, int, float64, string, time.Time, []any, map[string]any:
		return value
	}
	if items, ok := ListOf(value); ok {
		return items
	}
	return value
}

// ListOf returns any Go slice as []any, without copying when it is one. ok is
// false for what is not a list.
func ListOf(value any) (items []any, ok bool) {
	switch list := value.(type) {
	case nil:
		return nil, false
	case []any:
		return list, true
	}
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		return nil, false
	}
	items = make([]any, v.Len())
	for i := range items {
		items[i] = v.Index(i).Interface()
	}
	return items, true
}

// Lookup is a field of a map or an item of a list, nil when there is none.
// Negative indices count from the end.
func Lookup(base, key any) any {
	if members, ok := base.(map[string]any); ok {
		if name, ok := key.(string); ok {
			return members[name]
		}
		return nil
	}
	items, ok := ListOf(base)
	if !ok {
		return nil
	}
	i, ok := Whole(key)
	if i < 0 {
		i += len(items)
	}
	if !ok || i < 0 || i >= len(items) {
		return nil
	}
	return items[i]
}

// longestShown is how much of a text Show writes, in bytes.
const longestShown = 40

// Show writes a value into a message: short, text in quotes.
func Show(value any) string {
	switch v := value.(type) {
	case string:
		if len(v) > longestShown {
			end := longestShown
			for end > 0 && !utf8.RuneStart(v[end]) {
				end--
			}
			v = v[:end] + "…"
		}
		return strconv.Quote(v)
	case float64:
		return string(AppendFloat(nil, v))
	}
	return fmt.Sprint(value)
}
