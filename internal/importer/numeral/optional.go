package numeral

import (
	"encoding/json"
	"slices"
	"strings"
)

// Tools write an unknown number as null, "NaN" or a dash, or leave it out. It stays
// missing here: 0 would be below every limit.

// Optional is a number of a document that may be missing. The zero value is missing.
type Optional struct {
	Value float64
	OK    bool
}

// Some is a number that is there.
func Some(v float64) Optional { return Optional{v, true} }

// missing are the words that programs write in place of a number.
var missing = []string{"", "-", "n/a", "na", "nan", "null", "none", "inf", "infinity", "-infinity", "∞", "\ufffd"}

// UnmarshalJSON implements json.Unmarshaler.
func (m *Optional) UnmarshalJSON(text []byte) error {
	var word string
	if json.Unmarshal(text, &word) != nil {
		word = string(text)
	}
	v, err := ParseOptional(word)
	if err != nil {
		return notNumber(text)
	}
	if v.OK {
		*m = v
	}
	return nil
}

// UnmarshalText implements encoding.TextUnmarshaler, for XML.
func (m *Optional) UnmarshalText(text []byte) error {
	v, err := ParseOptional(string(text))
	if err == nil {
		*m = v
	}
	return err
}

// ParseOptional reads a number, or a word that programs write where there is none.
func ParseOptional(text string) (Optional, error) {
	text = strings.TrimSpace(text)
	if slices.Contains(missing, strings.ToLower(text)) {
		return Optional{}, nil
	}
	v, err := Number(text)
	return Optional{Value: v, OK: err == nil}, err
}

// notNumber is the error of a value that should be a number.
func notNumber(text []byte) error {
	kinds := map[byte]string{'"': "text", '{': "an object", '[': "a list", 't': "true or false", 'f': "true or false"}
	if kind := kinds[text[0]]; kind != "" {
		return Refuse("%s in place of a number", kind)
	}
	return Refuse("%.40s is not a number", text)
}

// Numbers are the numbers of a JSON object, without missing ones.
type Numbers map[string]float64

// UnmarshalJSON implements json.Unmarshaler.
func (n *Numbers) UnmarshalJSON(text []byte) error {
	var all map[string]Optional
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	*n = Numbers{}
	for key, m := range all {
		if m.OK {
			(*n)[key] = m.Value
		}
	}
	return nil
}
