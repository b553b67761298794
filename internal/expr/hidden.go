package expr

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// operators are the calls by which the compiler replaces operators whose operand
// types are known only at run time. A $ keeps their names out of reach of a source.
var operators = []struct {
	symbol string
	apply  operator
}{
	{"==", func(_ *Env, a, b any) (any, error) { return dynamic.Equal(a, b), nil }},
	{"!=", func(_ *Env, a, b any) (any, error) { return !dynamic.Equal(a, b), nil }},
	{"<", ordering(func(c int) bool { return c < 0 })},
	{"<=", ordering(func(c int) bool { return c <= 0 })},
	{">", ordering(func(c int) bool { return c > 0 })},
	{">=", ordering(func(c int) bool { return c >= 0 })},
	{"+", add},
	{"-", pure(dynamic.Subtract)},
	{"*", pure(dynamic.Multiply)},
	{"/", pure(dynamic.Divide)},
	{"%", pure(dynamic.Modulo)},
	{"**", pure(dynamic.Power)},
	{"^", pure(dynamic.Power)},
	{"in", within},
	{"contains", onText("contains", strings.Contains)},
	{"startsWith", onText("startsWith", strings.HasPrefix)},
	{"endsWith", onText("endsWith", strings.HasSuffix)},
}

// pure makes an operator of a function that makes nothing that counts against the budget.
func pure(apply func(a, b any) (any, error)) operator {
	return func(_ *Env, a, b any) (any, error) { return apply(a, b) }
}

func ordering(holds func(c int) bool) operator {
	return func(_ *Env, a, b any) (any, error) {
		c, err := dynamic.Compare(a, b)
		return holds(c), err
	}
}

// hiddenFunctions are what the compiler writes: operators, reads of the
// answer, and guards around values of unknown type.
var hiddenFunctions = append([]*function{
	hidden("$body", 0, func(e *Env, _ []any) (any, error) { return e.body.Content(), nil }),
	hidden("$header", 1, func(e *Env, args []any) (any, error) {
		name, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("headers needs a name, got %s", dynamic.Describe(args[0]))
		}
		if e.header == nil {
			return nil, nil
		}
		if value := e.header(name); value != "" {
			return value, nil
		}
		return nil, nil
	}),
	hidden("$cookie", 1, func(e *Env, args []any) (any, error) {
		name, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("cookies needs a name, got %s", dynamic.Describe(args[0]))
		}
		if e.cookie == nil {
			return nil, nil
		}
		if value := e.cookie(name); value != "" {
			return value, nil
		}
		return nil, nil
	}),
	hidden("$field", 2,
		func(e *Env, args []any) (any, error) {
			return dynamic.Native(dynamic.Lookup(e.names[args[0].(string)], args[1])), nil
		}),
	{
		name: "$member", params: []class{anything, anything}, least: 2, types: memberTypes,
		call: func(_ *Env, args []any) (any, error) { return dynamic.Lookup(args[0], args[1]), nil },
	},
	{name: "$path", params: []class{anything}, variadic: true, call: func(e *Env, args []any) (any, error) {
		return e.body.At(args), nil
	}},
	hidden("$truth", 1, func(_ *Env, args []any) (any, error) { return dynamic.Truth(args[0]) }),
	hidden("$items", 1, func(e *Env, args []any) (any, error) {
		items, ok := dynamic.ListOf(args[0])
		if !ok {
			return nil, fmt.Errorf("a list is needed, got %s", dynamic.Describe(args[0]))
		}
		return items, e.chargeItems(len(items))
	}),
	hidden("$whole", 1, func(_ *Env, args []any) (any, error) {
		if n, ok := dynamic.Whole(args[0]); ok {
			return n, nil
		}
		return nil, fmt.Errorf("a whole number is needed, got %s", dynamic.Describe(args[0]))
	}),
	hidden("$count", 1, func(_ *Env, args []any) (any, error) {
		n, ok := dynamic.Whole(args[0])
		if !ok {
			return nil, fmt.Errorf("list needs a whole number of items, got %s", dynamic.Describe(args[0]))
		}
		return n, vetCount(n)
	}),
	hidden("$plain", 1, func(_ *Env, args []any) (any, error) { return dynamic.Plain(args[0]), nil }),
	hidden("$negate", 1, func(_ *Env, args []any) (any, error) {
		switch v := dynamic.Plain(args[0]).(type) {
		case int:
			return -v, nil
		case float64:
			return -v, nil
		case time.Duration:
			return -v, nil
		}
		return nil, fmt.Errorf("cannot negate %s", dynamic.Describe(args[0]))
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
		fns = append(fns, hidden("$"+op.symbol, 2,
			func(e *Env, args []any) (any, error) { return op.apply(e, args[0], args[1]) }))
	}
	return fns
}
