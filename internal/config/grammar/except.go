package grammar

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

func exceptShape() *shape {
	const sample = "{endpoint: GET /api/report, reason: why it is left out}"
	entry := &shape{kind: ObjectKind, name: "exception", sample: sample, fields: []field{
		{key: "endpoint", shape: oneOrMore(scalarOf(patternText)), required: true,
			doc: "The endpoint that is left out, by name or pattern.", example: "endpoint: GET /api/report"},
		{key: "reason", shape: scalarOf(reasonText), required: true, doc: "Why; every report shows it.",
			example: "reason: 'slow export, rewritten in spring'"},
		{key: "until", shape: scalarOf(dayText), def: "no end", example: "until: 2026-03-01",
			doc: "The first day, in UTC, on which the exception counts no longer."},
	}}
	return oneOrMore(entry)
}

// reasonText is a sentence on one line.
var reasonText = &scalar{name: "text", json: "string", example: "'slow export, rewritten in spring'", pattern: oneLine,
	parse: func(t string) (any, error) {
		if strings.TrimSpace(t) == "" {
			return nil, errors.New("is empty; write why the endpoint is left out")
		}
		return parseName(t)
	}}

// dayText is a date as the calendar has it.
var dayText = &scalar{name: "date", json: "string", example: "2026-03-01",
	pattern: wholeText(`[0-9]{4}-[0-9]{2}-[0-9]{2}`),
	parse: func(t string) (any, error) {
		day, err := time.Parse(time.DateOnly, t)
		if err != nil {
			return nil, fmt.Errorf("%q is not a date; write year, month and day, such as 2026-03-01", t)
		}
		return day, nil
	}}
