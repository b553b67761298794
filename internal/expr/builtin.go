package expr

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/builtin"
)

// The functions on texts, lists and numbers. They carry the names and the
// meaning of the library's own, and call them where that is safe; those that
// grow a text or a list are charged before they do, and those that range over
// a map do it in the order of its keys.

var textFunctions = []*function{
	onOneText("upper", strings.ToUpper),
	onOneText("lower", strings.ToLower),
	{
		name: "trim", usage: `trim(text) or trim(text, "/")`, params: []class{textual, textual}, least: 1, result: stringType,
		call: func(_ *Env, args []any) (any, error) {
			if len(args) == 1 {
				return strings.TrimSpace(args[0].(string)), nil
			}
			return strings.Trim(args[0].(string), args[1].(string)), nil
		},
	},
	onTwoTexts("trimPrefix", stringType, func(s, part string) any { return strings.TrimPrefix(s, part) }),
	onTwoTexts("trimSuffix", stringType, func(s, part string) any { return strings.TrimSuffix(s, part) }),
	onTwoTexts("hasPrefix", boolType, func(s, part string) any { return strings.HasPrefix(s, part) }),
	onTwoTexts("hasSuffix", boolType, func(s, part string) any { return strings.HasSuffix(s, part) }),
	onTwoTexts("indexOf", intType, func(s, part string) any { return strings.Index(s, part) }),
	onTwoTexts("lastIndexOf", intType, func(s, part string) any { return strings.LastIndex(s, part) }),
	{
		name: "split", usage: `split(text, ",")`, params: []class{textual, textual}, least: 2, result: listType,
		call: func(e *Env, args []any) (any, error) {
			s, sep := args[0].(string), args[1].(string)
			if err := e.chargeItems(strings.Count(s, sep) + 1); err != nil {
				return nil, err
			}
			items, _ := listOf(strings.Split(s, sep))
			return items, nil
		},
	},
	{
		name: "join", usage: `join(list, ", ")`, params: []class{listed, textual}, least: 1, result: stringType,
		call: join,
	},
	{
		name: "replace", usage: `replace(text, "old", "new")`, params: []class{textual, textual, textual}, least: 3, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			s, old, with := args[0].(string), args[1].(string), args[2].(string)
			if err := e.charge(len(s) + strings.Count(s, old)*len(with)); err != nil {
				return nil, err
			}
			return strings.ReplaceAll(s, old, with), nil
		},
	},
	{
		name: "repeat", usage: "repeat(text, 3)", params: []class{textual, whole}, least: 2, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			s, n := args[0].(string), args[1].(int)
			if n < 0 {
				return nil, fmt.Errorf("repeat needs a count of 0 or more, got %d", n)
			}
			if n > budgetBytes || e.charge(n*len(s)) != nil {
				return nil, errBudget
			}
			return strings.Repeat(s, n), nil
		},
	},
	{
		name: "string", usage: "string(value)", params: []class{anything}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			if text, ok := args[0].(string); ok {
				return text, nil
			}
			text, err := appendText(nil, args[0])
			if err != nil {
				text, err = appendJSON(nil, args[0])
			}
			return string(text), errors.Join(err, e.charge(len(text)))
		},
	},
	{
		name: "toJSON", usage: "toJSON(value)", params: []class{anything}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			text, err := appendJSON(nil, args[0])
			return string(text), errors.Join(err, e.charge(len(text)))
		},
	},
	{
		name: "fromJSON", usage: "fromJSON(text)", params: []class{textual}, least: 1,
		call: func(e *Env, args []any) (any, error) {
			text := args[0].(string)
			if err := e.charge(len(text)); err != nil {
				return nil, err
			}
			value, ok := parseJSON([]byte(text))
			if !ok {
				return nil, fmt.Errorf("fromJSON(%s) is not JSON", show(text))
			}
			return value, nil
		},
	},
	onOneText("toBase64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }),
	{
		name: "fromBase64", usage: "fromBase64(text)", params: []class{textual}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			text, err := base64.StdEncoding.DecodeString(args[0].(string))
			if err != nil {
				return nil, fmt.Errorf("fromBase64(%s) is not base64", show(args[0]))
			}
			return string(text), e.charge(len(text))
		},
	},
}

