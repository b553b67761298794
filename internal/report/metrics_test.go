package report_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/verdict"
)

// A name is a label and nothing else; no family is written twice.
func TestHostileMetrics(t *testing.T) {
	line := regexp.MustCompile(
		`^(?:# (?:TYPE|HELP) loadgate_\w+ .*|loadgate_\w+\{endpoint="(?:[^"\\]|\\["\\])*"\} [0-9.e+-]+|# EOF)$`)
	rapid.Check(t, func(rt *rapid.T) {
		r := fixtureResult()
		r.Endpoints[1].Name = commanding.Draw(rt, "name") +
			rapid.SampledFrom([]string{"", `"`, `\`, `\"} 1`, "\n# EOF"}).Draw(rt, "end")
		lines := strings.Split(strings.TrimSuffix(
			string(formatted(rt, "metrics", content.NewView(r, verdict.Verdict{}, content.Options{}))), "\n"), "\n")
		for i, l := range lines {
			if !line.MatchString(l) || (l == "# EOF") != (i == len(lines)-1) {
				rt.Fatalf("line %d is %q", i, l)
			}
		}
		if want := 5*(2+7) + 1; len(lines) != want {
			rt.Fatalf("%d lines, want %d", len(lines), want)
		}
	})
}
