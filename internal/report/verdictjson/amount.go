package verdictjson

import (
	"encoding/json"
	"io"
	"math"

	"github.com/loadgate/loadgate/internal/verdict"
)

// Amount is a quantity in the base of its dimension, whatever unit the
// file was written in: ns, ratio, per_second, bytes or count.
type Amount struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// AmountOf is a value as documents have it; nil: it was not measured.
func AmountOf(v verdict.Value) *Amount {
	if !v.OK || math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
		return nil
	}
	return &Amount{v.Value, v.Unit.Base()}
}

// known is nil for the zero that means unknown.
func known[N int64 | float64](n N) *N {
	if n == 0 || math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return nil
	}
	return &n
}

// finite is nil for what JSON has no number for.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// WriteJSON writes a document for scripts, and for people who look into it.
func WriteJSON(w io.Writer, doc any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(doc)
}
