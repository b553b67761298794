package thresholds_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

var quoted = regexp.MustCompile(`'[^'\n]*'|"[^"\n]*"`)

// Taking the quotes off any value of a good file leaves it as good as it was,
// or is reported in that line and nowhere else, with the advice to put them
// back.
func TestForgottenQuotes(t *testing.T) {
	reported := 0
	for _, name := range []string{"../../thresholds.yaml", corpus + "/good/everything.yaml"} {
		src, _, o := open(t, name)
		text := string(src)
		for _, at := range quoted.FindAllStringIndex(text, -1) {
			line := 1 + strings.Count(text[:at[0]], "\n")
			value := text[at[0]+1 : at[1]-1]
			t.Run(value, func(t *testing.T) {
				_, err := thresholds.Decode([]byte(text[:at[0]]+value+text[at[1]:]), "f", o)
				if err == nil {
					return
				}
				reported++
				list, _ := errors.AsType[thresholds.Errors](err)
				for _, e := range list {
					if e.Pos.Line != line {
						t.Errorf("line %d is reported, want %d alone: %v", e.Pos.Line, line, e)
					}
				}
				if !slices.ContainsFunc(list,
					func(e *thresholds.Error) bool { return strings.Contains(e.Message, "in quotes") }) {
					t.Errorf("Decode() = %v, want the advice to put it in quotes", err)
				}
			})
		}
	}
	if reported < 20 {
		t.Errorf("%d values need their quotes, want 20 or more: the files test nothing", reported)
	}
}

// Several lines without their quotes are reported together, and what else is
// wrong behind them too.
func TestSeveralRepairs(t *testing.T) {
	text := strings.NewReplacer(
		"steps: [GET /items]", "headers: {Authorization: Bearer ${ uuid() }}\n    steps:\n      - request: POST "+
			"/items\n        text: a: b\n      - GET /items",
		`"GET *"`, "*",
		"p95: 200ms", "p95: 200",
	).Replace("version: 1\r\ntarget: {url: http://localhost}" + rest)
	_, err := thresholds.Decode([]byte(text), "f", thresholds.Options{})
	want := []string{
		"f:8:30: a value with \"{\" in it means something else inside { } and [ ]; put it in quotes: 'Bearer ${ " +
			"uuid() }'",
		"f:11:15: a value with a colon and a space in it means something else in YAML; put it in quotes: 'a: b'",
		"f:14:22: a value with \"*\" in it means something else inside { } and [ ]; put it in quotes: '*'",
		"f:14:30: thresholds.reads.p95: 200 has no unit; write 200ms or 200s",
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("Decode() =\n%v\nwant\n%s", err, strings.Join(want, "\n"))
	}
}
