package numeral

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// sentence marks an error whose Value is the whole message.
type sentence string

// Refuse returns the error of a JSON value; the decoder adds its place.
func Refuse(format string, args ...any) error {
	return &json.UnmarshalTypeError{Value: fmt.Sprintf(format, args...), Type: reflect.TypeFor[sentence]()}
}

// IsRefusal reports whether an error comes from Refuse.
func IsRefusal(e *json.UnmarshalTypeError) bool { return e.Type == reflect.TypeFor[sentence]() }