var listFunctions = []*function{
	{
		name: "len", usage: "len(list)", params: []class{sized}, least: 1, result: intType,
		call: func(_ *Env, args []any) (any, error) { return builtin.Len(args[0]), nil },
	},
	{
		name: "first", usage: "first(list)", params: []class{listed}, least: 1,
		call: func(_ *Env, args []any) (any, error) { return member(args[0], 0), nil },
	},
	{
		name: "last", usage: "last(list)", params: []class{listed}, least: 1,
		call: func(_ *Env, args []any) (any, error) { return member(args[0], -1), nil },
	},
	{
		name: "take", usage: "take(list, 3)", params: []class{listed, whole}, least: 2, result: listType,
		call: func(_ *Env, args []any) (any, error) {
			items, n := args[0].([]any), args[1].(int)
			return items[:min(max(n, 0), len(items))], nil
		},
	},
	{
		name: "keys", usage: "keys(map)", params: []class{keyed}, least: 1, result: listType,
		call: func(e *Env, args []any) (any, error) {
			members := args[0].(map[string]any)
			keys, _ := listOf(slices.Sorted(maps.Keys(members)))
			return keys, e.chargeItems(len(keys))
		},
	},
	{
		name: "values", usage: "values(map)", params: []class{keyed}, least: 1, result: listType,
		call: func(e *Env, args []any) (any, error) {
			members := args[0].(map[string]any)
			values := make([]any, 0, len(members))
			for _, key := range slices.Sorted(maps.Keys(members)) {
				values = append(values, members[key])
			}
			return values, e.chargeItems(len(values))
		},
	},
	{
		name: "reverse", usage: "reverse(list)", params: []class{listed}, least: 1, result: listType,
		call: func(e *Env, args []any) (any, error) {
			items := slices.Clone(args[0].([]any))
			slices.Reverse(items)
			return items, e.chargeItems(len(items))
		},
	},
	{
		name: "uniq", usage: "uniq(list)", params: []class{listed}, least: 1, result: listType, call: uniq,
	},
	{
		name: "concat", usage: "concat(list, list)", params: []class{listed}, least: 1, variadic: true, result: listType,
		call: func(e *Env, args []any) (any, error) {
			items := []any{}
			for _, list := range args {
				if err := e.chargeItems(len(list.([]any))); err != nil {
					return nil, err
				}
				items = append(items, list.([]any)...)
			}
			return items, nil
		},
	},
	{
		name: "flatten", usage: "flatten(list)", params: []class{listed}, least: 1, result: listType,
		call: func(e *Env, args []any) (any, error) { return flatten(e, nil, args[0].([]any)) },
	},
	{
		name: "sort", usage: "sort(list)", params: []class{listed}, least: 1, result: listType, call: sortItems,
	},
}

var numberFunctions = []*function{
	{
		name: "abs", usage: "abs(number)", params: []class{numeric}, least: 1,
		resultOf: func(args []reflect.Type) reflect.Type { return args[0] },
		call:     func(_ *Env, args []any) (any, error) { return builtin.Abs(args[0]), nil },
	},
	rounding("ceil", math.Ceil),
	rounding("floor", math.Floor),
	rounding("round", math.Round),
	extreme("min", -1),
	extreme("max", +1),
	{
		name: "mean", usage: "mean(list)", params: []class{listed}, least: 1, result: floatType,
		call: func(e *Env, args []any) (any, error) {
			numbers, err := numbersOf(e, "mean", args[0].([]any))
			if err != nil {
				return nil, err
			}
			sum := 0.0
			for _, n := range numbers {
				sum += n
			}
			return sum / float64(len(numbers)), nil
		},
	},
	{
		name: "median", usage: "median(list)", params: []class{listed}, least: 1, result: floatType,
		call: func(e *Env, args []any) (any, error) {
			numbers, err := numbersOf(e, "median", args[0].([]any))
			if err != nil {
				return nil, err
			}
			slices.Sort(numbers)
			middle := len(numbers) / 2
			if len(numbers)%2 == 1 {
				return numbers[middle], nil
			}
			return (numbers[middle-1] + numbers[middle]) / 2, nil
		},
	},
}

func onOneText(name string, change func(string) string) *function {
	return &function{
		name: name, usage: name + "(text)", params: []class{textual}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			text := args[0].(string)
			return change(text), e.charge(len(text))
		},
	}
}

