package report

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The page is for people with a question: is it good, what is not, since when,
// and why. It answers in this order, from the View that every format prints;
// html_charts.go has what moves with time, html_tables.go the figures.
// Markup is package web's; what it is given is cut to htmlText and clean, since
// no browser should be shown a marker that turns text around.

// The bytes of a name and of a sentence.
const (
	htmlName = 300
	htmlText = 2000
)

func writeHTML(w io.Writer, v View) error { return htmlpage.Write(w, v.document()) }

func (v View) document() htmlpage.Document {
	v = short(v)
	word := v.Closing.Word()
	name := bounded(v.Title, htmlName)
	d := htmlpage.Document{
		Title: word + " · " + name,
		Banner: htmlpage.Banner{Tone: toneOf(v.Closing.shade()),
			Word: word, Name: name, Text: bounded(v.Closing.Sentence(), htmlText)},
		Facts:  []htmlpage.Fact{{Label: "target", Text: bounded(v.Target, htmlName)}},
		Footer: bounded(v.maker()+". Charts by uPlot, © 2022 Leon Sorokin, under the MIT License.", htmlText),
	}
	if v.Target == "" {
		d.Facts = nil
	}
	for _, f := range v.Facts {
		d.Facts = append(d.Facts, htmlpage.Fact{Label: f.Label, Text: bounded(f.Text, htmlText)})
	}
	for _, section := range []htmlpage.Section{
		v.findingsSection(), v.exceptedSection(), v.causesSection(),
		v.comparedSection(), v.stagesSection(), v.timeSection(), v.resourcesSection(), v.figuresSection(),
		v.endpointsSection(), v.rulesSection(), v.failuresSection(), v.phasesSection(), v.planSection(), v.runSection(),
	} {
		if len(section.Parts) > 0 {
			d.Sections = append(d.Sections, section)
		}
	}
	return d
}

func toneOf(o verdict.Outcome) htmlpage.Tone {
	return [...]htmlpage.Tone{verdict.Inconclusive: htmlpage.Inconclusive,
		verdict.Pass: htmlpage.Pass, verdict.Warn: htmlpage.Warn, verdict.Fail: htmlpage.Fail}[o&3]
}

// toneOrder is severity in tones; what is only to be known comes last.
var toneOrder = [...]htmlpage.Tone{htmlpage.Fail, htmlpage.Inconclusive, htmlpage.Warn, htmlpage.Plain}

// openFindings is how many findings stand open; the worst come first.
const openFindings = 20

// findingsSection is what stands against a pass, or should be known of one.
func (v View) findingsSection() htmlpage.Section {
	var found []htmlpage.Finding
	for _, f := range v.Health {
		if f.sound() {
			continue
		}
		made := htmlpage.Finding{
			Tone: toneOf(f.Outcome), Word: f.Outcome.String(),
			Title: "the run itself", Subject: bounded(strings.Join(f.Subjects, ", "), htmlName),
			Figures: figuresFacts(f.Value, f.Limit, htmlpage.Fact{}),
		}
		if f.Outcome == verdict.Pass {
			made.Tone, made.Word = htmlpage.Plain, "NOTE"
		}
		found = append(found, noted(made, f.Note))
	}
	for _, c := range v.crowds() {
		made := v.findingOf(c.rows[0])
		if c.many() {
			made = noted(made, c.note)
			made.Title, made.Subject, made.Place = bounded(c.title, htmlName), bounded(c.subject(v), htmlText), ""
			if c.rows[0].Value != "" {
				made.Figures[0].Label = "the worst"
			}
			made.Folded = &htmlpage.Folded{Summary: bounded(c.summary(), htmlName)}
			for _, r := range c.rows {
				made.Folded.Findings = append(made.Folded.Findings, v.findingOf(r))
			}
		}
		found = append(found, made)
	}
	for _, l := range v.Compared {
		if l.Outcome == verdict.Pass || l.Outcome == verdict.Warn && !v.checks[l.Checks[0]].Comparison.Gated {
			continue // what nothing limits is in the table of comparisons
		}
		before := "before"
		if l.pairs {
			before = "A"
		}
		made := htmlpage.Finding{
			Tone: toneOf(l.Outcome), Word: l.Outcome.String(),
			Title: bounded(l.Metric, htmlName), Subject: bounded(l.Subject, htmlName) + moreText(l.More),
			Figures: []htmlpage.Fact{{Label: "now", Text: l.Now},
				{Label: before, Text: l.Base}, {Label: "change", Text: l.Change}},
			Place: placeOf(v.checks[l.Checks[0]]),
		}
		found = append(found, noted(made, v.firstNote(l.Notes)))
	}
	if found == nil {
		return htmlpage.Section{}
	}
	slices.SortStableFunc(found, func(a, b htmlpage.Finding) int {
		return cmp.Compare(slices.Index(toneOrder[:], a.Tone), slices.Index(toneOrder[:], b.Tone))
	})
	section := htmlpage.Section{ID: "findings", Title: "Findings",
		Parts: []htmlpage.Part{{Findings: found[:min(len(found), openFindings)]}}}
	if rest := found[min(len(found), openFindings):]; len(rest) > 0 {
		section.Parts = append(section.Parts,
			htmlpage.Part{Folded: &htmlpage.Folded{Summary: fmt.Sprintf("%d more", len(rest)), Findings: rest}})
	}
	return section
}

