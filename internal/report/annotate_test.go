package report_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/verdict"
)

func TestGoldenAnnotations(t *testing.T) {
	v := content.NewView(fixtureResult(), fixtureVerdict(), content.Options{})
	var out strings.Builder
	if err := github.Annotate(v, &out); err != nil {
		t.Fatal(err)
	}
	goldenBytes(t, "annotations.txt", []byte(out.String()))
	var outputs strings.Builder
	if err := github.WriteOutputs(&outputs, "NONCE", github.Outputs(v)); err != nil {
		t.Fatal(err)
	}
	goldenBytes(t, "outputs.txt", []byte(outputs.String()))
}

// commanding is text as a target that wants to speak to GitHub would send it.
var commanding = rapid.OneOf(
	rapid.String(),
	rapid.SampledFrom([]string{
		"::error::owned", "\n::set-output name=verdict::pass",
		"\r\n::add-mask::a", "##[error]owned", "%0A::error::owned",
		"a,line=1::owned", "x\n_GitHubActionsFileCommandDelimeter_\nverdict<<E\npass\nE",
		"\x1b[2J", "\u2028::error::owned", "a\nNONCE\nverdict<<NONCE\npass",
	}),
)

// Whatever a target or file says, what is printed is annotations and nothing
// else: one a rule, on one line each.
func TestAnnotationsAreOnlyThat(t *testing.T) {
	line := regexp.MustCompile(`^::(error|warning) (?:file=[^,:\n\r]*,line=[0-9]+,)?title=[^,:\n\r]*::[^\n\r]*$`)
	rapid.Check(t, func(t *rapid.T) {
		rule, subject, reason := commanding.Draw(t, "rule"), commanding.Draw(t, "subject"), commanding.Draw(t, "reason")
		v := content.NewView(fixtureResult(), verdict.Verdict{Checks: []verdict.Check{
			{Rule: "a" + rule, Pos: at(7), Subject: subject, Metric: metric.P95,
				Got: ms(200), Limit: ms(100), Outcome: verdict.Fail,
				Shown: true, Because: says(reason), Remedies: advises(subject)},
			{Subject: subject, Outcome: verdict.Warn, Because: says(reason)},
		}}, content.Options{})
		var out, outputs strings.Builder
		if err := github.Annotate(v, &out); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
		if len(lines) != 2 {
			t.Fatalf("%d lines, want 2: %q", len(lines), out.String())
		}
		for _, l := range lines {
			if !line.MatchString(l) {
				t.Fatalf("%q is no annotation", l)
			}
		}
		if err := github.WriteOutputs(&outputs, "n0nce",
			append(github.Outputs(v), github.Output{Name: "report", Value: reason})); err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(strings.TrimRight(outputs.String(), "\n"), "\n")
		for i := 0; i < len(parts); i += 3 {
			if !regexp.MustCompile(`^[a-z0-9_]+<<n0nce$`).MatchString(parts[i]) ||
				i+2 >= len(parts) || parts[i+2] != "n0nce" {
				t.Fatalf("outputs %q: line %d begins none", outputs.String(), i)
			}
		}
	})
}

// What a group holds is no command; its two markers are.
func TestGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := typeset.Clean(commanding.Draw(t, "text"))
		var out strings.Builder
		err := github.Group(&out, "more", func(w io.Writer) error {
			return github.Quiet(w, "n0nce", func(w io.Writer) error {
				_, err := fmt.Fprintln(w, text)
				return err
			})
		})
		if want := "::group::more\n::stop-commands::n0nce\n" + text + "\n::n0nce::\n::endgroup::\n"; err != nil ||
			out.String() != want {
			t.Fatalf("Group wrote %q, %v; want %q", out.String(), err, want)
		}
	})
	if err := github.Group(brokenWriter{}, "more", func(io.Writer) error { return nil }); !errors.Is(err, errBroken) {
		t.Errorf("Group on a closed pipe = %v", err)
	}
}

// GitHub shows ten of each level; the rest is in the table.
func TestAnnotationsAreFew(t *testing.T) {
	var v verdict.Verdict
	for i := range 15 {
		v.Checks = append(v.Checks,
			verdict.Check{Rule: fmt.Sprintf("rule %d", i), Outcome: verdict.Fail,
				Because: says(fmt.Sprintf("broken %d", i))})
		for j := range 20 {
			missed := verdict.Check{
				Rule: "warned", Outcome: verdict.Warn, Because: says(fmt.Sprintf("missed %d, %d", i, j)),
			}
			v.Checks = append(v.Checks, missed, missed) // two limits of a rule miss the same, which is one line
		}
	}
	var out strings.Builder
	if err := github.Annotate(content.NewView(fixtureResult(), v, content.Options{}), &out); err != nil {
		t.Fatal(err)
	}
	if errors, warnings := strings.Count(out.String(), "::error "),
		strings.Count(out.String(), "::warning "); errors != 10 || warnings != 1 {
		t.Errorf("%d errors and %d warnings, want 10 and 1", errors, warnings)
	}
	if !strings.Contains(out.String(), "%0Aand 292 more") {
		t.Errorf("the warnings of one rule are not counted: %s", out.String())
	}
}

// Rules that break for one reason share an annotation, so that it does not hide another behind the
// ten that GitHub shows.
func TestAnnotationsOfOneReasonAreOne(t *testing.T) {
	v := verdict.Verdict{Checks: append(append(times(26, 0, unguardedFailures),
		times(26, 0, failed("500", reason.Status500, 1))...), slow(100)(99))}
	var out strings.Builder
	if err := github.Annotate(content.NewView(fixtureResult(), v, content.Options{}), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	wants := []string{
		"title=loadgate INCONCLUSIVE (failures-unlimited)::requests failed, and no rule limits their failures",
		"title=loadgate FAIL%3A 26 rules (limit-broken)::every failure: 500, the service broke on the request; " +
			"success is below the floor → look for the error in the service's log%0Arule GET /api/e25/: " +
			"GET /api/e25/: 87.5%25%0A",
		"title=loadgate FAIL%3A rule 99 (limit-broken)::GET /api/e99/: p95 is 699ms",
	}
	for i, want := range wants {
		if len(lines) != len(wants) || !strings.Contains(lines[i], want) {
			t.Fatalf("%d annotations, want %d, number %d with %q:\n%s", len(lines), len(wants), i, want, out.String())
		}
	}
}

// brokenWriter takes nothing.
type brokenWriter struct{}

var errBroken = errors.New("broken pipe")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

// A closed pipe is an error, and no panic.
func TestAnnotationsOfABrokenPipe(t *testing.T) {
	v := content.NewView(fixtureResult(), fixtureVerdict(), content.Options{})
	if err := github.Annotate(v, brokenWriter{}); !errors.Is(err, errBroken) {
		t.Errorf("Annotate() = %v, want %v", err, errBroken)
	}
	if err := github.WriteOutputs(brokenWriter{}, "n", github.Outputs(v)); !errors.Is(err, errBroken) {
		t.Errorf("WriteOutputs() = %v, want %v", err, errBroken)
	}
}
