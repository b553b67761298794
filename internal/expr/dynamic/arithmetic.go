package dynamic

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Subtract subtracts numbers, times and durations. Its errors, as those of the next, name the kinds
// of both values.
func Subtract(a, b any) (any, error) {
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
	if difference, ok := Arithmetic(a, b, func(x, y int) int { return x - y },
		func(x, y float64) float64 { return x - y }); ok {
		return difference, nil
	}
	return nil, fmt.Errorf("cannot subtract %s from %s", Describe(b), Describe(a))
}

// Multiply multiplies numbers, and a duration by a number.
func Multiply(a, b any) (any, error) {
	if d, ok := a.(time.Duration); ok {
		if f, ok := Real(b); ok {
			return time.Duration(float64(d) * f), nil
		}
	}
	if d, ok := b.(time.Duration); ok {
		if f, ok := Real(a); ok {
			return time.Duration(float64(d) * f), nil
		}
	}
	if product, ok := Arithmetic(a, b, func(x, y int) int { return x * y },
		func(x, y float64) float64 { return x * y }); ok {
		return product, nil
	}
	return nil, fmt.Errorf("cannot multiply %s by %s", Describe(a), Describe(b))
}

// Divide divides numbers, always with a fraction; by zero is ErrDivideByZero.
func Divide(a, b any) (any, error) {
	x, okX := Real(a)
	y, okY := Real(b)
	switch {
	case !okX || !okY:
		return nil, fmt.Errorf("cannot divide %s by %s", Describe(a), Describe(b))
	case y == 0:
		return nil, ErrDivideByZero
	}
	return x / y, nil
}

// Modulo is the remainder of whole numbers; by zero is ErrDivideByZero.
func Modulo(a, b any) (any, error) {
	x, okX := Whole(a)
	y, okY := Whole(b)
	switch {
	case !okX || !okY:
		return nil, fmt.Errorf("%% needs whole numbers, got %s and %s", Describe(a), Describe(b))
	case y == 0:
		return nil, ErrDivideByZero
	}
	return x % y, nil
}

// Power raises a number to a power.
func Power(a, b any) (any, error) {
	x, okX := Real(a)
	y, okY := Real(b)
	if !okX || !okY {
		return nil, fmt.Errorf("cannot raise %s to %s", Describe(a), Describe(b))
	}
	return math.Pow(x, y), nil
}

// ErrDivideByZero says that there is no quotient.
var ErrDivideByZero = errors.New("division by zero")

// Arithmetic computes with ints when both are ints, else with float64.
func Arithmetic(a, b any, ints func(x, y int) int, floats func(x, y float64) float64) (any, bool) {
	a, b = Plain(a), Plain(b)
	if x, ok := a.(int); ok {
		if y, ok := b.(int); ok {
			return ints(x, y), true
		}
	}
	x, okX := Real(a)
	y, okY := Real(b)
	return floats(x, y), okX && okY
}
