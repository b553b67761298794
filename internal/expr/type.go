package expr

import (
	"reflect"
	"time"
)

// Type is what is known of a value before it exists. The zero value, Any, says
// nothing.
type Type uint8

// The types.
const (
	Any Type = iota
	Bool
	Int
	Float
	String
	Time
	List
	Map
)

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
