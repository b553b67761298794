package github

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/junit"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// NotRun is a command that ended without a verdict.
type NotRun struct {
	Command  string // of loadgate, such as run
	ExitCode int    // never 0
	Problems []Problem
}

// Problem is one thing that kept a command from its verdict.
type Problem struct {
	Pos  mistake.Pos // the zero value where it is of no file
	Text string      // whole, with the place in it where there is one
}

// Annotate writes an annotation for each problem, on its line where it has one.
func (n NotRun) Annotate(w io.Writer) error {
	out := &firstError{w: w}
	action := githubactions.New(githubactions.WithWriter(out),
		githubactions.WithGetenv(func(string) string { return "" }))
	for i, p := range n.Problems {
		if i == mostAnnotations {
			break
		}
		fields := map[string]string{"title": withCode(n.title(), reason.NotRun)}
		if p.Pos.Line > 0 {
			fields["file"], fields["line"] = typeset.Clean(p.Pos.File), strconv.Itoa(p.Pos.Line)
		}
		action.WithFieldsMap(fields).Errorf("%s", typeset.Clean(p.Text))
	}
	return out.err
}

func (n NotRun) title() string {
	return wording.Text(reason.NotRun.With(reason.Args{"command": n.Command, "exit_code": n.ExitCode}))
}

// WriteSummary writes a section of Markdown, or nothing where it would be longer
// than limit bytes.
func (n NotRun) WriteSummary(w io.Writer, limit int64) error {
	text := n.text()
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	section := fmt.Sprintf("## %s: there is no verdict\n\n%stext\n%s\n%s\n", n.title(), fence, text, fence)
	if int64(len(section)) > limit {
		return nil
	}
	_, err := io.WriteString(w, section)
	return err
}

// text is the problems, a line each.
func (n NotRun) text() string {
	lines := make([]string, len(n.Problems))
	for i, p := range n.Problems {
		lines[i] = typeset.Clean(p.Text)
	}
	return strings.Join(lines, "\n")
}

// Outputs are those of View.Outputs that make sense without a verdict: what was
// not made is inconclusive.
func (n NotRun) Outputs() []Output {
	word := strings.ToLower(verdict.Inconclusive.String())
	return []Output{{"verdict", word}, {"outcome", word}, {"exit_code", strconv.Itoa(n.ExitCode)}, {"failed", "0"},
		{"codes", string(reason.NotRun)}}
}

// WriteJUnit writes a suite of one case, which has an error.
func (n NotRun) WriteJUnit(w io.Writer) error {
	type problem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	type testcase struct {
		Class string  `xml:"classname,attr"`
		Name  string  `xml:"name,attr"`
		Error problem `xml:"error"`
	}
	type suite struct {
		Name string `xml:"name,attr"`
		junit.Counts
		Case testcase `xml:"testcase"`
	}
	counts := junit.Counts{Tests: 1, Errors: 1, Time: "0"}
	whole := struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junit.Counts
		Suite suite `xml:"testsuite"`
	}{Name: "loadgate", Counts: counts, Suite: suite{
		Name: "loadgate", Counts: counts,
		Case: testcase{junit.OwnClass, "a verdict", problem{n.title(), string(reason.NotRun), n.text()}},
	}}
	text, err := xml.MarshalIndent(whole, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}
