package expr

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// The operators on values whose types are known only when they run: those of
// answers, captures and data rows. Operands of known types keep the library's
// own instructions.

// describe names a value's kind in words.
func describe(value any) string {
	switch native(value).(type) {
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

// truth returns a bool, or an error that says what value is instead.
func truth(value any) (bool, error) {
	if b, ok := value.(bool); ok {
		return b, nil
	}
	return false, fmt.Errorf("the condition is %s, not true or false", describe(value))
}

// equal compares deeply; numbers by value, whatever their digits. Values of
// different kinds are unequal.
func equal(a, b any) bool {
	if x, ok := a.(json.Number); ok {
		if y, ok := b.(json.Number); ok && isDigits(string(x)) && isDigits(string(y)) {
			return x == y // beyond 64 bits: float64 would call neighbours equal
		}
	}
	a, b = plain(a), plain(b)
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
		y, ok := realNumber(b)
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
			if other, ok := y[key]; !ok || !equal(value, other) {
				return false
			}
		}
		return true
	}
	x, okX := listOf(a)
	y, okY := listOf(b)
	return okX && okY && slices.EqualFunc(x, y, equal)
}

func isDigits(text string) bool { return !strings.ContainsAny(text, ".eE") }

// order compares two numbers, texts, times or durations: -1, 0, +1. NaN does
// not occur: no function makes one.
func order(a, b any) (int, error) {
	a, b = plain(a), plain(b)
	switch x := a.(type) {
	case int:
		if y, ok := b.(int); ok {
			return cmp.Compare(x, y), nil
		}
		if y, ok := b.(float64); ok {
			return cmp.Compare(float64(x), y), nil
		}
	case float64:
		if y, ok := realNumber(b); ok {
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
	return 0, fmt.Errorf("cannot compare %s with %s", describe(a), describe(b))
}

// add joins numbers, texts, and times with durations.
func add(e *Env, a, b any) (any, error) {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return x + y, e.charge(len(x) + len(y))
		}
	case time.Time:
		if y, ok := b.(time.Duration); ok {
			return x.Add(y), nil
		}
	case time.Duration:
		switch y := b.(type) {
		case time.Time:
			return y.Add(x), nil
		case time.Duration:
			return x + y, nil
		}
	}
	if sum, ok := arithmetic(a, b, func(x, y int) int { return x + y },
		func(x, y float64) float64 { return x + y }); ok {
		return sum, nil
	}
	return nil, fmt.Errorf("cannot add %s and %s", describe(a), describe(b))
}

func subtract(_ *Env, a, b any) (any, error) {
	switch x := a.(type) {
	case time.Time:
		switch y := b.(type) {
		case time.Time:
			return x.Sub(y), nil
		case time.Duration:
			return x.Add(-y), nil
		}
	case time.Duration:
		if y, ok := b.(time.Duration); ok {
			return x - y, nil
		}
	}
	if difference, ok := arithmetic(a, b, func(x, y int) int { return x - y },
		func(x, y float64) float64 { return x - y }); ok {
		return difference, nil
	}
	return nil, fmt.Errorf("cannot subtract %s from %s", describe(b), describe(a))
}

func multiply(_ *Env, a, b any) (any, error) {
	if d, ok := a.(time.Duration); ok {
		if f, ok := realNumber(b); ok {
			return time.Duration(float64(d) * f), nil
		}
	}
	if d, ok := b.(time.Duration); ok {
		if f, ok := realNumber(a); ok {
			return time.Duration(float64(d) * f), nil
		}
	}
	if product, ok := arithmetic(a, b, func(x, y int) int { return x * y },
		func(x, y float64) float64 { return x * y }); ok {
		return product, nil
	}
	return nil, fmt.Errorf("cannot multiply %s by %s", describe(a), describe(b))
}

func divide(_ *Env, a, b any) (any, error) {
	x, okX := realNumber(a)
	y, okY := realNumber(b)
	switch {
	case !okX || !okY:
		return nil, fmt.Errorf("cannot divide %s by %s", describe(a), describe(b))
	case y == 0:
		return nil, errDivideByZero
	}
	return x / y, nil
}

func modulo(_ *Env, a, b any) (any, error) {
	x, okX := wholeNumber(a)
	y, okY := wholeNumber(b)
	switch {
	case !okX || !okY:
		return nil, fmt.Errorf("%% needs whole numbers, got %s and %s", describe(a), describe(b))
	case y == 0:
		return nil, errDivideByZero
	}
	return x % y, nil
}

func power(_ *Env, a, b any) (any, error) {
	x, okX := realNumber(a)
	y, okY := realNumber(b)
	if !okX || !okY {
		return nil, fmt.Errorf("cannot raise %s to %s", describe(a), describe(b))
	}
	return math.Pow(x, y), nil
}

var errDivideByZero = errors.New("division by zero")

// arithmetic computes with ints when both are ints, else with float64.
func arithmetic(a, b any, ints func(x, y int) int, floats func(x, y float64) float64) (any, bool) {
	a, b = plain(a), plain(b)
	if x, ok := a.(int); ok {
		if y, ok := b.(int); ok {
			return ints(x, y), true
		}
	}
	x, okX := realNumber(a)
	y, okY := realNumber(b)
	return floats(x, y), okX && okY
}

// within is the operator in: an item of a list, a key of a map. Nothing is in
// nil.
func within(e *Env, a, b any) (any, error) {
	if b == nil {
		return false, nil
	}
	if members, ok := b.(map[string]any); ok {
		key, ok := a.(string)
		_, found := members[key]
		return ok && found, nil
	}
	if items, ok := listOf(b); ok {
		return slices.ContainsFunc(items, func(item any) bool { return equal(a, item) }), e.chargeItems(len(items))
	}
	return nil, fmt.Errorf("in needs a list or a map, got %s", describe(b))
}

// onText makes an operator of a predicate on two texts. nil has no text in it.
func onText(name string, holds func(s, part string) bool) operator {
	return func(e *Env, a, b any) (any, error) {
		if a == nil {
			return false, nil
		}
		s, okA := a.(string)
		part, okB := b.(string)
		if !okA || !okB {
			return nil, fmt.Errorf("%s needs text on both sides, got %s and %s", name, describe(a), describe(b))
		}
		return holds(s, part), e.charge(len(s) / itemBytes)
	}
}

// member is a field of a map or an item of a list, nil when there is none.
// Negative indices count from the end.
func member(base, key any) any {
	if members, ok := base.(map[string]any); ok {
		if name, ok := key.(string); ok {
			return members[name]
		}
		return nil
	}
	items, ok := listOf(base)
	if !ok {
		return nil
	}
	i, ok := wholeNumber(key)
	if i < 0 {
		i += len(items)
	}
	if !ok || i < 0 || i >= len(items) {
		return nil
	}
	return items[i]
}
