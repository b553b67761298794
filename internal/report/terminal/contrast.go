package terminal

import (
	"fmt"
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/verdictjson"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// SideBySide is two runs beside each other.
type SideBySide struct {
	A, B       *result.Result
	Contrasts  []regress.Contrast
	Confidence float64 // of the intervals, in (0,1)
}

// Write prints both runs for people: the p95 of every endpoint, and of the
// other figures those with a significant difference; with Options.All, all.
func (s SideBySide) Write(w io.Writer, o content.Options) error {
	p := newPage(o)
	for _, side := range []struct {
		name string
		run  *result.Result
	}{{"A", s.A}, {"B", s.B}} {
		r := side.run
		text := content.Title(r.Name, r.Profile) + "  " + r.Target + "  " +
			r.Started.UTC().Format(time.DateTime) + " UTC, " + content.EndText(r.End)
		if r.Origin.Commit != "" {
			text += ", commit " + r.Origin.ShortCommit()
		}
		p.line(p.ink.bold(side.name) + "  " + typeset.Shorten(typeset.Clean(text), p.width-3))
	}
	for _, warning := range content.Unlike(s.A, s.B) {
		p.hanging(p.ink.outcome(verdict.Warn, "WARN")+"  ", warning)
	}
	p.line("")
	g := grid{
		header: []string{"ENDPOINT", "", "A", "B", "B / A", ""}, suffixed: 0,
		squeeze: []squeeze{{0, 24}, {0, 14}}, wrapped: []int{0}, hang: 2,
	}
	var shown []regress.Contrast
	last := ""
	for _, c := range s.Contrasts {
		there := c.A.Value.OK || c.B.Value.OK
		if !o.All && (!there || c.Metric != metric.P95 && c.Difference == regress.Same) {
			continue
		}
		name, kind := typeset.Clean(c.Endpoint), ""
		if name == last {
			name = ""
		} else if last = name; c.Transaction {
			kind = " (transaction)"
		}
		shown = append(shown, c)
		text := content.Contrasted(c)
		g.add(kind, name, c.Metric.Name(), text.A, text.B, text.Ratio, text.Difference)
	}
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		if column == 5 && content.Differs(shown[row]) {
			return p.ink.outcome(content.DifferenceOutcome(shown[row]), text)
		}
		return text
	})
	p.line("")
	p.explain([]string{fmt.Sprintf("(…) %s interval within each run. – no significant difference by it. Runs differ "+
		"by more than that, even of the same build: loadgate ab runs two builds in turn, and a history knows how much "+
		"runs differ.", content.Percent(s.Confidence))})
	return p.writeTo(w)
}

// ContrastSchema names the version of the JSON that WriteData writes. Fields
// may be added within a version; none changes its meaning.
const ContrastSchema = "loadgate.compare/1"

type contrastRow struct {
	Endpoint    string              `json:"endpoint"`
	Transaction bool                `json:"transaction"`
	Metric      string              `json:"metric"`
	A           *contrastSide       `json:"a"` // null: not measured
	B           *contrastSide       `json:"b"`
	Ratio       *verdictjson.Amount `json:"ratio"` // B over A
	Low         *verdictjson.Amount `json:"low"`
	High        *verdictjson.Amount `json:"high"`
	Difference  string              `json:"difference"` // same: no significant difference; worse or better: B is
}

type contrastSide struct {
	Value    *verdictjson.Amount `json:"value"`
	Low      *verdictjson.Amount `json:"low"`
	High     *verdictjson.Amount `json:"high"`
	Requests int64               `json:"requests"`
}

// WriteData writes every figure as JSON.
func (s SideBySide) WriteData(w io.Writer) error {
	doc := struct {
		Schema     string        `json:"schema"`
		Confidence float64       `json:"confidence"`
		Warnings   []string      `json:"warnings"`
		Figures    []contrastRow `json:"figures"`
	}{ContrastSchema, s.Confidence, append([]string{}, content.Unlike(s.A, s.B)...), []contrastRow{}}
	for _, c := range s.Contrasts {
		doc.Figures = append(doc.Figures, contrastRow{
			c.Endpoint, c.Transaction, c.Metric.Name(), sideOf(c.A),
			sideOf(c.B), verdictjson.AmountOf(c.Ratio), verdictjson.AmountOf(c.Low), verdictjson.AmountOf(c.High),
			[...]string{regress.Same: "same", regress.Worse: "worse", regress.Better: "better"}[c.Difference],
		})
	}
	return verdictjson.WriteJSON(w, doc)
}

func sideOf(m regress.Measurement) *contrastSide {
	if !m.Value.OK {
		return nil
	}
	return &contrastSide{verdictjson.AmountOf(m.Value), verdictjson.AmountOf(m.Low),
		verdictjson.AmountOf(m.High), m.Requests}
}
