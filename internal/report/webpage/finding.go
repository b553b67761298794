package webpage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/verdict"
)

func ToneOf(o verdict.Outcome) htmlpage.Tone {
	return [...]htmlpage.Tone{verdict.Inconclusive: htmlpage.Inconclusive,
		verdict.Pass: htmlpage.Pass, verdict.Warn: htmlpage.Warn, verdict.Fail: htmlpage.Fail}[o&3]
}

// toneOrder is severity in tones; what is only to be known comes last.
var toneOrder = [...]htmlpage.Tone{htmlpage.Fail, htmlpage.Inconclusive, htmlpage.Warn, htmlpage.Plain}

// findingOf is what a row says.
func findingOf(v content.View, r content.Row) htmlpage.Finding {
	return withNote(htmlpage.Finding{
		Tone: ToneOf(r.Outcome), Word: r.Outcome.String(), Title: typeset.Bounded(r.Rule, htmlName),
		Subject: typeset.Bounded(r.Subject, htmlName) + content.MoreText(r.More),
		Figures: figuresFacts(r.Value, r.Limit, rests(r)), Place: placeOf(v.Checks[r.Checks[0]]),
		Also: traceOf(v, v.Checks[r.Checks[0]]),
	}, r.Note())
}

// ruleFinding is a row that does not pass, or many that open.
func ruleFinding(v content.View, c content.Crowd[content.Row]) htmlpage.Finding {
	worst := findingOf(v, c.All[0])
	if !c.Many() {
		return worst
	}
	figures := figuresFacts(c.All[0].Value, c.Shown.Limit, rests(c.Shown))
	figures[0].Label = "the worst"
	figures = slices.Insert(figures, 1, htmlpage.Fact{Label: "all", Text: c.Shown.Value})
	return summed(worst, c, figures, func(r content.Row) htmlpage.Finding { return findingOf(v, r) })
}

// untold says whether a change is in the table of comparisons alone: nothing limits it.
func untold(v content.View, l content.Compared) bool {
	return l.Outcome == verdict.Warn && !v.Checks[l.Checks[0]].Comparison.Gated
}

// changeOf is what a line of the comparison says.
func changeOf(v content.View, l content.Compared) htmlpage.Finding {
	before := "before"
	if l.Pairs {
		before = "A"
	}
	return withNote(htmlpage.Finding{
		Tone: ToneOf(l.Outcome), Word: l.Outcome.String(), Title: typeset.Bounded(l.Metric, htmlName),
		Subject: typeset.Bounded(l.Subject, htmlName) + content.MoreText(l.More),
		Figures: []htmlpage.Fact{{Label: "now", Text: l.Now}, {Label: before, Text: l.Base},
			{Label: "change", Text: l.Change}},
		Place: placeOf(v.Checks[l.Checks[0]]), Also: traceOf(v, v.Checks[l.Checks[0]]),
	}, l.Note())
}

// changeFinding is a change that does not pass, or many that open.
func changeFinding(v content.View, c content.Crowd[content.Compared]) htmlpage.Finding {
	worst := changeOf(v, c.All[0])
	if !c.Many() {
		return worst
	}
	return summed(worst, c, []htmlpage.Fact{{Label: "change", Text: c.Shown.Change}},
		func(l content.Compared) htmlpage.Finding { return changeOf(v, l) })
}

// summed is many findings as one, which opens into them; like is one of them.
func summed[T any](like htmlpage.Finding, c content.Crowd[T], figures []htmlpage.Fact,
	one func(T) htmlpage.Finding) htmlpage.Finding {
	return withNote(htmlpage.Finding{
		Tone: like.Tone, Word: like.Word, Title: typeset.Bounded(c.Title, htmlName),
		Subject: typeset.Bounded(c.Subject, htmlText), Figures: figures,
		Folded: folded(c, one),
	}, c.Beside)
}

// folded is the findings that one sums up.
func folded[T any](c content.Crowd[T], one func(T) htmlpage.Finding) *htmlpage.Folded {
	f := &htmlpage.Folded{Summary: typeset.Bounded(c.Summary, htmlName)}
	for _, member := range c.All {
		f.Findings = append(f.Findings, one(member))
	}
	return f
}

// healthFinding is a finding about the run itself.
func healthFinding(f content.Finding) htmlpage.Finding {
	made := htmlpage.Finding{
		Tone: ToneOf(f.Outcome), Word: f.Outcome.String(),
		Title: "the run itself", Subject: typeset.Bounded(strings.Join(f.Subjects, ", "), htmlText),
		Figures: figuresFacts(f.Value, f.Limit, htmlpage.Fact{}),
	}
	if f.Outcome == verdict.Pass {
		made.Tone, made.Word = htmlpage.Plain, "NOTE"
	}
	return withNote(made, f.Note)
}

// rests is what a row rests on: requests, or readings of a gauge.
func rests(r content.Row) htmlpage.Fact {
	if r.Resource {
		return htmlpage.Fact{Label: "readings", Text: strconv.Itoa(r.Readings)}
	}
	return htmlpage.Fact{Label: "requests", Text: r.Requests}
}

// figuresFacts are those that are known; rests is what they rest on.
func figuresFacts(value, limit string, rests htmlpage.Fact) []htmlpage.Fact {
	var facts []htmlpage.Fact
	for _, f := range []htmlpage.Fact{{Label: "value", Text: value}, {Label: "limit", Text: limit}, rests} {
		if f.Text != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func withNote(f htmlpage.Finding, n content.Note) htmlpage.Finding {
	f.Reason, f.Remedy = typeset.Bounded(n.Reason, htmlText), typeset.Bounded(n.Remedy, htmlText)
	return f
}

func placeOf(c verdict.Check) string {
	if c.Pos.Line == 0 {
		return ""
	}
	return typeset.Bounded(fmt.Sprintf("%s:%d", c.Pos.File, c.Pos.Line), htmlName)
}

// clockOf is a length of time; empty where there is none.
func clockOf(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return content.Length(d)
}

// command makes the run again, to be pasted into a shell.
func command(v content.View) string {
	words := v.Options.Command
	if words == nil {
		words = content.CommandOf("run", v.Run, v.Checks, "--host="+v.Run.Target)
	}
	return typeset.Cut(content.ShellLine(words), htmlText)
}
