package numeral

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// sentence marks an error of JSON whose value is all that is to be said.
type sentence string

// Refuse refuses a value of JSON; the decoder adds where it stands.
func Refuse(format string, args ...any) error {
	return &json.UnmarshalTypeError{Value: fmt.Sprintf(format, args...), Type: reflect.TypeFor[sentence]()}
}

// IsRefusal says whether an error of JSON is one of Refuse.
func IsRefusal(e *json.UnmarshalTypeError) bool { return e.Type == reflect.TypeFor[sentence]() }
