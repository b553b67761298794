package expr

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/builtin"

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
		value = plain(value)
		_, isInt := value.(int)
		_, isFloat := value.(float64)
		return value, isInt || isFloat
	case listed:
		items, ok := listOf(value)
		return items, ok
	case keyed:
		_, ok = value.(map[string]any)
		return value, ok
	case sized:
		switch value.(type) {
		case string, map[string]any:
			return value, true
		}
		items, ok := listOf(value)
		return items, ok
	}
	return value, true
}

func wholeNumberAny(value any) (any, bool) {
	n, ok := wholeNumber(value)
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
			return nil, fmt.Errorf("%s needs %s, got %s", f.name, c, describe(value))
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

// The static types of the library that the language knows.
var (
	anyType      = reflect.TypeFor[any]()
	boolType     = reflect.TypeFor[bool]()
	intType      = reflect.TypeFor[int]()
	floatType    = reflect.TypeFor[float64]()
	stringType   = reflect.TypeFor[string]()
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	listType     = reflect.TypeFor[[]any]()
	mapType      = reflect.TypeFor[map[string]any]()
)

// reflected is the library's type for each Type.
var reflected = [...]reflect.Type{
	Any: anyType, Bool: boolType, Int: intType, Float: floatType,
	String: stringType, Time: timeType, List: listType, Map: mapType,
}

// typeOf returns the Type of a library type; Any for unknown, nil and
// durations.
func typeOf(t reflect.Type) Type {
	switch t {
	case nil, durationType:
		return Any
	case timeType:
		return Time
	}
	switch t.Kind() {
	case reflect.Bool:
		return Bool
	case reflect.Int:
		return Int
	case reflect.Float64:
		return Float
	case reflect.String:
		return String
	case reflect.Slice, reflect.Array:
		return List
	case reflect.Map:
		return Map
	}
	return Any
}

func isUnknown(t reflect.Type) bool { return t != nil && t.Kind() == reflect.Interface }

// describeType names a static type in words.
func describeType(t reflect.Type) string {
	if t == nil {
		return "nil"
	}
	if t == durationType {
		return "a duration"
	}
	switch typeOf(t) {
	case Bool:
		return "true or false"
	case Int:
		return "a number"
	case Float:
		return "a number with a fraction"
	case String:
		return "text"
	case Time:
		return "a time"
	case List:
		return "a list"
	case Map:
		return "a map"
	}
	return "a value"
}

// predicates are the library's functions over a list that take an expression
// of # (the item) or .field. reduce and groupBy are left out: the first makes
// text grow without bound, the second makes maps that JSON cannot hold.
var predicates = []string{
	"all", "any", "count", "filter", "find", "findIndex", "findLast",
	"findLastIndex", "map", "none", "one", "sortBy", "sum",
}

// compiled are the functions that leave no call behind: env is looked up when
// the file is read, list becomes a map over 1..n.
var compiled = []string{"env", "list"}

func isFunction(name string) bool {
	return functions[name] != nil || slices.Contains(predicates, name) || slices.Contains(compiled, name)
}

// functions is the table of the language's functions by name. The names of
// those that only the compiler writes begin with $.
var functions = table(chanceFunctions, textFunctions, formatFunctions, listFunctions, numberFunctions, hiddenFunctions)

// libraryFunctions is functions as the library takes them.
var libraryFunctions = func() map[string]*builtin.Function {
	fns := map[string]*builtin.Function{}
	for name, f := range functions {
		fns[name] = f.library()
	}
	return fns
}()

func table(groups ...[]*function) map[string]*function {
	all := map[string]*function{}
	for _, group := range groups {
		for _, f := range group {
			all[f.name] = f
		}
	}
	return all
}

// functionNames lists what can be called, sorted, for suggestions.
func functionNames() []string {
	names := slices.Concat(predicates, compiled)
	for name := range functions {
		if !strings.HasPrefix(name, "$") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
