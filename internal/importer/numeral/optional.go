package numeral

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Tools write an unknown number as null, "NaN" or a dash, or leave it out. It stays
// missing here: 0 would be below every limit.

// Optional is a number of a JSON document that may be missing. The zero value is missing.
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
	word = strings.TrimSpace(word)
	if slices.Contains(missing, strings.ToLower(word)) {
		return nil
	}
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return notNumber(text)
	}
	m.Value, m.OK = v, true
	return nil
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
