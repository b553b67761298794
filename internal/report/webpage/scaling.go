package webpage

import (
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// scalingSection is what a search says of replicas, and the objects to be copied.
func scalingSection(v content.View) htmlpage.Section {
	s := v.Scaling
	if s == nil {
		return htmlpage.Section{}
	}
	found := []htmlpage.Finding{{
		Tone: htmlpage.Plain, Word: "ADVICE", Title: "one replica", Reason: typeset.Bounded(s.Text, htmlText),
	}}
	if !s.Advised() {
		found[0].Tone, found[0].Word, found[0].Title = htmlpage.Inconclusive, "NO ADVICE", "replicas"
		found[0].Remedy = typeset.Bounded(s.Remedy, htmlText)
	}
	for _, n := range s.Beside {
		found = append(found, htmlpage.Finding{
			Tone: htmlpage.Warn, Word: "WARN", Title: "what it rests on",
			Reason: typeset.Bounded(n.Reason, htmlText), Remedy: typeset.Bounded(n.Remedy, htmlText),
		})
	}
	section := htmlpage.Section{ID: "replicas", Title: "Replicas",
		Lead:  "What the levels say of the number of replicas. It changes no outcome.",
		Parts: []htmlpage.Part{{Findings: found}}}
	for _, o := range s.Objects {
		section.Parts = append(section.Parts, htmlpage.Part{Code: o.YAML})
	}
	return section
}
