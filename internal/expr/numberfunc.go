package expr

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/expr-lang/expr/builtin"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// The functions on numbers, and on what has an order.
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
	// stat.Median cannot be used: it is on this floor, and leaves out elements that this one counts, NaN and Inf.
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
				items, ok := dynamic.ListOf(args[0])
				if !ok {
					return nil, fmt.Errorf("%s needs a list or several values, got %s", name, dynamic.Describe(args[0]))
				}
				args = items
			}
			if len(args) == 0 {
				return nil, nil
			}
			best := args[0]
			for _, candidate := range args[1:] {
				c, err := dynamic.Compare(candidate, best)
				if err != nil {
					return nil, err
				}
				if c == sign {
					best = candidate
				}
			}
			return dynamic.Plain(best), e.chargeItems(len(args))
		},
	}
}

func numbersOf(e *Env, name string, items []any) ([]float64, error) {
	if len(items) == 0 {
		return nil, fmt.Errorf("%s of an empty list", name)
	}
	numbers := make([]float64, len(items))
	for i, item := range items {
		f, ok := dynamic.Real(item)
		if !ok {
			return nil, fmt.Errorf("%s needs numbers, got %s", name, dynamic.Describe(item))
		}
		numbers[i] = f
	}
	return numbers, e.chargeItems(len(items))
}
