package expr

import (
	"fmt"
	"reflect"

	"github.com/expr-lang/expr/builtin"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
	"github.com/loadgate/loadgate/internal/unit"
)

// function is a function of the language. Its signature is checked twice with
// the same words: when the file is read, as far as types are known, and when
// the function runs.
type function struct {
	name     string
	usage    string // as a remedy shows it
	params   []class
	least    int // fewer arguments than params are fine down to this
	variadic bool
	converts bool                                   // with one argument it takes anything
	result   reflect.Type                           // nil: resultOf
	resultOf func(args []reflect.Type) reflect.Type // nil: anything
	types    func(args []reflect.Type) error        // further demands on static types; nil: none
	vet      func(args []any) error                 // further demands on values; nil: none
	call     func(e *Env, args []any) (any, error)  // args fit params
}

// class is what a parameter takes.
type class uint8

const (
	anything class = iota
	textual
	whole   // a number without fraction; the function sees an int
	numeric // the function sees an int or a float64
	listed  // the function sees a []any
	keyed   // a map
	sized   // text, list or map
)

func (c class) String() string {
	return [...]string{"a value", "text", "a whole number", "a number", "a list", "a map", "text, a list or a map"}[c]
}

// take returns value as the class gives it to a function.
func (c class) take(value any) (taken any, ok bool) {
	switch c {
	case textual:
		_, ok = value.(string)
		return value, ok
	case whole:
		return wholeNumberAny(value)
	case numeric:
		value = dynamic.Plain(value)
		_, isInt := value.(int)
		_, isFloat := value.(float64)
		return value, isInt || isFloat
	case listed:
		items, ok := dynamic.ListOf(value)
		return items, ok
	case keyed:
		_, ok = value.(map[string]any)
		return value, ok
	case sized:
		switch value.(type) {
		case string, map[string]any:
			return value, true
		}
		items, ok := dynamic.ListOf(value)
		return items, ok
	}
	return value, true
}

func wholeNumberAny(value any) (any, bool) {
	n, ok := dynamic.Whole(value)
	return n, ok
}

// takes says whether a value of the static type t may fit.
func (c class) takes(t reflect.Type) bool {
	if c == anything || isUnknown(t) {
		return true
	}
	if t == nil {
		return false
	}
	switch kind := typeOf(t); c {
	case textual:
		return kind == String
	case whole:
		return kind == Int
	case numeric:
		return kind == Int || kind == Float
	case listed:
		return kind == List
	case keyed:
		return kind == Map
	default:
		return kind == String || kind == List || kind == Map
	}
}

// check reports a wrong number of arguments or a static type that can never
// fit, and returns the static type of the result.
func (f *function) check(args []reflect.Type) (reflect.Type, error) {
	if len(args) < f.least || len(args) > len(f.params) && !f.variadic {
		return nil, fmt.Errorf("%s does not take %s; write %s", f.name, unit.Counted(len(args), "argument"), f.usage)
	}
	for i, t := range args {
		if c := f.param(i, len(args)); !c.takes(t) {
			return nil, fmt.Errorf("%s needs %s, got %s; write %s", f.name, c, describeType(t), f.usage)
		}
	}
	if f.types != nil {
		if err := f.types(args); err != nil {
			return nil, err
		}
	}
	switch {
	case f.result != nil:
		return f.result, nil
	case f.resultOf != nil:
		return f.resultOf(args), nil
	}
	return anyType, nil
}

// run checks the values and calls the function. It may change args.
func (f *function) run(e *Env, args []any) (any, error) {
	for i, value := range args {
		c := f.param(i, len(args))
		taken, ok := c.take(value)
		if !ok {
			return nil, fmt.Errorf("%s needs %s, got %s", f.name, c, dynamic.Describe(value))
		}
		args[i] = taken
	}
	if f.vet != nil {
		if err := f.vet(args); err != nil {
			return nil, err
		}
	}
	return f.call(e, args)
}

// param returns the class of argument i of n.
func (f *function) param(i, n int) class {
	if f.converts && n == 1 {
		return anything
	}
	return f.params[min(i, len(f.params)-1)]
}

// library returns f as the library calls it: the Env is the first argument.
func (f *function) library() *builtin.Function {
	return &builtin.Function{
		Name: f.name,
		Func: func(args ...any) (any, error) {
			return f.run(args[0].(*Env), args[1:])
		},
		Validate: func(types []reflect.Type) (reflect.Type, error) {
			return f.check(types[1:])
		},
	}
}
