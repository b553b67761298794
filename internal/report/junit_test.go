package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/verdict"
)

// formatted is a view in one format.
func formatted(t interface{ Fatal(...any) }, name string, view content.View) []byte {
	at := slices.IndexFunc(report.Formats(), func(f report.Format) bool { return f.Name == name })
	var b bytes.Buffer
	if err := report.Formats()[at].Write(&b, view); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type suite struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
	Cases    []struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Failure []string `xml:"failure"`
		Error   []string `xml:"error"`
		Skipped []string `xml:"skipped"`
		Out     string   `xml:"system-out"`
	} `xml:"testcase"`
	Properties []struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	} `xml:"properties>property"`
}

// parsed reads what was written, and holds its counts to its cases.
func parsed(t interface {
	Fatal(...any)
	Errorf(string, ...any)
}, text []byte) suite {
	var doc struct {
		XMLName xml.Name `xml:"testsuites"`
		Tests   int      `xml:"tests,attr"`
		Suites  []suite  `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Suites) != 1 {
		t.Fatal(len(doc.Suites), "suites, want 1")
	}
	s := doc.Suites[0]
	var failures, errors, skipped int
	names := map[[2]string]bool{}
	for _, c := range s.Cases {
		failures, errors, skipped = failures+len(c.Failure), errors+len(c.Error), skipped+len(c.Skipped)
		if len(c.Failure)+len(c.Error)+len(c.Skipped) > 1 {
			t.Errorf("%s %s has two outcomes", c.Class, c.Name)
		}
		if names[[2]string{c.Class, c.Name}] {
			t.Errorf("%s %s is there twice", c.Class, c.Name)
		}
		names[[2]string{c.Class, c.Name}] = true
	}
	want, got := [5]int{len(s.Cases), len(s.Cases), failures, errors, skipped},
		[5]int{doc.Tests, s.Tests, s.Failures, s.Errors, s.Skipped}
	if got != want {
		t.Errorf("tests, failures, errors, skipped = %v, want %v", got, want)
	}
	return s
}

func TestGoldenJUnit(t *testing.T) {
	for name, view := range goldenViews() {
		text := formatted(t, "junit", view)
		parsed(t, text)
		goldenBytes(t, name+".junit.xml", text)
	}
}

// goldenViews are the fixtures beside the usual one.
func goldenViews() map[string]content.View {
	r, o := fixtureResult(), content.Options{Confidence: .95}
	side := fixtureResult()
	side.Target = "http://localhost:8001"
	return map[string]content.View{
		"stages":            content.NewView(stagedResult(), stagedVerdict(), o),
		"compared-baseline": content.NewView(r, comparedVerdict(), o),
		"compared-missing":  content.NewView(r, missingVerdict(), o),
		"compared-pairs":    content.NewPairsView(r, side, 8, pairsVerdict(), o),
	}
}

// What is not shown is never green: neither a case nor the whole.
func TestJUnitOutcomes(t *testing.T) {
	check := func(o verdict.Outcome) verdict.Check {
		return verdict.Check{Rule: "r", Subject: "GET /a", Metric: metric.P95,
			Got: ms(1), Limit: ms(2), Outcome: o, Shown: true, Because: says("because")}
	}
	unmeasured := verdict.Check{Rule: "r", Subject: "GET /a", Metric: metric.P95, Limit: ms(2)}
	length := verdict.Check{Subject: "run length", Outcome: verdict.Pass}
	for _, tt := range []struct {
		name      string
		checks    []verdict.Check
		undecided config.Undecided
		exit      int
		want      string // failures, errors, skipped of tests
	}{
		{"pass", []verdict.Check{length, check(verdict.Pass)}, 0, 0, "0 0 0 of 1"},
		{"warn", []verdict.Check{check(verdict.Warn)}, 0, 0, "0 0 0 of 1"},
		{"fail", []verdict.Check{check(verdict.Fail), check(verdict.Inconclusive), check(verdict.Pass)},
			0, 0, "1 1 0 of 3"},
		{"undecided", []verdict.Check{check(verdict.Inconclusive)}, config.UndecidedStays, 0, "0 1 0 of 1"},
		{"undecided fails", []verdict.Check{check(verdict.Inconclusive)}, config.UndecidedFails, 0, "0 1 0 of 1"},
		{"undecided warns", []verdict.Check{check(verdict.Inconclusive), check(verdict.Pass)},
			config.UndecidedWarns, 0, "0 0 1 of 2"},
		{"undecided passes", []verdict.Check{check(verdict.Inconclusive)}, config.UndecidedPasses, 0, "0 0 1 of 1"},
		{"undecided passes beside a fail", []verdict.Check{check(verdict.Inconclusive), check(verdict.Fail)},
			config.UndecidedPasses, 0, "1 0 1 of 2"},
		{"undecided passes, interrupted", []verdict.Check{check(verdict.Inconclusive)},
			config.UndecidedPasses, 130, "0 1 0 of 1"},
		{"interrupted", []verdict.Check{check(verdict.Pass)}, 0, 130, "0 1 0 of 2"},
		{"nothing", nil, config.UndecidedPasses, 0, "0 1 0 of 1"},
		{"health only", []verdict.Check{length}, 0, 0, "0 1 0 of 1"},
		{"nothing measured", []verdict.Check{length, unmeasured}, config.UndecidedPasses, 0, "0 1 1 of 2"},
		{"sick", []verdict.Check{{Subject: "generator", Because: says("late")}, check(verdict.Pass)},
			0, 0, "0 1 0 of 2"},
		{"target lost", []verdict.Check{{Subject: "target", Outcome: verdict.Fail, Because: says("gone")},
			check(verdict.Pass)},
			0, 0, "1 0 0 of 2"},
	} {
		s := parsed(t, formatted(t, "junit", content.NewView(fixtureResult(),
			verdict.Verdict{Checks: tt.checks, Undecided: tt.undecided}, content.Options{ExitCode: tt.exit})))
		if got := fmt.Sprintf("%d %d %d of %d", s.Failures, s.Errors, s.Skipped, s.Tests); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A script finds a code in every case that is more than a plain pass.
func TestJUnitCodes(t *testing.T) {
	pass := verdict.Check{Rule: "r", Subject: "GET /a", Metric: metric.P95, Got: ms(1), Limit: ms(2),
		Outcome: verdict.Pass, Shown: true}
	warned, noted, late := pass, pass, verdict.Check{Subject: "generator", Outcome: verdict.Warn}
	warned.Outcome, warned.Because = verdict.Warn, reason.WarningBroken.Plain()
	noted.Because = reason.LimitBursts.Plain()
	late.Because = reason.GeneratorLate.Plain()
	for _, tt := range []struct {
		name   string
		checks []verdict.Check
		exit   int
		want   string // in the text of the file
	}{
		{"a warning", []verdict.Check{warned}, 0, "\nWARN (warning-broken)\n"},
		{"a pass with a note", []verdict.Check{noted}, 0, "\nPASS (limit-kept-in-bursts)\n"},
		{"a warning about the run", []verdict.Check{late, pass}, 0, "\nWARN (generator-late)\n"},
		{"nothing judged", nil, 0, `type="nothing-to-judge"`},
		{"interrupted", []verdict.Check{pass}, exitcode.Interrupted, `type="run-interrupted"`},
		{"a pass that could not be written", []verdict.Check{pass}, exitcode.NotRun, `type="not-finished"`},
	} {
		o := content.Options{ExitCode: tt.exit}
		if tt.exit == exitcode.NotRun {
			o.Failures = []string{"write report"}
		}
		text := string(formatted(t, "junit", content.NewView(fixtureResult(), verdict.Verdict{Checks: tt.checks}, o)))
		if text = strings.ReplaceAll(text, "&#xA;", "\n"); !strings.Contains(text, tt.want) {
			t.Errorf("%s: no %q in\n%s", tt.name, tt.want, text)
		}
	}
	var b strings.Builder
	n := github.NotRun{Command: "run", ExitCode: 4, Problems: []github.Problem{{Text: "not ready"}}}
	if err := n.WriteJUnit(&b); err != nil || !strings.Contains(b.String(), ` type="not-run">`) {
		t.Errorf("%v: no code in\n%s", err, b.String())
	}
	b.Reset()
	want := "::error title=loadgate run ended with 4 (not-run)::not ready\n"
	if err := n.Annotate(&b); err != nil || b.String() != want {
		t.Errorf("%v: annotation %q", err, b.String())
	}
}

func TestJUnitProperties(t *testing.T) {
	r := fixtureResult()
	r.Origin.Commit, r.Origin.Branch, r.Origin.Runner.Name = "9f3c21ab04", "main", "large"
	s := parsed(t, formatted(t, "junit", content.NewView(r, fixtureVerdict(), content.Options{})))
	got := map[string]string{}
	for _, p := range s.Properties {
		got[p.Name] = p.Value
	}
	for name, want := range map[string]string{
		"tool": "loadgate 0.1.0", "profile": "weekly", "target": "http://localhost:8000",
		"seed": "42", "digest": "sha256:4be1",
		"commit": "9f3c21ab04", "branch": "main", "runner": "large",
	} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
	if s.Time != "120.000" {
		t.Errorf("time = %q, want that of the run", s.Time)
	}
}

// hostileText draws texts that have broken one medium or another.
func hostileText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"]]>", "]]></failure><testcase name=\"x\"/>", "\x1b[2J\x1b]0;owned\x07",
		"a\x00b", "\xff\xfe\xc3", "\ufffe\uffff", "\" onload='x' <!--", "&#0; &lt; <![CDATA[",
		"a\r\n\tb", "\u202egnp.exe", "\u2028", "\xed\xa0\x80", "", " ", strings.Repeat("面]]>", 200),
	}))
}

func TestHostileJUnit(t *testing.T) {
	rapid.Check(t,
		func(rt *rapid.T) { holdJUnit(rt, hostileText().Draw(rt, "name"), hostileText().Draw(rt, "reason")) })
}

// A text of a megabyte is cut.
func TestEndlessJUnit(t *testing.T) {
	long := strings.Repeat("]]>\x00", 1<<18)
	v := verdict.Verdict{Checks: []verdict.Check{{Rule: long, Subject: long,
		Metric: metric.P95, Got: ms(1), Outcome: verdict.Fail, Because: says(long), Remedies: advises(long)}}}
	text := formatted(t, "junit", content.NewView(fixtureResult(), v, content.Options{}))
	if parsed(t, text); len(text) > 1<<18 {
		t.Errorf("%d bytes", len(text))
	}
}

func FuzzJUnit(f *testing.F) {
	f.Add("]]>", "\x1b\x00\xff")
	f.Fuzz(func(t *testing.T, name, reason string) { holdJUnit(t, name, reason) })
}

// holdJUnit writes a verdict that is full of two texts, and reads it back.
func holdJUnit(t interface {
	Fatal(...any)
	Errorf(string, ...any)
}, name, reason string) {
	r := fixtureResult()
	r.Name, r.Target, r.Digest, r.Origin.Branch, r.Endpoints[1].Name = name, name, reason, reason, name
	var v verdict.Verdict
	for i := range 8 {
		c := verdict.Check{Rule: "r" + name, Subject: name, Metric: metric.P95, Got: ms(1),
			Outcome: verdict.Outcome(i % 4), Because: says(reason),
			Remedies: advises(name), Pos: mistake.Pos{File: name, Line: 1}}
		if i == 7 {
			c.Rule, c.Outcome = "", verdict.Warn
		}
		v.Checks = append(v.Checks, c)
	}
	text := formatted(t, "junit", content.NewView(r, v, content.Options{Color: true, Width: 140}))
	s := parsed(t, text)
	if s.Tests != 8 {
		t.Errorf("%d cases, want 8", s.Tests)
	}
	if len(text) > 1_500_000 {
		t.Errorf("%d bytes", len(text))
	}
	for _, c := range string(text) {
		if c != '\n' && !unicode.IsPrint(c) {
			t.Errorf("%q came through", c)
		}
	}
}
