package report

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// What the file leaves out of its rules is in every report, with its reason: an
// exception that nobody sees is never taken back.

// Excepted is one exception, in words.
type Excepted struct {
	Rule     string
	Names    []string
	Reason   string
	Until    string // the first day on which it counts no longer; "": no end
	Measured string // of a single endpoint: what was measured of it
}

// exceptedOf words the exceptions of a verdict.
func exceptedOf(all []verdict.Excepted, figures []Figure) []Excepted {
	var list []Excepted
	for _, x := range all {
		e := Excepted{Rule: x.Rule, Names: x.Endpoints, Reason: x.Reason, Until: x.Until}
		for _, f := range figures {
			if len(x.Endpoints) == 1 && f.Name == x.Endpoints[0] {
				e.Measured = measuredText(f)
			}
		}
		list = append(list, e)
	}
	return list
}

// measuredText is what was measured of an endpoint, in a few words.
func measuredText(f Figure) string {
	text := fmt.Sprintf("%s sent, %s failed", unit.Grouped(f.Requests), f.failed())
	if p95, ok := f.Latency(0.95); ok {
		text += ", p95 " + unit.Of(p95).String()
	}
	return text
}

// names are those of the endpoints, the first of many.
func (x Excepted) names() string {
	const most = 3
	if more := len(x.Names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(x.Names[:most], ", "), more)
	}
	return strings.Join(x.Names, ", ")
}

// why is the reason, with the day on which it ends.
func (x Excepted) why() string {
	if x.Until == "" {
		return x.Reason
	}
	return fmt.Sprintf("%s (until %s)", x.Reason, x.Until)
}

// from is what it is left out of.
func (x Excepted) from() string {
	if x.Rule == verdict.BaselineRule {
		return "not compared with earlier runs"
	}
	return fmt.Sprintf("not judged by rule %q", x.Rule)
}

// excepted prints what is left out.
func (p *page) excepted(all []Excepted) {
	for i, x := range all {
		if i == 0 {
			p.line("")
		}
		p.hanging(p.ink.bold("EXCEPTED")+"  ", fmt.Sprintf("%s — %s; %s", x.names(), x.why(),
			joinNonEmpty(": ", x.from(), x.Measured)))
	}
}

// excepted is what is left out.
func (p *markdownPage) excepted(v View) {
	var lines []string
	for _, x := range v.Excepted {
		lines = append(lines, fmt.Sprintf("- %s — %s; %s\n", prose(x.names(), markdownName),
			prose(x.why(), markdownNote),
			prose(joinNonEmpty(": ", x.from(), x.Measured), markdownNote)))
	}
	p.lines(mostProblems, "\n**Excepted**\n\n", lines)
}

// exceptedSection is what is left out, as a table.
func (v View) exceptedSection() htmlpage.Section {
	table := &htmlpage.Table{Columns: columnsOf("Endpoint")}
	for _, name := range []string{"Reason", "Until", "Rule", "Measured"} {
		table.Columns = append(table.Columns, htmlpage.Column{Name: name})
	}
	for _, x := range v.Excepted {
		until := x.Until
		if until == "" {
			until = "–"
		}
		table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			htmlpage.Text(bounded(x.names(), htmlName)), htmlpage.Text(bounded(x.Reason, htmlText)),
			htmlpage.Text(until),
			htmlpage.Text(bounded(x.Rule, htmlName)), htmlpage.Text(x.Measured),
		}})
	}
	if table.Rows == nil {
		return htmlpage.Section{}
	}
	return htmlpage.Section{
		ID: "excepted", Title: "Excepted", Lead: "What the file leaves out of its rules. It was measured all the same.",
		Parts: []htmlpage.Part{{Table: table}},
	}
}

// junitExcepted are the exceptions as cases that were skipped, one for each rule
// and endpoint.
func junitExcepted(v View) []junitCase {
	var cases []junitCase
	for _, x := range v.Excepted {
		for _, name := range x.Names {
			why := bounded("excepted: "+x.why(), junitText)
			cases = append(cases, junitCase{
				Class: bounded(x.Rule, junitName), Name: bounded(name+": excepted", junitName), Time: "0",
				Skipped: &junitProblem{Message: why, Text: why},
			})
		}
	}
	return cases
}

// verdictExcepted is an exception in verdict.json.
type verdictExcepted struct {
	Rule      string   `json:"rule"` // baseline: the comparison with earlier runs
	Endpoints []string `json:"endpoints"`
	Reason    string   `json:"reason"`
	Until     string   `json:"until"` // YYYY-MM-DD, the first day on which it counts no longer; empty: no end
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
}

func verdictExceptions(all []verdict.Excepted) []verdictExcepted {
	list := make([]verdictExcepted, 0, len(all))
	for _, x := range all {
		list = append(list, verdictExcepted{
			Rule: x.Rule, Endpoints: append([]string{}, x.Endpoints...), Reason: x.Reason, Until: x.Until,
			File: x.Pos.File, Line: x.Pos.Line, Column: x.Pos.Column,
		})
	}
	return list
}
