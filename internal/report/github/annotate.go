// Package github writes annotations, outputs and summaries of GitHub Actions, and Markdown.
package github

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sethvargo/go-githubactions"

	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Quiet prints what write prints so that GitHub takes nothing for a command.
// nonce is a word that nobody can guess, of letters and digits.
func Quiet(w io.Writer, nonce string, write func(io.Writer) error) error {
	if _, err := fmt.Fprintf(w, "::stop-commands::%s\n", nonce); err != nil {
		return err
	}
	if err := write(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "::%s::\n", nonce)
	return err
}

// Group prints what write prints so that the log shows it when its title is
// clicked. The title is a text of our own.
func Group(w io.Writer, title string, write func(io.Writer) error) error {
	out := &firstError{w: w}
	action := githubactions.New(githubactions.WithWriter(out),
		githubactions.WithGetenv(func(string) string { return "" }))
	action.Group(title)
	if out.err == nil {
		out.err = write(w)
	}
	action.EndGroup()
	return out.err
}

// GitHub shows so many annotations of each level of a step.
const mostAnnotations = 10

// mostLines is how many findings of a rule its annotation tells.
const mostLines = 8

// annotation is what is said of one rule, of several that break for one reason, or of one finding
// about the run.
type annotation struct {
	outcome verdict.Outcome
	rule    string
	check   verdict.Check // the worst: its line is that of the annotation
	lines   []string
}

// Annotate writes an annotation for everything that loadgate could not do, for
// every rule that did not pass, on its line of the file, and for every such finding
// about the run. Rules with many findings of one explanation share one, on the line of the worst,
// so that they leave room for others. What the exit code does not count is a warning.
func Annotate(v content.View, w io.Writer) error {
	out := &firstError{w: w}
	action := githubactions.New(githubactions.WithWriter(out),
		githubactions.WithGetenv(func(string) string { return "" }))
	told := map[bool]int{} // by level
	for _, failure := range v.Options.Failures {
		if told[true]++; told[true] <= mostAnnotations {
			title := withCode(fmt.Sprintf("loadgate ended with %d", v.Closing.ExitCode), reason.NotFinished)
			action.WithFieldsMap(map[string]string{"title": title}).Errorf("%s", typeset.Clean(failure))
		}
	}
	counts := v.Closing.ExitCode != 0 && (!v.Closing.Unfinished() || exitcode.Of(v.Closing.Final) != exitcode.Pass)
	for _, a := range annotations(v) {
		failing := a.outcome == verdict.Fail || a.outcome == verdict.Inconclusive && counts
		if told[failing]++; told[failing] > mostAnnotations {
			continue
		}
		title := withCode(typeset.JoinNonEmpty(": ", "loadgate "+a.outcome.String(), typeset.Clean(a.rule)),
			a.check.Code())
		fields := map[string]string{"title": title}
		if a.check.Pos.Line > 0 {
			fields["file"], fields["line"] = typeset.Clean(a.check.Pos.File), strconv.Itoa(a.check.Pos.Line)
		}
		lines := a.lines
		if more := len(lines) - mostLines; more > 0 {
			lines = append(lines[:mostLines:mostLines], fmt.Sprintf("and %d more", more))
		}
		if line := tracingLine(v, a.check); line != "" {
			lines = append(lines[:len(lines):len(lines)], line)
		}
		say := action.WithFieldsMap(fields).Warningf
		if failing {
			say = action.WithFieldsMap(fields).Errorf
		}
		say("%s", strings.Join(lines, "\n"))
	}
	return out.err
}

// withCode is the title of an annotation: the code stands at its end.
func withCode(title string, code reason.Code) string { return title + " (" + string(code) + ")" }

// annotations are the findings by rule, in their order; those about the run
// each stand alone.
func annotations(v content.View) []*annotation {
	var all []*annotation
	byRule, shared := map[string]*annotation{}, sharedOf(v)
	for i, c := range v.Checks {
		if c.Outcome == verdict.Pass {
			continue
		}
		if a := shared[i]; a != nil {
			if !slices.Contains(all, a) {
				all = append(all, a)
			}
			continue
		}
		a := byRule[c.Rule]
		if a == nil || c.AboutRun() {
			a = &annotation{outcome: c.Outcome, rule: c.Rule, check: c}
			all = append(all, a)
			byRule[c.Rule] = a
		}
		if worse := a.outcome.Worse(c.Outcome); worse != a.outcome {
			a.outcome, a.check = worse, c
		}
		note := content.NoteOf(c)
		note.Reason = typeset.JoinNonEmpty(": ", c.Subject, note.Reason)
		if line := noteLine(note); !slices.Contains(a.lines, line) { // limits of one rule may lack the same
			a.lines = append(a.lines, line)
		}
	}
	return all
}

