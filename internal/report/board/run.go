package board

import (
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// runPage is the page of one run of a series.
func (b *Board) runPage(s *series, at int) Page {
	r := s.runs[at]
	path := RunPath(r.ID)
	trail := s.trail(path, when(r))
	if at > 0 {
		trail = append(trail, htmlpage.Link{Text: "earlier run", Href: from(path, RunPath(s.runs[at-1].ID))},
			htmlpage.Link{Text: "compare with it", Href: from(path, pairPath(r.ID))})
	}
	if at+1 < len(s.runs) {
		trail = append(trail, htmlpage.Link{Text: "later run", Href: from(path, RunPath(s.runs[at+1].ID))})
	}
	return Page{Path: path, Key: b.key("run", r.ID, r.Marks, trail), Runs: []string{r.ID},
		Document: func() htmlpage.Document {
			d := b.runDocument(r)
			d.Trail = trail
			return d
		}}
}

// runDocument is the page of a run. Its limits are not kept with it, so it says what the run was judged then.
func (b *Board) runDocument(r baseline.Run) htmlpage.Document {
	var d htmlpage.Document
	switch res, err := b.source.Result(r.ID); {
	case err == nil:
		d = webpage.Document(content.NewView(res, verdict.Verdict{}, content.Options{Confidence: confidence}))
	default:
		d.Footer = footer
		d.Facts = []htmlpage.Fact{{Label: "result", Text: "it cannot be read: only what is kept beside it is shown"}}
	}
	o := outcomeOf(r)
	name := named(content.Title(r.Name, r.Profile))
	d.Title = o.String() + " · " + name + " · " + when(r)
	d.Banner = htmlpage.Banner{Tone: webpage.ToneOf(o), Word: o.String(), Name: name, Text: judged(r)}
	was := htmlpage.Section{ID: "judged", Title: "As it was judged", Parts: []htmlpage.Part{{Facts: keptFacts(r)}},
		Lead: "The limits of that day are not kept with a run, so this page repeats its outcome and judges nothing " +
			"anew."}
	if form, ok := b.form(r); ok {
		was.Parts = append(was.Parts, htmlpage.Part{Form: form})
	}
	d.Sections = append([]htmlpage.Section{was}, d.Sections...)
	if len(r.Figures) > 0 {
		d.Sections = append(d.Sections, htmlpage.Section{ID: "kept", Title: "Kept figures",
			Lead:  "What later runs are compared with, each with twice its standard error within the run.",
			Parts: []htmlpage.Part{{Table: keptFigures(r)}}})
	}
	return d
}

// judged is the sentence of the banner.
func judged(r baseline.Run) string {
	if r.Why == "" {
		return "Judged when it was kept."
	}
	return sentence("Judged when it was kept: " + r.Why)
}

// keptFacts are the names of a run, and what people said of it.
func keptFacts(r baseline.Run) []htmlpage.Fact {
	facts := []htmlpage.Fact{{Label: "run", Text: named(r.ID)}}
	for _, f := range []htmlpage.Fact{{Label: "branch", Text: named(r.Origin.Branch)},
		{Label: "commit", Text: named(r.Origin.Commit)}, {Label: "runner", Text: named(r.Origin.Runner.Class())}} {
		if f.Text != "" {
			facts = append(facts, f)
		}
	}
	for _, m := range r.Marks {
		text := m.Reason
		if m.By != "" {
			text += " — " + m.By
		}
		label := content.WordOf(m) + " " + m.At.UTC().Format(minute)
		facts = append(facts, htmlpage.Fact{Label: label, Text: sentence(text)})
	}
	return facts
}

// form asks what a reader has to say of a run.
func (b *Board) form(r baseline.Run) (*htmlpage.Form, bool) {
	action := from(RunPath(r.ID), b.options.Marks)
	if b.options.Marks == "" || action.String() == "" {
		return nil, false
	}
	return &htmlpage.Form{Action: action, Title: "Accept or reject this run",
		Lead: "Accept: later runs are compared with it, and no longer with the ones before, except in figures that " +
			"did not change. Reject: no later run is compared with it. The newest word counts, and none is removed.",
		Hidden: []htmlpage.Fact{{Label: "run", Text: r.ID}},
		Fields: []htmlpage.Field{{Name: "reason", Label: "Reason", Required: true, Most: 1000},
			{Name: "by", Label: "Your name", Most: 100}},
		Buttons: []htmlpage.Button{{Name: "mark", Value: "accept", Text: "Accept"},
			{Name: "mark", Value: "reject", Text: "Reject"}}}, true
}

// keptFigures are what later runs are compared with.
func keptFigures(r baseline.Run) *htmlpage.Table {
	t := &htmlpage.Table{Sortable: true, Columns: []htmlpage.Column{{Name: "Endpoint"}, {Name: "Figure"},
		{Name: "Value", Number: true}, {Name: "± 95%", Number: true}, {Name: "Requests", Number: true}}}
	for _, f := range r.Figures {
		name := htmlpage.Text(named(f.Endpoint))
		small := strings.TrimSpace(content.Figure{Transaction: f.Transaction}.Kind())
		if f.Unsure {
			small = strings.TrimSpace(small + " unsure: not compared")
		}
		name.Small = small
		spread := htmlpage.Text("–")
		if f.Err > 0 {
			spread = htmlpage.Number(content.Percent(2*f.Err), f.Err)
		}
		t.Rows = append(t.Rows, htmlpage.Row{Cells: []htmlpage.Cell{name, htmlpage.Text(f.Metric.Name()),
			htmlpage.Number(unit.Quantity{Value: f.Value, Unit: f.Metric.Unit()}.String(), f.Value), spread,
			htmlpage.Number(unit.Grouped(f.Requests), float64(f.Requests))}})
	}
	return t
}

// confidence is that of the intervals, as of loadgate compare.
const confidence = 0.95
