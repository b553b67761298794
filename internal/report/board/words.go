package board

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

func outcomeOf(r baseline.Run) verdict.Outcome { return content.KeptOutcome(r.Verdict) }

func toneOf(r baseline.Run) htmlpage.Tone { return webpage.ToneOf(outcomeOf(r)) }

// sign is an outcome in one letter, with that of the mark behind it.
func sign(r baseline.Run) string {
	letters := [...]string{verdict.Inconclusive: "?", verdict.Pass: "✓", verdict.Warn: "!", verdict.Fail: "✗"}
	text := letters[outcomeOf(r)&3]
	if word := content.MarkWord(r); word != "" {
		text += strings.ToUpper(word[:1])
	}
	return text
}

// signs explains the signs and the line below them.
const signs = "✓ pass · ! warning · ? inconclusive · ✗ fail · A accepted, R rejected by a person. " +
	"A line below: the next run is compared with it."

// when is the time of a run, to the minute.
func when(r baseline.Run) string { return r.Started.UTC().Format(minute) }

const minute = "2006-01-02 15:04"

// label is a run in a line: when, its outcome, and its commit.
func label(r baseline.Run) string {
	return named(typeset.JoinNonEmpty(" · ", when(r), outcomeOf(r).String(), r.Origin.ShortCommit()))
}

// markText is what somebody said of a run, and why.
func markText(r baseline.Run) string {
	m, ok := r.Mark()
	if !ok {
		return ""
	}
	text := content.MarkWord(r) + ": " + m.Reason
	if m.By != "" {
		text += " — " + m.By
	}
	return sentence(text)
}

// spanOf is how many runs there are, and from when to when.
func spanOf(runs []baseline.Run) string {
	runs = baseline.Ordered(runs)
	text := unit.Counted(len(runs), "run")
	if len(runs) == 0 {
		return text
	}
	first, last := runs[0].Started.UTC().Format(time.DateOnly), runs[len(runs)-1].Started.UTC().Format(time.DateOnly)
	if first == last {
		return text + ", " + first
	}
	return fmt.Sprintf("%s, %s to %s", text, first, last)
}

// hexCommit is a commit that a forge has an address for.
var hexCommit = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// commitLink is the commit of a run, at the forge where that is known.
func (b *Board) commitLink(r baseline.Run) htmlpage.Link {
	link := htmlpage.Link{Text: named(cmp.Or(r.Origin.ShortCommit(), "–"))}
	if base := b.options.Commits.String(); base != "" && hexCommit.MatchString(r.Origin.Commit) {
		link.Href = htmlpage.Web(strings.TrimRight(base, "/") + "/commit/" + r.Origin.Commit)
	}
	return link
}

// footer is who made the page.
const footer = "Written by loadgate. Times are UTC."

// drawnBy is for a page with charts.
const drawnBy = " Charts by uPlot, © 2022 Leon Sorokin, under the MIT License."

// The bytes of a name and of a sentence.
const (
	nameBytes = 300
	textBytes = 2000
)

func named(text string) string    { return typeset.Bounded(text, nameBytes) }
func sentence(text string) string { return typeset.Bounded(text, textBytes) }
