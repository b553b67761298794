package importer

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// sentence marks an error of JSON whose value is all that is to be said.
type sentence string

// notValue refuses a value of JSON; the decoder adds where it stands.
func notValue(format string, args ...any) error {
	return &json.UnmarshalTypeError{Value: fmt.Sprintf(format, args...), Type: reflect.TypeFor[sentence]()}
}

// isRefusal says whether an error of JSON is one of notValue.
func isRefusal(e *json.UnmarshalTypeError) bool { return e.Type == reflect.TypeFor[sentence]() }