func onTwoTexts(name string, result reflect.Type, apply func(s, part string) any) *function {
	return &function{
		name: name, usage: name + `(text, "part")`, params: []class{textual, textual}, least: 2, result: result,
		call: func(_ *Env, args []any) (any, error) { return apply(args[0].(string), args[1].(string)), nil },
	}
}

// rounding makes a function that keeps an int and gives a whole float64
// otherwise.
func rounding(name string, round func(float64) float64) *function {
	return &function{
		name: name, usage: name + "(number)", params: []class{numeric}, least: 1,
		resultOf: func(args []reflect.Type) reflect.Type { return args[0] },
		call: func(_ *Env, args []any) (any, error) {
			if f, ok := args[0].(float64); ok {
				return round(f), nil
			}
			return args[0], nil
		},
	}
}

// extreme makes min (sign -1) and max (+1) of several values or of one list.
// Values are numbers, texts, times or durations of one kind.
func extreme(name string, sign int) *function {
	return &function{
		name: name, usage: name + "(list) or " + name + "(1, 2)", params: []class{anything}, least: 1, variadic: true,
		resultOf: pickType,
		call: func(e *Env, args []any) (any, error) {
			if len(args) == 1 {
				items, ok := listOf(args[0])
				if !ok {
					return nil, fmt.Errorf("%s needs a list or several values, got %s", name, describe(args[0]))
				}
				args = items
			}
			if len(args) == 0 {
				return nil, nil
			}
			best := args[0]
			for _, candidate := range args[1:] {
				c, err := order(candidate, best)
				if err != nil {
					return nil, err
				}
				if c == sign {
					best = candidate
				}
			}
			return plain(best), e.chargeItems(len(args))
		},
	}
}

func join(e *Env, args []any) (any, error) {
	separator := ""
	if len(args) == 2 {
		separator = args[1].(string)
	}
	var text []byte
	for i, item := range args[0].([]any) {
		before := len(text)
		if i > 0 {
			text = append(text, separator...)
		}
		var err error
		if text, err = appendText(text, item); err != nil {
			return nil, fmt.Errorf("join: %w", err)
		}
		if err := e.charge(len(text) - before); err != nil {
			return nil, err
		}
	}
	return string(text), nil
}