// findingOf is what a row says.
func (v View) findingOf(r Row) htmlpage.Finding {
	return noted(htmlpage.Finding{
		Tone: toneOf(r.Outcome), Word: r.Outcome.String(), Title: bounded(r.Rule, htmlName),
		Subject: bounded(r.Subject, htmlName) + moreText(r.More),
		Figures: figuresFacts(r.Value, r.Limit, r.rests()), Place: placeOf(v.checks[r.Checks[0]]),
	}, v.firstNote(r.Notes))
}

// causesSection says why it went as it did.
func (v View) causesSection() htmlpage.Section {
	var found []htmlpage.Finding
	for _, c := range v.Causes {
		found = append(found, htmlpage.Finding{
			Tone: htmlpage.Plain, Word: "WHY", Title: bounded(c.Title, htmlName),
			Reason: bounded(c.Evidence, htmlText), Remedy: bounded(c.Next, htmlText),
		})
	}
	if found == nil {
		return htmlpage.Section{}
	}
	return htmlpage.Section{ID: "why", Title: "Why", Lead: "What was measured of the causes. They change no outcome.",
		Parts: []htmlpage.Part{{Findings: found}}}
}

// rests is what a row rests on: requests, or readings of a gauge.
func (r Row) rests() htmlpage.Fact {
	if r.Resource {
		return htmlpage.Fact{Label: "readings", Text: strings.TrimSuffix(r.Requests, "×")}
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

func noted(f htmlpage.Finding, n Note) htmlpage.Finding {
	f.Reason, f.Remedy = bounded(n.Reason, htmlText), bounded(n.Remedy, htmlText)
	return f
}

func placeOf(c verdict.Check) string {
	if c.Pos.Line == 0 {
		return ""
	}
	return bounded(fmt.Sprintf("%s:%d", c.Pos.File, c.Pos.Line), htmlName)
}

// maker is who measured the run and wrote the page.
func (v View) maker() string {
	if tool := v.run.Source.Tool; tool != "" {
		return "Measured by " + tool + ", written by loadgate"
	}
	return "Written by " + v.run.Tool
}

// runSection says which run it was, on which machine, and how to make it again.
func (v View) runSection() htmlpage.Section {
	r := v.run
	var facts []htmlpage.Fact
	add := func(label, text string) {
		if text != "" {
			facts = append(facts, htmlpage.Fact{Label: label, Text: bounded(text, htmlText)})
		}
	}
	planned := r.Planned
	add("load", Load(planned))
	add("duration", clock(planned.Duration))
	add("ramp", clockOf(planned.Ramp))
	add("warm-up", clockOf(planned.WarmUp))
	add("timeout", clockOf(planned.Timeout))
	for _, s := range planned.Stages {
		add("stage", stageText(s, planned.Rate > 0))
	}
	if !r.Source.Foreign() {
		add("seed", fmt.Sprint(r.Seed))
	}
	add("measured by", r.Source.Tool)
	add("digest of the load", r.Digest)
	add("commit", r.Origin.Commit)
	add("branch", r.Origin.Branch)
	machine := r.Origin.Runner
	add("runner", machine.Name)
	machine.Name = ""
	add("machine", machine.Class())
	for _, f := range v.Health {
		if f.sound() {
			add("sound", strings.Join(f.Subjects, ", "))
		}
	}
	section := htmlpage.Section{ID: "run", Title: "The run", Parts: []htmlpage.Part{{Facts: facts}}}
	if !r.Source.Foreign() { // what another tool did, its own command does again
		section.Lead = "The same seed sends the same requests. To make this run again:"
		section.Parts = append([]htmlpage.Part{{Code: v.command()}}, section.Parts...)
	}
	return section
}

// clockOf is a length of time; empty where there is none.
func clockOf(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return clock(d)
}

// command makes the run again, to be pasted into a shell.
func (v View) command() string {
	words := v.options.Command
	if words == nil {
		words = commandOf("run", v.run, v.checks, "--host="+v.run.Target)
	}
	quoted := make([]string, 0, len(words))
	for _, word := range words {
		quoted = append(quoted, shellWord(clean(word)))
	}
	return cut(strings.Join(quoted, " "), htmlText)
}

// commandOf is what the result itself tells: flags that changed the load are
// not in it.
func commandOf(command string, r *result.Result, checks []verdict.Check, targets ...string) []string {
	words := []string{"loadgate", command}
	for _, c := range checks {
		if c.Pos.File != "" {
			words = append(words, c.Pos.File)
			break
		}
	}
	words = append(words, targets...)
	if r.Profile != "" {
		words = append(words, "--profile="+r.Profile)
	}
	if r.Planned.Smoke {
		words = append(words, "--smoke")
	}
	return append(words, fmt.Sprintf("--seed=%d", r.Seed))
}

// plainWord is what no shell makes anything of.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// shellWord is one word for a shell, whatever it holds.
func shellWord(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
