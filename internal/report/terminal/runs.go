package terminal

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
)

// noRuns says how a history is filled.
func (p *page) noRuns(folder string) {
	p.hanging("", fmt.Sprintf("No run in %s. loadgate run --record keeps one.", folder))
}

// kindText follows the name of a transaction.
func kindText(transaction bool) string { return content.Figure{Transaction: transaction}.Kind() }

// runners numbers the classes of runner in the order in which they come.
func runners(runs []baseline.Run) (classes []string, number func(baseline.Run) string) {
	for _, r := range runs {
		if class := r.Origin.Runner.Class(); !slices.Contains(classes, class) {
			classes = append(classes, class)
		}
	}
	return classes, func(r baseline.Run) string {
		return strconv.Itoa(1 + slices.Index(classes, r.Origin.Runner.Class()))
	}
}

// WriteRuns prints a list of runs for people, and which ones are no baseline.
func WriteRuns(w io.Writer, runs []baseline.Run, folder string, o content.Options) error {
	p := newPage(o)
	if len(runs) == 0 {
		p.noRuns(folder)
		return p.writeTo(w)
	}
	p.runs(runs)
	unused := map[string]reason.Reason{}
	for _, r := range runs {
		unused[r.ID] = r.WhyNot()
	}
	p.unused(runs, unused)
	return p.writeTo(w)
}

// WriteBaseline prints for people which of the runs the next one like the newest
// is compared with, and why it is not with the others.
func WriteBaseline(w io.Writer, runs []baseline.Run, folder string, o content.Options) error {
	p := newPage(o)
	if len(runs) == 0 {
		p.noRuns(folder)
		return p.writeTo(w)
	}
	runs = baseline.Ordered(runs)
	newest := runs[len(runs)-1]
	next := newest
	next.Started = newest.Started.Add(time.Nanosecond)
	past := baseline.Select(runs, baseline.Query{Run: next})
	p.titled(content.Title(newest.Name, newest.Profile), newest.Target)
	of := ""
	if hosts := baseline.Hosts(past.Runs); hosts > 1 {
		of = " of " + unit.Counted(hosts, "host")
	}
	text := fmt.Sprintf("The next run is compared with %s%s.", unit.Counted(len(past.Runs), "run"), of)
	if len(past.Runs) < baseline.Fewest {
		text = fmt.Sprintf("The next run is not compared: there are %d of the %d runs that it takes.",
			len(past.Runs), baseline.Fewest)
	}
	p.hanging("", text)
	if len(past.Runs) > 0 {
		p.line("")
		p.runs(past.Runs)
	}
	unused := map[string]reason.Reason{}
	for _, left := range past.Left {
		for _, id := range left.IDs {
			unused[id] = left.Why.Plain()
		}
	}
	for _, r := range runs {
		if why := r.WhyNot(); why.Given() && unused[r.ID].Given() {
			unused[r.ID] = why
		}
	}
	p.unused(runs, unused)
	return p.writeTo(w)
}

// runs prints a table of runs. Classes of runner have long names and are few:
// they are numbered, and named under the table. A narrow page does without them.
func (p *page) runs(runs []baseline.Run) {
	g := grid{
		header:  []string{"RUN", "VERDICT", "PROFILE", "BRANCH", "COMMIT", "RUNNER", "MARK"},
		right:   []int{5},
		squeeze: []squeeze{{3, 20}, {2, 12}, {3, 8}, {2, 7}, {0, 20}, {1, 10}},
		wrapped: []int{0, 2, 3}, hang: 2,
	}
	classes, number := runners(runs)
	for _, r := range runs {
		g.add("", typeset.Clean(r.ID), typeset.Clean(r.Verdict), typeset.Clean(r.Profile),
			typeset.Clean(r.Origin.Branch), typeset.Clean(r.Origin.ShortCommit()), number(r), content.MarkWord(r))
	}
	numbered := len(classes) > 1 && p.width >= 100
	if !numbered {
		g.drop(5)
	}
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		if column == 1 {
			return p.ink.outcome(content.KeptOutcome(runs[row].Verdict), text)
		}
		return text
	})
	if numbered {
		p.line("")
		for i, class := range classes {
			p.hanging(fmt.Sprintf("runner %d  ", i+1), cmp.Or(class, "not known"))
		}
	}
}

// unused lists the runs that are no baseline, and why.
func (p *page) unused(runs []baseline.Run, why map[string]reason.Reason) {
	first := true
	for _, r := range runs {
		if !why[r.ID].Given() {
			continue
		}
		if first {
			p.line("")
			p.line("Not used as a baseline")
			first = false
		}
		p.hanging("  "+typeset.Shorten(typeset.Clean(r.ID), p.width/2)+"  ", wording.Text(why[r.ID]))
	}
}

// WriteRun prints what is kept of a run for people.
func WriteRun(w io.Writer, r baseline.Run, o content.Options) error {
	p := newPage(o)
	p.titled(content.Title(r.Name, r.Profile), r.Target)
	facts := []content.Fact{
		{Label: "run", Text: r.ID}, {Label: "began", Text: r.Started.UTC().Format(time.DateTime) + " UTC"},
		{Label: "verdict", Text: r.Verdict},
		{Label: "commit", Text: r.Origin.Commit}, {Label: "branch", Text: r.Origin.Branch},
		{Label: "runner", Text: r.Origin.Runner.Class()},
		{Label: "load", Text: r.Digest}, {Label: "seed", Text: fmt.Sprint(r.Seed)}, {Label: "tool", Text: r.Tool},
	}
	for _, m := range r.Marks {
		text := fmt.Sprintf("%s UTC: %s", m.At.UTC().Format(time.DateTime), m.Reason)
		if m.By != "" {
			text = m.By + ", " + text
		}
		facts = append(facts, content.Fact{Label: content.WordOf(m), Text: text})
	}
	if why := r.WhyNot(); why.Given() {
		facts = append(facts, content.Fact{Label: "baseline", Text: "not used as one: " + wording.Text(why)})
	}
	for _, f := range facts {
		if f.Text != "" {
			p.fact(f.Label, f.Text)
		}
	}
	p.line("")
	g := grid{header: []string{"ENDPOINT", "FIGURE", "VALUE", "± 95%", "REQS"},
		right: []int{2, 3, 4}, squeeze: []squeeze{{0, 20}}, wrapped: []int{0}, hang: 2}
	last := ""
	for _, f := range r.Figures {
		name, kind := typeset.Clean(f.Endpoint), kindText(f.Transaction)
		if f.Unsure {
			kind += " (unsure)"
		}
		if whole := name + kind; whole == last {
			name, kind = "", ""
		} else {
			last = whole
		}
		about := "–"
		if f.Err > 0 {
			about = content.Percent(2 * f.Err)
		}
		g.add(kind, name, f.Metric.Name(), unit.Quantity{Value: f.Value, Unit: f.Metric.Unit()}.String(),
			about, unit.Grouped(f.Requests))
	}
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
	return p.writeTo(w)
}
