package dynamic

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Equal compares deeply; numbers by value, whatever their digits. Values of
// different kinds are unequal.
func Equal(a, b any) bool {
	if x, ok := a.(json.Number); ok {
		if y, ok := b.(json.Number); ok && isDigits(string(x)) && isDigits(string(y)) {
			return x == y // beyond 64 bits: float64 would call neighbours equal
		}
	}
	a, b = Plain(a), Plain(b)
	switch x := a.(type) {
	case nil:
		return b == nil
	case int:
		switch y := b.(type) {
		case int:
			return x == y
		case float64:
			return float64(x) == y
		}
		return false
	case float64:
		y, ok := Real(b)
		return ok && x == y
	case time.Time:
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	case bool, string, time.Duration:
		return a == b
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for key, value := range x {
			if other, ok := y[key]; !ok || !Equal(value, other) {
				return false
			}
		}
		return true
	}
	x, okX := ListOf(a)
	y, okY := ListOf(b)
	return okX && okY && slices.EqualFunc(x, y, Equal)
}

func isDigits(text string) bool { return !strings.ContainsAny(text, ".eE") }

// Compare compares two numbers, texts, times or durations: -1, 0, +1. NaN does
// not occur: no function makes one.
func Compare(a, b any) (int, error) {
	a, b = Plain(a), Plain(b)
	switch x := a.(type) {
	case int:
		if y, ok := b.(int); ok {
			return cmp.Compare(x, y), nil
		}
		if y, ok := b.(float64); ok {
			return cmp.Compare(float64(x), y), nil
		}
	case float64:
		if y, ok := Real(b); ok {
			return cmp.Compare(x, y), nil
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y), nil
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Compare(y), nil
		}
	case time.Duration:
		if y, ok := b.(time.Duration); ok {
			return cmp.Compare(x, y), nil
		}
	}
	return 0, fmt.Errorf("cannot compare %s with %s", Describe(a), Describe(b))
}