// sharedOf are the annotations that several rules share, by the indices of their checks.
func sharedOf(v content.View) map[int]*annotation {
	shared := map[int]*annotation{}
	share := func(rule string, note content.Note, checks []int) {
		worst := v.Checks[checks[0]]
		a := &annotation{outcome: worst.Outcome, rule: rule, check: worst, lines: []string{noteLine(note)}}
		for _, i := range checks {
			c := v.Checks[i]
			shared[i] = a
			value := ""
			if c.Got.OK {
				value = content.ValueText(c)
			}
			a.lines = append(a.lines, typeset.Clean(typeset.JoinNonEmpty(": ", c.Rule, content.SubjectText(c), value)))
		}
	}
	for _, c := range v.HealthCrowds() {
		if c.Many() {
			share("", c.Whole, c.Shown.Checks)
		}
	}
	for _, c := range v.Crowds() {
		if c.Many() && c.Shown.Rule != c.All[0].Rule {
			share(c.Shown.Rule, c.Whole, c.Shown.Checks)
		}
	}
	return shared
}

// noteLine is a note as a line.
func noteLine(n content.Note) string {
	return typeset.Clean(typeset.JoinNonEmpty(" → ", n.Reason, n.Remedy))
}

// firstError keeps the first error of a writer and tells the library of none:
// it would panic.
type firstError struct {
	w   io.Writer
	err error
}

// Write writes until the first error, and then nothing.
func (f *firstError) Write(p []byte) (int, error) {
	if f.err == nil {
		_, f.err = f.w.Write(p)
	}
	return len(p), nil
}

// Mask tells GitHub which texts to hide in the log from now on: each line of a
// secret, since a log is read line by line.
func Mask(w io.Writer, secrets []string) error {
	out := &firstError{w: w}
	action := githubactions.New(githubactions.WithWriter(out),
		githubactions.WithGetenv(func(string) string { return "" }))
	for _, secret := range secrets {
		for _, line := range strings.FieldsFunc(secret, func(r rune) bool { return r == '\n' || r == '\r' }) {
			action.AddMask(line)
		}
	}
	return out.err
}

// Output is a value that later steps of a workflow may read.
type Output struct{ Name, Value string }

// notName is what a name of an output may not hold.
var notName = regexp.MustCompile(`[^a-z0-9_]+`)

// Outputs are what a workflow may want to know: verdict (after
// judge.inconclusive), outcome (before), exit_code, failed (how many rules), codes (of what
// decided the outcome and the exit code, separated by spaces), and p95_RULE in milliseconds,
// the highest of the endpoints that a rule judges, with everything but letters and digits of
// its name as _. Where loadgate could not finish and the exit code says so, verdict is
// inconclusive.
func Outputs(v content.View) []Output {
	word := func(o verdict.Outcome) string { return strings.ToLower(o.String()) }
	final := v.Closing.Final
	if v.Closing.Unfinished() {
		final = final.Worse(verdict.Inconclusive)
	}
	var codes []string
	for _, code := range v.Decisive() {
		codes = append(codes, string(code))
	}
	outputs := []Output{
		{"verdict", word(final)}, {"outcome", word(v.Closing.Outcome)},
		{"exit_code", strconv.Itoa(v.Closing.ExitCode)},
		{"failed", strconv.Itoa(len(content.TallyOf(v.Checks).Named(verdict.Fail)))},
		{"codes", strings.Join(codes, " ")},
	}
	highest := map[string]float64{}
	var names []string
	for _, c := range v.Checks {
		if c.AboutRun() || c.Resource || c.Comparison != nil || c.Metric.Name() != "p95" || !c.Got.OK {
			continue
		}
		name := "p95_" + strings.Trim(notName.ReplaceAllString(strings.ToLower(c.Rule), "_"), "_")
		if _, ok := highest[name]; !ok {
			names = append(names, name)
		}
		highest[name] = max(highest[name], c.Got.Value)
	}
	for _, name := range names {
		outputs = append(outputs,
			Output{name, strconv.FormatFloat(highest[name]/float64(time.Millisecond), 'f', 3, 64)})
	}
	return outputs
}

// WriteOutputs writes outputs as GitHub's file of them has it. nonce is a word
// that nobody can guess.
func WriteOutputs(w io.Writer, nonce string, outputs []Output) error {
	for _, o := range outputs {
		if _, err := fmt.Fprintf(w, "%s<<%s\n%s\n%s\n", notName.ReplaceAllString(o.Name, "_"),
			nonce, typeset.Clean(o.Value), nonce); err != nil {
			return err
		}
	}
	return nil
}
