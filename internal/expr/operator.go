package expr

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// operator computes one binary operator on values of any type.
type operator func(e *Env, a, b any) (any, error)

// The operators on values whose types are known only when they run: those of
// answers, captures and data rows. Operands of known types keep the library's
// own instructions.

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
	if sum, ok := dynamic.Arithmetic(a, b, func(x, y int) int { return x + y },
		func(x, y float64) float64 { return x + y }); ok {
		return sum, nil
	}
	return nil, fmt.Errorf("cannot add %s and %s", dynamic.Describe(a), dynamic.Describe(b))
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
	if items, ok := dynamic.ListOf(b); ok {
		return slices.ContainsFunc(items, func(item any) bool { return dynamic.Equal(a, item) }),
			e.chargeItems(len(items))
	}
	return nil, fmt.Errorf("in needs a list or a map, got %s", dynamic.Describe(b))
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
			return nil, fmt.Errorf("%s needs text on both sides, got %s and %s",
				name, dynamic.Describe(a), dynamic.Describe(b))
		}
		return holds(s, part), e.charge(len(s) / itemBytes)
	}
}
