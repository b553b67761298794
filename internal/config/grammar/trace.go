package grammar

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/unit"
)

// DefaultSample is the share of requests that carry the id of a trace where the file has trace and says no share.
const DefaultSample = 0.01

// sampleText is a share of requests, all of them at most.
var sampleText = &scalar{name: "share", json: "string", unit: "%", example: "1%", pattern: wholeText(ratioPattern),
	parse: func(t string) (any, error) {
		r, err := unit.ParseRatio(t)
		if err == nil && (r <= 0 || r > 1) {
			err = fmt.Errorf("%s is out of range; write a share above 0%%, at most 100%%, or leave trace out", t)
		}
		return r, err
	}}

func traceShape() *shape {
	return &shape{kind: ObjectKind, name: "trace", fields: []field{
		{key: "propagate", shape: scalarOf(enum("w3c")), required: true,
			doc:     "How a sampled request carries its id: w3c, in the header traceparent.",
			example: "propagate: w3c"},
		{key: "sample", shape: scalarOf(sampleText),
			doc: "The share of requests that carry one; the others get no header.",
			def: unit.Quantity{Value: DefaultSample, Unit: unit.Ratio}.String(), example: "sample: 1%"},
	}}
}
