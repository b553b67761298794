package expr

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// The functions of chance and time. All chance comes from the Env's source:
// the same seed and the same calls give the same values.
var chanceFunctions = []*function{
	{
		name: "int", usage: "int(1, 100)", params: []class{whole, whole}, least: 1, converts: true, result: intType,
		vet: vetBounds("int"), call: drawInt,
	},
	{
		name: "float", usage: "float(0.5, 2)", params: []class{numeric, numeric},
		least: 1, converts: true, result: floatType,
		vet: vetBounds("float"), call: drawFloat,
	},
	{
		name: "pick", usage: `pick("a", "b") or pick(list)`, params: []class{anything}, least: 1, variadic: true,
		resultOf: pickType, vet: vetPick, call: pick,
	},
	{
		name: "chance", usage: "chance(0.5)", params: []class{numeric}, least: 1, result: boolType,
		vet: vetChance, call: func(e *Env, args []any) (any, error) {
			p, _ := dynamic.Real(args[0])
			return e.rand.Float64() < p, nil
		},
	},
	{
		name: "uuid", usage: "uuid()", result: stringType,
		call: func(e *Env, _ []any) (any, error) { return uuid(e.rand.Uint64(), e.rand.Uint64()), nil },
	},
	{
		name: "seq", usage: "seq()", result: intType,
		call: func(e *Env, _ []any) (any, error) {
			return e.number(), nil
		},
	},
	{
		name: "now", usage: "now()", result: timeType,
		call: func(e *Env, _ []any) (any, error) { return e.now().UTC(), nil },
	},
	durationFunction("days", 24*time.Hour),
	durationFunction("hours", time.Hour),
	durationFunction("minutes", time.Minute),
	durationFunction("seconds", time.Second),
}

func durationFunction(name string, unit time.Duration) *function {
	limit := float64(math.MaxInt64) / float64(unit)
	return &function{
		name: name, usage: name + "(2)", params: []class{numeric}, least: 1, result: durationType,
		vet: func(args []any) error {
			if n, _ := dynamic.Real(args[0]); math.Abs(n) >= limit {
				return fmt.Errorf("%s(%s) is too long; write fewer than %d", name, dynamic.Show(args[0]), int(limit))
			}
			return nil
		},
		call: func(_ *Env, args []any) (any, error) {
			if n, ok := args[0].(int); ok {
				return time.Duration(n) * unit, nil
			}
			return time.Duration(args[0].(float64) * float64(unit)), nil
		},
	}
}

// vetBounds checks the two arguments of a draw; the conversion with one
// argument checks itself.
func vetBounds(name string) func(args []any) error {
	return func(args []any) error {
		if len(args) < 2 {
			return nil
		}
		low, _ := dynamic.Real(args[0])
		high, _ := dynamic.Real(args[1])
		switch {
		case math.IsInf(high-low, 0) || math.IsNaN(high-low):
			return fmt.Errorf("%s(%s, %s) is too wide a range", name, dynamic.Show(args[0]), dynamic.Show(args[1]))
		case low > high:
			return fmt.Errorf("%[1]s(%[2]s, %[3]s) is an empty range; write %[1]s(%[3]s, %[2]s)",
				name, dynamic.Show(args[0]), dynamic.Show(args[1]))
		}
		return nil
	}
}

// drawInt is int(low, high), both included, or the conversion int(x).
func drawInt(e *Env, args []any) (any, error) {
	if len(args) == 1 {
		return toInt(args[0])
	}
	low, high := args[0].(int), args[1].(int)
	span := uint64(high) - uint64(low) + 1
	if span == 0 { // every int
		return int(e.rand.Uint64()), nil
	}
	return int(uint64(low) + e.rand.Uint64N(span)), nil
}

// drawFloat is float(low, high), high excluded unless it equals low, or the
// conversion float(x).
func drawFloat(e *Env, args []any) (any, error) {
	if len(args) == 1 {
		return toFloat(args[0])
	}
	low, _ := dynamic.Real(args[0])
	high, _ := dynamic.Real(args[1])
	return low + e.rand.Float64()*(high-low), nil
}

func toInt(value any) (any, error) {
	switch v := dynamic.Plain(value).(type) {
	case int:
		return v, nil
	case float64:
		if n, ok := dynamic.Whole(math.Trunc(v)); ok {
			return n, nil
		}
	case string:
		if n, err := strconv.Atoi(v); err == nil {
			return n, nil
		}
		return nil, fmt.Errorf("int(%s) is not a whole number", dynamic.Show(v))
	}
	return nil, fmt.Errorf("int cannot convert %s", dynamic.Describe(value))
}

func toFloat(value any) (any, error) {
	if f, ok := dynamic.Real(value); ok {
		return f, nil
	}
	if text, ok := value.(string); ok {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("float(%s) is not a number", dynamic.Show(text))
		}
		return f, nil
	}
	return nil, fmt.Errorf("float cannot convert %s", dynamic.Describe(value))
}

// pickType is the type that all choices share.
func pickType(args []reflect.Type) reflect.Type {
	if len(args) == 1 {
		if t := args[0]; t != nil && t.Kind() == reflect.Slice {
			return t.Elem()
		}
		return anyType
	}
	for _, t := range args[1:] {
		if t != args[0] {
			return anyType
		}
	}
	if args[0] == nil {
		return anyType
	}
	return args[0]
}

func vetPick(args []any) error {
	if len(args) > 1 {
		return nil
	}
	items, ok := dynamic.ListOf(args[0])
	switch {
	case !ok:
		return fmt.Errorf("pick needs a list or several values, got %s; write pick(\"a\", \"b\") or pick(list)",
			dynamic.Describe(args[0]))
	case len(items) == 0:
		return errors.New("pick has nothing to pick from: the list is empty; write at least one value")
	}
	return nil
}

func pick(e *Env, args []any) (any, error) {
	if len(args) == 1 {
		args, _ = dynamic.ListOf(args[0])
	}
	return args[e.rand.IntN(len(args))], nil
}

func vetChance(args []any) error {
	if p, _ := dynamic.Real(args[0]); p < 0 || p > 1 {
		return fmt.Errorf("chance(%s) is outside 0 to 1; write chance(0.5) for every second time",
			dynamic.Show(args[0]))
	}
	return nil
}

// uuid formats 122 of the 128 bits as a version 4 UUID (RFC 9562, section
// 5.4).
func uuid(high, low uint64) string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], high)
	binary.BigEndian.PutUint64(raw[8:], low)
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	var text [36]byte
	at := 0
	for i, group := range [][]byte{raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:]} {
		if i > 0 {
			text[at] = '-'
			at++
		}
		at += hex.Encode(text[at:], group)
	}
	return string(text[:])
}
