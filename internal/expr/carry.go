package expr

import (
	"errors"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// AppendValues writes values of expressions as a JSON object, so that another machine has the same: numbers keep
// their digits. A value that JSON does not have, such as infinity, is an error.
func AppendValues(dst []byte, values map[string]any) ([]byte, error) {
	return dynamic.AppendJSON(dst, values)
}

// ReadValues reads what AppendValues wrote.
func ReadValues(text []byte) (map[string]any, error) {
	value, ok := dynamic.ParseJSON(text)
	values, isMap := value.(map[string]any)
	if !ok || !isMap {
		return nil, errors.New("it is not a JSON object")
	}
	return values, nil
}
