package engine

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/loadgate/loadgate/internal/expr"
)

// Values are what setup steps captured, by name. Nobody changes them. The zero value has none.
type Values struct {
	All    map[string]any
	Secret []string // names whose values are not shown, because a secret step captured them
}

// encodedValues are Values as JSON.
type encodedValues struct {
	All    json.RawMessage `json:"all"`
	Secret []string        `json:"secret,omitempty"`
}

// Encode writes the values for another machine.
func (v Values) Encode() ([]byte, error) {
	all, err := expr.AppendValues(nil, v.All)
	if err != nil {
		return nil, fmt.Errorf("send what setup captured: %w", err)
	}
	return json.Marshal(encodedValues{all, v.Secret})
}

// DecodeValues reads what Encode wrote.
func DecodeValues(text []byte) (v Values, err error) {
	var of encodedValues
	if err = json.Unmarshal(text, &of); err == nil {
		v.All, err = expr.ReadValues(of.All)
	}
	v.Secret = of.Secret
	if err != nil {
		return Values{}, fmt.Errorf("read what setup captured: %w", err)
	}
	return v, nil
}

// hidden are the secret values as texts.
func (v Values) hidden() (texts []string) {
	for _, name := range v.Secret {
		texts = appendTexts(texts, v.All[name])
	}
	return texts
}

// appendTexts appends the texts and numbers in a value, however deep in it: those of an object are shown one by one.
func appendTexts(dst []string, value any) []string {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Invalid, reflect.Bool:
		return dst
	case reflect.Slice:
		for i := range v.Len() {
			dst = appendTexts(dst, v.Index(i).Interface())
		}
		return dst
	case reflect.Map:
		for _, one := range v.Seq2() {
			dst = appendTexts(dst, one.Interface())
		}
		return dst
	}
	return append(dst, fmt.Sprint(value))
}
