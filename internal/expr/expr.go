// Package expr is the one expression language of thresholds.yaml: `${ }`,
// expect, when, capture and vars compile here, are type-checked when the file
// is read, and run per virtual user with a seeded source of chance. It does
// not know what a step, a rule or a request is.
//
// The language is expr-lang's expressions without statements, methods and
// clocks, with the functions of function.go. Three things differ from the
// library, because answers of a service under load are what they are:
//
//   - Access is nil-safe. A missing field, an index beyond the end and a field
//     of nil are nil. Comparing nil with == and != is fine; ordering it or
//     calculating with it is an error, and so is nil inside text.
//   - Numbers keep their digits. A number of an answer that int and float64
//     would write differently stays a json.Number until an operator needs it
//     as a number.
//   - Every evaluation has a budget, so that no answer of the service can make
//     a virtual user spend seconds or gigabytes.
package expr

import (
	"reflect"
	"slices"

	"github.com/expr-lang/expr/vm"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// Error returns the message; the caller knows the file and the line.

// Program is a compiled expression. It is immutable and safe for concurrent
// use.
type Program struct {
	source   string
	static   reflect.Type // what is known of the value; nil: it is nil
	code     *vm.Program
	usesBody bool
	names    []string

	// direct evaluates what needs no machine: a constant, a name, a function
	// with constant arguments. nil: run code.
	direct   func(*Env) (any, error)
	constant bool // direct ignores its Env
}

// Type returns what is known of the value; Any for captures and answers.
func (p *Program) Type() Type { return typeOf(p.static) }

// String returns the source as written.
func (p *Program) String() string { return p.source }

// UsesBody says whether the expression reads the body of an answer.
func (p *Program) UsesBody() bool { return p.usesBody }

// Uses says whether the expression reads name, a var, a capture or a record.
func (p *Program) Uses(name string) bool { return slices.Contains(p.names, name) }

// Eval computes the value: nil, bool, int, float64, string, time.Time,
// time.Duration, []any, map[string]any, or a json.Number whose digits neither
// int nor float64 would keep. Lists and maps may be shared with the Env and
// must not be changed. An error says in a few words why there is no value; it
// is never an *Error.
func (p *Program) Eval(env *Env) (any, error) {
	env.spent = 0
	if p.direct != nil {
		return p.direct(env)
	}
	if env.machine == nil {
		env.machine = &vm.VM{MemoryBudget: budgetItems}
	}
	value, err := env.machine.Run(p.code, env.names)
	if err != nil {
		return nil, runtimeError(err)
	}
	return dynamic.Generic(value), nil
}

// Bool computes a truth. A value that is not a bool, nil included, is an
// error.
func (p *Program) Bool(env *Env) (bool, error) {
	value, err := p.Eval(env)
	if err != nil {
		return false, err
	}
	return dynamic.Truth(value)
}
