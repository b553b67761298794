// Package webpage makes the sections of the HTML page.
package webpage

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// Write writes one HTML page that needs nothing beside it.
func Write(w io.Writer, v content.View) error { return htmlpage.Write(w, Document(v)) }

// Document is the page of a run, also for those who put it among others.
func Document(v content.View) htmlpage.Document {
	v = content.Short(v)
	word := v.Closing.Word()
	name := typeset.Bounded(v.Title, htmlName)
	d := htmlpage.Document{
		Title: word + " · " + name,
		Banner: htmlpage.Banner{Tone: ToneOf(v.Closing.Shade()),
			Word: word, Name: name, Text: typeset.Bounded(v.Closing.Fitted(bannerLine), htmlText)},
		Facts:  []htmlpage.Fact{{Label: "target", Text: typeset.Bounded(v.Target, htmlName)}},
		Footer: typeset.Bounded(maker(v)+". Charts by uPlot, © 2022 Leon Sorokin, under the MIT License.", htmlText),
	}
	if v.Target == "" {
		d.Facts = nil
	}
	for _, f := range v.Facts {
		d.Facts = append(d.Facts, htmlpage.Fact{Label: f.Label, Text: typeset.Bounded(f.Text, htmlText)})
	}
	for _, section := range []htmlpage.Section{
		findingsSection(v), exceptedSection(v), causesSection(v), scalingSection(v),
		comparedSection(v), stagesSection(v), timeSection(v), resourcesSection(v), figuresSection(v),
		endpointsSection(v), rulesSection(v), failuresSection(v), phasesSection(v), shardsSection(v), planSection(v),
		runSection(v),
	} {
		if len(section.Parts) > 0 {
			d.Sections = append(d.Sections, section)
		}
	}
	return d
}

// bannerLine is half of the cells that the sentence of the banner takes: the rules that it only counts
// are in the findings.
const bannerLine = 200

// openFindings is how many findings stand open; the worst come first.
const openFindings = 20

// findingsSection is what stands against a pass, or should be known of one.
func findingsSection(v content.View) htmlpage.Section {
	var found []htmlpage.Finding
	for _, c := range v.HealthCrowds() {
		if c.Shown.Sound() {
			continue
		}
		made := healthFinding(c.Shown)
		if c.Many() {
			made.Folded = folded(c, healthFinding)
		}
		found = append(found, made)
	}
	for _, c := range v.Crowds() {
		found = append(found, ruleFinding(v, c))
	}
	for _, c := range v.ComparedCrowds() {
		if !untold(v, c.Shown) {
			found = append(found, changeFinding(v, c))
		}
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

// causesSection says why it went as it did.
func causesSection(v content.View) htmlpage.Section {
	var found []htmlpage.Finding
	for _, c := range v.Causes {
		found = append(found, htmlpage.Finding{
			Tone: htmlpage.Plain, Word: "WHY", Title: typeset.Bounded(c.Title, htmlName),
			Reason: typeset.Bounded(c.Evidence, htmlText), Remedy: typeset.Bounded(c.Next, htmlText),
		})
	}
	if found == nil {
		return htmlpage.Section{}
	}
	return htmlpage.Section{ID: "why", Title: "Why", Lead: "What was measured of the causes. They change no outcome.",
		Parts: []htmlpage.Part{{Findings: found}}}
}

// maker is who measured the run and wrote the page.
func maker(v content.View) string {
	if tool := v.Run.Source.Tool; tool != "" {
		return "Measured by " + tool + ", written by loadgate"
	}
	return "Written by " + v.Run.Tool
}

// runSection says which run it was, on which machine, and how to make it again.
func runSection(v content.View) htmlpage.Section {
	r := v.Run
	var facts []htmlpage.Fact
	add := func(label, text string) {
		if text != "" {
			facts = append(facts, htmlpage.Fact{Label: label, Text: typeset.Bounded(text, htmlText)})
		}
	}
	planned := r.Planned
	add("load", content.Load(planned, v.Rates))
	for _, text := range content.LoadTexts(planned, v.Rates) {
		add("", text)
	}
	add("duration", content.Length(planned.Duration))
	add("ramp", clockOf(planned.Ramp))
	add("warm-up", clockOf(planned.WarmUp))
	add("timeout", clockOf(planned.Timeout))
	for _, s := range planned.Stages {
		add("stage", content.StageText(s, planned.Rate > 0, v.Rates))
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
		if f.Sound() {
			add("sound", strings.Join(f.Subjects, ", "))
		}
	}
	section := htmlpage.Section{ID: "run", Title: "The run", Parts: []htmlpage.Part{{Facts: facts}}}
	if !r.Source.Foreign() { // what another tool did, its own command does again
		section.Lead = "The same seed sends the same requests. To make this run again:"
		section.Parts = append([]htmlpage.Part{{Code: command(v)}}, section.Parts...)
	}
	return section
}
