package terminal

import (
	"io"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/verdictjson"
)

// ChartSchema names the version of a chart's data. Fields may be added within a
// version; none changes its meaning.
const ChartSchema = "loadgate.chart/1"

// The data of a chart.
type (
	chartDocument struct {
		Schema string      `json:"schema"`
		Metric string      `json:"metric"`
		Unit   string      `json:"unit"` // of all values
		Runs   []chartRun  `json:"runs"`
		Lines  []chartLine `json:"lines"`
	}
	chartRun struct {
		ID      string    `json:"id"`
		Started time.Time `json:"started"`
		Commit  string    `json:"commit"`
		Branch  string    `json:"branch"`
		Verdict string    `json:"verdict"`
		Mark    string    `json:"mark"`   // accepted, rejected or empty
		Counts  bool      `json:"counts"` // later runs may be compared with it
	}
	chartLine struct {
		Endpoint    string       `json:"endpoint"`
		Transaction bool         `json:"transaction"`
		Values      []*float64   `json:"values"` // beside runs; null: the run has none
		Changes     []chartShift `json:"changes"`
	}
	chartShift struct {
		Run    int     `json:"run"` // index of the first run of the new level
		Before float64 `json:"before"`
		After  float64 `json:"after"`
	}
)

// WriteData writes all runs that the chart shows, as JSON.
func (c Chart) WriteData(w io.Writer) error {
	doc := chartDocument{Schema: ChartSchema, Metric: c.Metric.Name(),
		Unit: c.Metric.Unit().Base(), Runs: []chartRun{}, Lines: []chartLine{}}
	for _, r := range c.Runs {
		doc.Runs = append(doc.Runs,
			chartRun{r.ID, r.Started.UTC(), r.Origin.Commit, r.Origin.Branch, r.Verdict, content.MarkWord(r),
				r.Counts()})
	}
	for _, l := range c.Lines {
		line := chartLine{Endpoint: l.Endpoint, Transaction: l.Transaction,
			Values: make([]*float64, len(l.Values)), Changes: []chartShift{}}
		for i, v := range l.Values {
			if !math.IsNaN(v) {
				line.Values[i] = &v
			}
		}
		for _, s := range l.ChangePoints {
			line.Changes = append(line.Changes, chartShift{s.At, s.Before, s.After})
		}
		doc.Lines = append(doc.Lines, line)
	}
	return verdictjson.WriteJSON(w, doc)
}
