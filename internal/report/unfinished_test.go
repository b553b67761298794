package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/exitcode"
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
			want := map[string]string{
				"verdict": strings.ToLower(v.Final().String()), "exit_code": "4", "codes": string(check.Code()),
			}
			switch {
			case passes:
				want["verdict"] = "inconclusive"
				want["codes"] += " not-finished"
				if outcome == verdict.Pass {
					want["codes"] = "not-finished"
				}
			case outcome == verdict.Fail:
				want["exit_code"] = "1"
			default:
				want["exit_code"] = "3"
			}
			for name, value := range want {
				if got := outputNamed(github.Outputs(view), name); got != value {
					t.Errorf("%v, undecided %v: output %s is %s, want %s", outcome, undecided, name, got, value)
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
			title := "::error title=loadgate ended with " + want["exit_code"] + " (not-finished)::"
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

// What ended a command in another way than by its verdict has a code in the outputs.
func TestCodesOfWhatEnded(t *testing.T) {
	pass := verdict.Check{Rule: "r", Subject: "GET /a", Outcome: verdict.Pass, Shown: true}
	open := verdict.Check{Rule: "r", Subject: "GET /a"}
	for _, tt := range []struct {
		name  string
		check verdict.Check
		exit  int
		want  string
	}{
		{"pass", pass, 0, ""},
		{"undecided", open, 0, "unexplained"},
		{"interrupted after a pass", pass, exitcode.Interrupted, "run-interrupted"},
		{"interrupted", open, exitcode.Interrupted, "unexplained run-interrupted"},
		{"a target that never answered", open, exitcode.NotRun, "unexplained not-run"},
	} {
		v := content.NewView(fixtureResult(), verdict.Verdict{Checks: []verdict.Check{tt.check}},
			content.Options{ExitCode: tt.exit})
		if got := outputNamed(github.Outputs(v), "codes"); got != tt.want {
			t.Errorf("%s: codes %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, code := range []int{exitcode.Usage, exitcode.NotRun, exitcode.Interrupted} {
		if got := outputNamed(github.NotRun{Command: "run", ExitCode: code}.Outputs(), "codes"); got != "not-run" {
			t.Errorf("codes of a run that ended with %d are %q", code, got)
		}
	}
}

// outputNamed is the value of an output; "(none)": there is none of this name.
func outputNamed(outputs []github.Output, name string) string {
	at := slices.IndexFunc(outputs, func(o github.Output) bool { return o.Name == name })
	if at < 0 {
		return "(none)"
	}
	return outputs[at].Value
}