func uniq(e *Env, args []any) (any, error) {
	kept := []any{}
	for _, item := range args[0].([]any) {
		if err := e.chargeItems(1 + len(kept)/8); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(kept, func(other any) bool { return equal(item, other) }) {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

func flatten(e *Env, flat, items []any) ([]any, error) {
	if flat == nil {
		flat = []any{}
	}
	for _, item := range items {
		if err := e.chargeItems(1); err != nil {
			return nil, err
		}
		nested, ok := listOf(item)
		if !ok {
			flat = append(flat, item)
			continue
		}
		var err error
		if flat, err = flatten(e, flat, nested); err != nil {
			return nil, err
		}
	}
	return flat, nil
}

func sortItems(e *Env, args []any) (any, error) {
	items := slices.Clone(args[0].([]any))
	if err := e.chargeItems(len(items)); err != nil {
		return nil, err
	}
	var failed error
	slices.SortStableFunc(items, func(a, b any) int {
		c, err := order(a, b)
		if err != nil && failed == nil {
			failed = err
		}
		return c
	})
	return items, failed
}

func numbersOf(e *Env, name string, items []any) ([]float64, error) {
	if len(items) == 0 {
		return nil, fmt.Errorf("%s of an empty list", name)
	}
	numbers := make([]float64, len(items))
	for i, item := range items {
		f, ok := realNumber(item)
		if !ok {
			return nil, fmt.Errorf("%s needs numbers, got %s", name, describe(item))
		}
		numbers[i] = f
	}
	return numbers, e.chargeItems(len(items))
}

// operator computes one binary operator on values of any type.
type operator func(e *Env, a, b any) (any, error)

// operators are the calls that the compiler puts in the place of operators
// whose operand types are known only at run time. A $ keeps their names out of
// reach of a source.
var operators = []struct {
	symbol string
	apply  operator
}{
	{"==", func(_ *Env, a, b any) (any, error) { return equal(a, b), nil }},
	{"!=", func(_ *Env, a, b any) (any, error) { return !equal(a, b), nil }},
	{"<", ordering(func(c int) bool { return c < 0 })},
	{"<=", ordering(func(c int) bool { return c <= 0 })},
	{">", ordering(func(c int) bool { return c > 0 })},
	{">=", ordering(func(c int) bool { return c >= 0 })},
	{"+", add},
	{"-", subtract},
	{"*", multiply},
	{"/", divide},
	{"%", modulo},
	{"**", power},
	{"^", power},
	{"in", within},
	{"contains", onText("contains", strings.Contains)},
	{"startsWith", onText("startsWith", strings.HasPrefix)},
	{"endsWith", onText("endsWith", strings.HasSuffix)},
}

func ordering(holds func(c int) bool) operator {
	return func(_ *Env, a, b any) (any, error) {
		c, err := order(a, b)
		return holds(c), err
	}
}

// hiddenFunctions are what the compiler writes: operators, reads of the
// answer, and guards around values of unknown type.
var hiddenFunctions = append([]*function{
	hidden("$body", 0, func(e *Env, _ []any) (any, error) { return e.answer.content(), nil }),
	hidden("$header", 1, func(e *Env, args []any) (any, error) {
		name, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("headers needs a name, got %s", describe(args[0]))
		}
		if e.answer.header == nil {
			return nil, nil
		}
		if value := e.answer.header(name); value != "" {
			return value, nil
		}
		return nil, nil
	}),
	hidden("$field", 2, func(e *Env, args []any) (any, error) { return member(e.names[args[0].(string)], args[1]), nil }),
	{
		name: "$member", params: []class{anything, anything}, least: 2, types: memberTypes,
		call: func(_ *Env, args []any) (any, error) { return member(args[0], args[1]), nil },
	},
	{name: "$path", params: []class{anything}, variadic: true, call: func(e *Env, args []any) (any, error) {
		value := e.answer.content()
		for _, key := range args {
			value = member(value, key)
		}
		return value, nil
	}},
	hidden("$truth", 1, func(_ *Env, args []any) (any, error) { return truth(args[0]) }),
	hidden("$items", 1, func(e *Env, args []any) (any, error) {
		items, ok := listOf(args[0])
		if !ok {
			return nil, fmt.Errorf("a list is needed, got %s", describe(args[0]))
		}
		return items, e.chargeItems(len(items))
	}),
	hidden("$whole", 1, func(_ *Env, args []any) (any, error) {
		if n, ok := wholeNumber(args[0]); ok {
			return n, nil
		}
		return nil, fmt.Errorf("a whole number is needed, got %s", describe(args[0]))
	}),
	hidden("$count", 1, func(_ *Env, args []any) (any, error) {
		n, ok := wholeNumber(args[0])
		if !ok {
			return nil, fmt.Errorf("list needs a whole number of items, got %s", describe(args[0]))
		}
		return n, vetCount(n)
	}),
	hidden("$plain", 1, func(_ *Env, args []any) (any, error) { return plain(args[0]), nil }),
	hidden("$negate", 1, func(_ *Env, args []any) (any, error) {
		switch v := plain(args[0]).(type) {
		case int:
			return -v, nil
		case float64:
			return -v, nil
		case time.Duration:
			return -v, nil
		}
		return nil, fmt.Errorf("cannot negate %s", describe(args[0]))
	}),
}, operatorFunctions()...)

// memberTypes refuses a field of what can never have one.
func memberTypes(args []reflect.Type) error {
	base, key := args[0], args[1]
	switch {
	case base == nil || isScalar(base):
		return fmt.Errorf("%s has no fields and no items; write the name alone", describeType(base))
	case typeOf(base) == List && key == stringType:
		return errors.New("a list has no fields; write the number of an item, such as [0]")
	case typeOf(base) == Map && isScalar(key) && key != stringType:
		return errors.New("a map has no numbered items; write a name in quotes")
	}
	return nil
}

func hidden(name string, arguments int, call func(e *Env, args []any) (any, error)) *function {
	return &function{name: name, params: make([]class, max(arguments, 1)), least: arguments, call: call}
}

func operatorFunctions() []*function {
	var fns []*function
	for _, op := range operators {
		fns = append(fns, hidden("$"+op.symbol, 2, func(e *Env, args []any) (any, error) { return op.apply(e, args[0], args[1]) }))
	}
	return fns
}

// vetCount checks the first argument of list.
func vetCount(n int) error {
	if n < 0 || n > maxList {
		return fmt.Errorf("list(%d, …) is outside 0 to 100,000 items", n)
	}
	return nil
}
