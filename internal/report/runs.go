package report

import (
	"fmt"
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/unit"
)

// newPage is a page of so many cells.
func newPage(o Options) page {
	p := page{ink: ink{o.Color}, width: min(max(o.Width, 80), 140)}
	if o.Width == 0 {
		p.width = 100
	}
	return p
}

// writeTo writes the page, unless the table library failed.
func (p *page) writeTo(w io.Writer) error {
	if p.err != nil {
		return p.err
	}
	_, err := io.WriteString(w, p.text.String())
	return err
}

// verdictOf is the outcome of a name; what is not one is inconclusive.
func verdictOf(name string) gate.Outcome {
	for _, o := range severity {
		if text, err := o.MarshalText(); err == nil && string(text) == name {
			return o
		}
	}
	return gate.Inconclusive
}

// noRuns says how a history is filled.
func (p *page) noRuns(folder string) {
	p.hanging("", fmt.Sprintf("No run in %s. loadgate run --record keeps one.", folder))
}

// markText is what somebody said of a run, in a word.
func markText(r baseline.Run) string {
	switch m, ok := r.Mark(); {
	case !ok:
		return ""
	case m.Accepted:
		return "accepted"
	}
	return "rejected"
}

// brief is enough of a commit to find it.
func brief(commit string) string { return clean(commit[:min(len(commit), 10)]) }

// WriteRuns prints a list of runs for people.
func WriteRuns(w io.Writer, runs []baseline.Run, folder string, o Options) error {
	p := newPage(o)
	if len(runs) == 0 {
		p.noRuns(folder)
		return p.writeTo(w)
	}
	g := grid{
		header:  []string{"RUN", "VERDICT", "PROFILE", "BRANCH", "COMMIT", "RUNNER", "MARK"},
		squeeze: []squeeze{{5, 24}, {3, 16}, {2, 12}, {5, 10}, {3, 8}},
	}
	for _, r := range runs {
		g.add("", clean(r.ID), clean(r.Verdict), clean(r.Profile), clean(r.Origin.Branch), brief(r.Origin.Commit), clean(r.Origin.Runner.Class()), markText(r))
	}
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		if column == 1 {
			return p.ink.outcome(verdictOf(runs[row].Verdict), text)
		}
		return text
	})
	return p.writeTo(w)
}

// WriteRun prints what is kept of a run for people.
func WriteRun(w io.Writer, r baseline.Run, o Options) error {
	p := newPage(o)
	p.line(p.ink.bold(shorten(clean(title(r.Name, r.Profile)), p.width/2)) + "  " + p.ink.dim(shorten(clean(r.Target), p.width/2-2)))
	facts := []Fact{
		{"run", r.ID}, {"began", r.Started.UTC().Format(time.DateTime) + " UTC"}, {"verdict", r.Verdict},
		{"commit", r.Origin.Commit}, {"branch", r.Origin.Branch}, {"runner", r.Origin.Runner.Class()},
		{"load", r.Digest}, {"seed", fmt.Sprint(r.Seed)}, {"tool", r.Tool},
	}
	for _, m := range r.Marks {
		text := fmt.Sprintf("%s UTC: %s", m.At.UTC().Format(time.DateTime), m.Reason)
		if m.By != "" {
			text = m.By + ", " + text
		}
		label := "rejected"
		if m.Accepted {
			label = "accepted"
		}
		facts = append(facts, Fact{label, text})
	}
	for _, f := range facts {
		if f.Text != "" {
			p.fact(f.Label, f.Text)
		}
	}
	p.line("")
	g := grid{header: []string{"ENDPOINT", "FIGURE", "VALUE", "± 95%", "REQS"}, right: []int{2, 3, 4}, squeeze: []squeeze{{0, 20}}}
	last := ""
	for _, f := range r.Figures {
		name := clean(f.Endpoint)
		if name == last {
			name = ""
		} else {
			last = name
		}
		about := "–"
		if f.Err > 0 {
			about = percent(2 * f.Err)
		}
		g.add("", name, f.Metric.Name(), unit.Quantity{Value: f.Value, Unit: f.Metric.Unit()}.String(), about, unit.Grouped(f.Requests))
	}
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
	return p.writeTo(w)
}
