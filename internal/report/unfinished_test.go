package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/verdict"
)

// What loadgate could not do is in the last line, an annotation and the outputs,
// with the code that it leads to, and makes no fail anything else. A text of
// strangers in it is one line.
func TestUnfinished(t *testing.T) {
	const failure = "write out/page.html: no space\n::error::owned"
	for _, undecided := range []config.Undecided{config.UndecidedStays, config.UndecidedWarns, config.UndecidedPasses} {
		for _, outcome := range everyOutcome {
			check := verdict.Check{Rule: "r", Subject: "GET /a", Outcome: outcome, Shown: true}
			v := verdict.Verdict{Undecided: undecided, Checks: []verdict.Check{check}}
			o := content.Options{Failures: []string{failure}}
			passes := v.Final() == verdict.Pass || v.Final() == verdict.Warn
			if passes {
				o.ExitCode = 4
			}
			view := content.NewView(fixtureResult(), v, o)
			want := map[string]string{"verdict": strings.ToLower(v.Final().String()), "exit_code": "4"}
			switch {
			case passes:
				want["verdict"] = "inconclusive"
			case outcome == verdict.Fail:
				want["exit_code"] = "1"
			default:
				want["exit_code"] = "3"
			}
			for name, value := range want {
				outputs := github.Outputs(view)
				at := slices.IndexFunc(outputs, func(o github.Output) bool { return o.Name == name })
				if outputs[at].Value != value {
					t.Errorf("%v, undecided %v: output %s is %s, want %s",
						outcome, undecided, name, outputs[at].Value, value)
				}
			}
			if s := view.Closing.Sentence(); !strings.Contains(s, "could not finish: write out/page.html: ") ||
				!strings.HasSuffix(s, "Exit code "+want["exit_code"]+".") {
				t.Errorf("%v, undecided %v: %q", outcome, undecided, s)
			}
			var out strings.Builder
			if err := github.Annotate(view, &out); err != nil {
				t.Fatal(err)
			}
			first, rest, _ := strings.Cut(out.String(), "\n")
			title := "::error title=loadgate ended with " + want["exit_code"] + "::"
			if !strings.HasPrefix(first, title+"write out/page.html: no space") ||
				strings.Contains("\n"+rest, "\n::error::owned") {
				t.Errorf("%v, undecided %v: annotations %q", outcome, undecided, out.String())
			}
			if failing := strings.Contains(rest, "::error "); failing == passes {
				t.Errorf("%v, undecided %v: the finding is an error: %v; %q", outcome, undecided, failing, rest)
			}
			var page strings.Builder
			if err := github.WriteSummary(view, &page, github.SummaryLimit); err != nil ||
				strings.Contains(page.String(), "**✅") {
				t.Errorf("%v, undecided %v: the summary has the sign of a pass (%v)", outcome, undecided, err)
			}
		}
	}
}
