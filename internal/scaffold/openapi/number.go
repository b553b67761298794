package openapi

import (
	"fmt"
	"math"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// bounds are the least and greatest value of a number, or a substitute for a missing
// one.
func bounds(s *openapi3.Schema, low, span float64) (float64, float64) {
	if s.Min != nil {
		low = *s.Min
	} else if s.Max != nil && *s.Max < low {
		low = *s.Max - span
	}
	step := 0.0
	if hasType(s, "integer") {
		step = 1
	} else {
		step = span / 100
	}
	switch b := s.ExclusiveMin; {
	case b.Value != nil:
		low = *b.Value + step
	case b.Bool != nil && *b.Bool:
		low += step
	}
	high := low + span - step
	if s.Max != nil {
		high = min(high, *s.Max)
	}
	switch b := s.ExclusiveMax; {
	case b.Value != nil:
		high = min(high, *b.Value-step)
	case b.Bool != nil && *b.Bool && s.Max != nil:
		high = min(high, *s.Max-step)
	}
	return low, max(low, high)
}

// integer is a whole number; of ids a small one, which is likely to be there.
func integer(name string, s *openapi3.Schema) *node.Value {
	span := 100.0
	if naming.IsID(name) {
		span = 10
	}
	low, high := bounds(s, 1, span)
	low, high = math.Ceil(low), math.Floor(high)
	if s.MultipleOf != nil && *s.MultipleOf > 1 {
		return node.Number(math.Ceil(low / *s.MultipleOf) * *s.MultipleOf)
	}
	if low >= high {
		return node.Number(low)
	}
	return node.Text(fmt.Sprintf("${ int(%s, %s) }", node.Decimal(low), node.Decimal(high)))
}

// arguments is values as arguments of an expression; empty where they are no
// texts and numbers.
func arguments(values []any) string {
	var out []string
	for _, v := range values {
		switch v := v.(type) {
		case string:
			out = append(out, template.Quote(v))
		case float64:
			out = append(out, node.Decimal(v))
		default:
			return ""
		}
	}
	return strings.Join(out, ", ")
}
