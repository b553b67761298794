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
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// SideBySide is two runs beside each other.
type SideBySide struct {
	A, B       *result.Result
	Contrasts  []regress.Contrast
	Confidence float64 // of the intervals, in (0,1)
}

// differenceText is how B stands to A, in a word that fits the metric.
func differenceText(c regress.Contrast) string {
	switch {
	case !c.A.Value.OK || !c.B.Value.OK:
		return "only one of them"
	case c.Difference == regress.Worse && c.Metric.Latency():
		return "slower"
	case c.Difference == regress.Better && c.Metric.Latency():
		return "faster"
	case c.Difference == regress.Worse:
		return "worse"
	case c.Difference == regress.Better:
		return "better"
	}
	return "–"
}

// ContrastText is a contrast in words.
type ContrastText struct{ A, B, Ratio, Difference string }

// Contrasted words a contrast.
func Contrasted(c regress.Contrast) ContrastText {
	return ContrastText{measurementText(c.A), measurementText(c.B), ratioText(c), differenceText(c)}
}

// differs says whether there is more to say of the two than that they are alike.
func differs(c regress.Contrast) bool {
	return !c.A.Value.OK || !c.B.Value.OK || c.Difference != regress.Same
}

// DifferenceOutcome colours a difference.
func DifferenceOutcome(c regress.Contrast) verdict.Outcome {
	switch {
	case !c.A.Value.OK || !c.B.Value.OK:
		return verdict.Inconclusive
	case c.Difference == regress.Worse:
		return verdict.Fail
	}
	return verdict.Pass
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
	for _, warning := range s.Warnings() {
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
		text := Contrasted(c)
		g.add(kind, name, c.Metric.Name(), text.A, text.B, text.Ratio, text.Difference)
	}
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		if column == 5 && differs(shown[row]) {
			return p.ink.outcome(DifferenceOutcome(shown[row]), text)
		}
		return text
	})
	p.line("")
	p.explain([]string{fmt.Sprintf("(…) %s interval within each run. – no significant difference by it. Runs differ "+
		"by more than that, even of the same build: loadgate ab runs two builds in turn, and a history knows how much "+
		"runs differ.", content.Percent(s.Confidence))})
	return p.writeTo(w)
}

// Warnings are what makes the two runs unlike.
func (s SideBySide) Warnings() []string {
	var found []string
	a, b := s.A, s.B
	if a.Digest != b.Digest {
		found = append(found, "they are of different loads: users, steps or profile differ, and figures with them")
	}
	if one, other := a.Origin.Runner.Class(), b.Origin.Runner.Class(); one != other {
		found = append(found, fmt.Sprintf("they were made on different classes of runner: %q and %q", one, other))
	}
	for i, r := range []*result.Result{a, b} {
		if r.End != result.Complete {
			found = append(found, fmt.Sprintf("%c did not come to its end: %s", 'A'+i, content.EndText(r.End)))
		}
	}
	return found
}

func measurementText(m regress.Measurement) string {
	if !m.Value.OK {
		return "–"
	}
	value := unit.Amount(m.Value.Quantity)
	low, high := "", ""
	if m.Low.OK {
		low = unit.Amount(m.Low.Quantity)
	}
	if m.High.OK {
		high = unit.Amount(m.High.Quantity)
	}
	return value + content.IntervalText(value, low, high)
}

func ratioText(c regress.Contrast) string {
	if !c.Ratio.OK {
		return "–"
	}
	text := fmt.Sprintf("%.2f", c.Ratio.Value)
	if c.Low.OK && c.High.OK {
		text += fmt.Sprintf(" (%.2f–%.2f)", c.Low.Value, c.High.Value)
	}
	return text
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
	}{ContrastSchema, s.Confidence, append([]string{}, s.Warnings()...), []contrastRow{}}
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
