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
		step = min(span, width(s, span)) / 100
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

// width is how far the bounds of a schema are apart; otherwise: one of them is not known.
func width(s *openapi3.Schema, otherwise float64) float64 {
	low, high := s.Min, s.Max
	if s.ExclusiveMin.Value != nil {
		low = s.ExclusiveMin.Value
	}
	if s.ExclusiveMax.Value != nil {
		high = s.ExclusiveMax.Value
	}
	if low == nil || high == nil {
		return otherwise
	}
	return max(*high-*low, 0)
}

// number is a number with a fraction. Of a multiple such as 0.01 it is a whole number divided by
// 100, which is exact.
func number(s *openapi3.Schema) *node.Value {
	low, high := bounds(s, 1, 100)
	if s.MultipleOf != nil && *s.MultipleOf > 0 {
		least, most := math.Ceil(low / *s.MultipleOf), math.Floor(high / *s.MultipleOf)
		parts := math.Round(1 / *s.MultipleOf)
		if least >= most || parts < 1 || math.Abs(parts**s.MultipleOf-1) > 1e-9 {
			return node.Number(least * *s.MultipleOf)
		}
		return node.Text(fmt.Sprintf("${ int(%s, %s) / %s }",
			node.Decimal(least), node.Decimal(most), node.Decimal(parts)))
	}
	if low >= high {
		return node.Number(low)
	}
	return node.Text(fmt.Sprintf("${ float(%s, %s) }", node.Decimal(low), node.Decimal(high)))
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
