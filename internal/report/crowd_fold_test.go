package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Many findings of one cause, or of one limit, are one line on the page and in
// Markdown, with all of them behind it; few stand for themselves.
func TestCrowdsAreOneLine(t *testing.T) {
	failing := func(n int, rules ...string) verdict.Verdict {
		var v verdict.Verdict
		for i := range n {
			name := fmt.Sprintf("GET /api/%d", i)
			v.Checks = append(v.Checks, verdict.Check{
				Rule: rules[i%len(rules)], Subject: name, Endpoints: []string{name},
				Metric: metric.P95, Outcome: verdict.Fail, Shown: true,
				Got: ms(float64(600 + i)), Limit: ms(500), Requests: 300,
				Because: says(fmt.Sprintf("reason %d", i)), Remedies: advises("remedy"),
			})
		}
		return v
	}
	pool := verdict.Cause{
		Because: reason.PoolExhausted.With(
			reason.Args{"pool": "pool", "full": 40, "readings": 40, "from": ratio(.95).Quantity}),
		Size: ratio(0.97), Of: verdict.OfSlow,
	}
	for _, c := range []struct {
		name    string
		verdict verdict.Verdict
		causes  []verdict.Cause
		open    int    // findings that stand open
		line    string // on both
	}{
		{"one cause, three rules", failing(26, "a", "b", "c"),
			[]verdict.Cause{pool}, 1, "26 endpoints: GET /api/25, GET /api/24, GET /api/23 and 23 more"},
		{"one rule", failing(9, "a"), nil, 1, "9 endpoints: GET /api/8, GET /api/7, GET /api/6 and 6 more"},
		{"few of a rule", failing(3, "a"), nil, 3, "GET /api/2"},
		{"three rules without a cause", failing(9, "a", "b", "c"), nil, 9, "GET /api/8"},
		{"a cause of a half", failing(9, "a", "b", "c"),
			[]verdict.Cause{{Because: says("half"), Size: ratio(0.5), Of: verdict.OfSlow}}, 9, "GET /api/8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.verdict.Causes = c.causes
			view := content.NewView(fixtureResult(), c.verdict, content.Options{Confidence: .95})
			for format, inner := range map[string]*regexp.Regexp{
				"html":     regexp.MustCompile(`(?s)<details>.*?</details>`),
				"markdown": regexp.MustCompile(`(?s)<details><summary>The .*?</details>`),
			} {
				text := string(formatted(t, format, view))
				if format == "html" {
					text, _, _ = strings.Cut(text[strings.Index(text, `id="findings"`):], "</section>")
				} else {
					text, _, _ = strings.Cut(text, "<details><summary>✅")
				}
				for i := range len(c.verdict.Checks) {
					if !strings.Contains(text, fmt.Sprintf("reason %d", i)) {
						t.Errorf("%s: finding %d is nowhere", format, i)
					}
				}
				open := inner.ReplaceAllString(text, "")
				if n := strings.Count(open, "FAIL</span>") + strings.Count(open, "❌ FAIL |"); n != c.open {
					t.Errorf("%s: %d findings stand open, want %d", format, n, c.open)
				}
				if !strings.Contains(open, c.line) {
					t.Errorf("%s: no line with %q in\n%s", format, c.line, open)
				}
			}
		})
	}
}
