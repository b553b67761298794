package board

import (
	"cmp"
	"slices"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// strip is the outcomes of a series.
func (s *series) strip(page string) *htmlpage.Strip {
	strip := &htmlpage.Strip{Label: "Outcomes, oldest first", Note: signs}
	for _, r := range s.runs {
		title := typeset.JoinNonEmpty(", ", label(r), markText(r))
		if why := s.unused[r.ID]; why != "" {
			title += ", not used as a baseline: " + why
		}
		strip.Squares = append(strip.Squares, htmlpage.Square{Tone: toneOf(r), Sign: sign(r), Title: sentence(title),
			Href: from(page, RunPath(r.ID)), Lined: s.unused[r.ID] == ""})
	}
	return strip
}

// latest is the newest run in one finding.
func (b *Board) latest(s *series) htmlpage.Finding {
	r := s.newest()
	f := htmlpage.Finding{Tone: toneOf(r), Word: outcomeOf(r).String(), Title: when(r) + " UTC",
		Figures: []htmlpage.Fact{{Label: "runs", Text: s.span()}, {Label: "baseline", Text: s.baselineText()}},
		Reason:  sentence(r.Why)}
	if r.Origin.Commit != "" {
		f.Subject = named(r.Origin.ShortCommit())
	}
	if text := markText(r); text != "" {
		f.Figures = append(f.Figures, htmlpage.Fact{Label: "mark", Text: text})
	}
	return f
}

// table is the runs of a series, the newest first.
func (b *Board) table(s *series) *htmlpage.Table {
	page := s.path()
	t := &htmlpage.Table{Sortable: true, Columns: []htmlpage.Column{
		{Name: "Run"}, {Name: "Outcome"}, {Name: "Commit"}, {Name: "Mark"}, {Name: "Baseline for the next run"},
		{Name: "Compare"}}}
	for at, r := range slices.Backward(s.runs) {
		commit, why := b.commitLink(r), "yes"
		if text := s.unused[r.ID]; text != "" {
			why = sentence("no: " + text)
		}
		compare := htmlpage.Text("–")
		if at > 0 {
			compare = htmlpage.Cell{Text: "with the one before", Href: from(page, pairPath(r.ID))}
		}
		o := outcomeOf(r)
		t.Rows = append(t.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			{Text: when(r), Small: named(r.ID), Href: from(page, RunPath(r.ID))},
			{Text: o.String(), Badge: toneOf(r)},
			{Text: commit.Text, Href: commit.Href}, htmlpage.Text(cmp.Or(markText(r), "–")),
			htmlpage.Text(why), compare,
		}})
	}
	return t
}

// moments are the runs on the axis of dates.
func (s *series) moments() []htmlpage.Moment {
	var all []htmlpage.Moment
	for _, r := range s.runs {
		text := label(r)
		if word := content.MarkWord(r); word != "" {
			text += " · " + word
		}
		all = append(all,
			htmlpage.Moment{At: r.Started.Unix(), Text: text, Href: from(s.path(), RunPath(r.ID))})
	}
	return all
}
