package locustfile

import (
	"strconv"
	"strings"
)

// all is the test that all of some are true.
func all(tests []string) string {
	if len(tests) == 1 {
		return tests[0]
	}
	grouping := make([]string, len(tests))
	for i, t := range tests {
		grouping[i] = grouped(t)
	}
	return strings.Join(grouping, " && ")
}

// grouped is a test in parentheses where it is of several.
func grouped(test string) string {
	if strings.Contains(test, " || ") || strings.Contains(test, " && ") || strings.Contains(test, " ? ") {
		return "(" + test + ")"
	}
	return test
}

// combined are tests of one kind as one.
func combined(tests []value, op, no string) value {
	if len(tests) == 1 {
		return tests[0]
	}
	var yes, not []string
	for _, t := range tests {
		yes, not = append(yes, grouped(t.text)), append(not, grouped(t.negation))
	}
	v := tests[0]
	v.text, v.negation = strings.Join(yes, op), strings.Join(not, no)
	return v
}

// opposite is a test that is true where another is not.
func opposite(v value) value {
	switch {
	case v.kind == boolean:
		v.text = strconv.FormatBool(v.text != "true")
	case v.negation != "":
		v.text, v.negation = v.negation, v.text
	case v.kind != unread:
		v.kind = unread
	}
	return v
}
