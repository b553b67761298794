package webpage

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/verdict"
)

func toneOf(o verdict.Outcome) htmlpage.Tone {
	return [...]htmlpage.Tone{verdict.Inconclusive: htmlpage.Inconclusive,
		verdict.Pass: htmlpage.Pass, verdict.Warn: htmlpage.Warn, verdict.Fail: htmlpage.Fail}[o&3]
}

// toneOrder is severity in tones; what is only to be known comes last.
var toneOrder = [...]htmlpage.Tone{htmlpage.Fail, htmlpage.Inconclusive, htmlpage.Warn, htmlpage.Plain}

// findingOf is what a row says.
func findingOf(v content.View, r content.Row) htmlpage.Finding {
	return withNote(htmlpage.Finding{
		Tone: toneOf(r.Outcome), Word: r.Outcome.String(), Title: typeset.Bounded(r.Rule, htmlName),
		Subject: typeset.Bounded(r.Subject, htmlName) + content.MoreText(r.More),
		Figures: figuresFacts(r.Value, r.Limit, rests(r)), Place: placeOf(v.Checks[r.Checks[0]]),
	}, v.FirstNote(r.Notes))
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
	quoted := make([]string, 0, len(words))
	for _, word := range words {
		quoted = append(quoted, content.ShellWord(typeset.Clean(word)))
	}
	return typeset.Cut(strings.Join(quoted, " "), htmlText)
}
