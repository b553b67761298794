package board

import (
	"encoding/json"
	"io"
	"slices"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Tally is what a board shows of a run over time besides the figures of its head. It depends on the run's result
// alone, so it can be kept.
type Tally struct {
	Counts []Count `json:"counts"`
	Gauges []Gauge `json:"gauges,omitempty"`
}

// Count is how many requests of an endpoint, or transaction, failed in the measured time.
type Count struct {
	Endpoint    string `json:"endpoint"`
	Transaction bool   `json:"transaction,omitempty"`
	Requests    int64  `json:"requests"` // failures included
	Failed      int64  `json:"failed"`
}

// Gauge is the readings of a resource in the whole run.
type Gauge struct {
	Name   string    `json:"name"`
	Unit   unit.Unit `json:"unit"`
	Median float64   `json:"median"`
	Most   float64   `json:"most"`
}

// TallyOf counts a result.
func TallyOf(r *result.Result) Tally {
	t := Tally{Counts: []Count{}}
	for _, f := range content.NewView(r, verdict.Verdict{}, content.Options{}).Figures() {
		if !f.Once.Any() && !f.FailuresUnknown && f.Requests > 0 {
			t.Counts = append(t.Counts, Count{f.Name, f.Transaction, f.Requests, f.Failures})
		}
	}
	for _, of := range r.Resources {
		var values []float64
		for _, reading := range of.Readings {
			if reading.Measured() {
				values = append(values, *reading.Value)
			}
		}
		if len(values) > 0 {
			slices.Sort(values)
			t.Gauges = append(t.Gauges, Gauge{of.Name, of.Unit, values[len(values)/2], values[len(values)-1]})
		}
	}
	return t
}

// tallies is the document of all tallies of a board.
type tallies struct {
	Schema string           `json:"schema"`
	Runs   map[string]Tally `json:"runs"` // by ID
}

// TallySchema names the version of the document that WriteTallies writes.
const TallySchema = "loadgate.tallies/1"

// WriteTallies writes what was counted, by the IDs of runs.
func WriteTallies(w io.Writer, all map[string]Tally) error {
	return json.NewEncoder(w).Encode(tallies{TallySchema, all})
}

// ReadTallies reads what WriteTallies wrote; nil of any other text.
func ReadTallies(text []byte) map[string]Tally {
	var doc tallies
	if err := json.Unmarshal(text, &doc); err != nil || doc.Schema != TallySchema {
		return nil
	}
	return doc.Runs
}
