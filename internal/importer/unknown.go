package importer

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
)

// What a tool does not know it writes as null, "NaN" or a dash, or leaves out. It
// is not known here either: 0 would be below every limit.

// maybe is a number of a document that may be missing. The zero value is.
type maybe struct {
	value float64
	known bool
}

// sure is a number that is known.
func sure(v float64) maybe { return maybe{v, true} }

// unknownWords are those that programs write in place of a number.
var unknownWords = []string{"", "-", "n/a", "na", "nan", "null", "none", "inf", "infinity", "-infinity", "∞", "\ufffd"}

// UnmarshalJSON implements json.Unmarshaler.
func (m *maybe) UnmarshalJSON(text []byte) error {
	var word string
	if json.Unmarshal(text, &word) != nil {
		word = string(text)
	}
	word = strings.TrimSpace(word)
	if slices.Contains(unknownWords, strings.ToLower(word)) {
		return nil
	}
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return notNumber(text)
	}
	m.value, m.known = v, true
	return nil
}

// notNumber refuses a value that should be a number.
func notNumber(text []byte) error {
	kinds := map[byte]string{'"': "text", '{': "an object", '[': "a list", 't': "true or false", 'f': "true or false"}
	if kind := kinds[text[0]]; kind != "" {
		return notValue("%s in place of a number", kind)
	}
	return notValue("%.40s is no number", text)
}

// numbers are those of an object that are known.
type numbers map[string]float64

// UnmarshalJSON implements json.Unmarshaler.
func (n *numbers) UnmarshalJSON(text []byte) error {
	var all map[string]maybe
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	*n = numbers{}
	for key, m := range all {
		if m.known {
			(*n)[key] = m.value
		}
	}
	return nil
}
