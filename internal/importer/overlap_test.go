package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// Rows that hold others are told, and never make failures rarer than the file's
// total has them.
func TestRowsBeyondTheTotal(t *testing.T) {
	row := func(name string, requests, failed int) string {
		return fmt.Sprintf(`%q:{"sampleCount":%d,"errorCount":%d,"pct1ResTime":8,"pct2ResTime":9}`,
			name, requests, failed)
	}
	for _, tt := range []struct {
		name       string
		rows       []string
		want, note string
	}{
		{"more failures", []string{row("A", 100, 50), row("B", 100, 0), row("T", 100, 50), row("Total", 200, 50)},
			"A 50/100, B 0/100, T 50/100",
			"its rows have 300 requests, 100 failed together, and its total says 200 requests, 50 failed: " +
				"rows that hold others, as JMeter's transaction controllers do"},
		{"fewer", []string{row("A", 100, 50), row("B", 100, 0), row("T", 100, 0), row("Total", 200, 50)},
			"A 50/100, B ?/100, T ?/100", "its rows have 300 requests, 50 failed together"},
		{"none", []string{row("A", 100, 0), row("T", 100, 0), row("Total", 100, 0)},
			"A 0/100, T 0/100", "200 requests, 0 failed"},
		{"failures of nobody", []string{row("A", 100, 10), row("B", 100, 60), row("Total", 200, 90)},
			"A ?/100, B 60/100", "its total says 200 requests, 90 failed: whose the other failures are is not known"},
		{"all told", []string{row("A", 100, 10), row("B", 100, 60), row("Total", 200, 70)}, "A 10/100, B 60/100", ""},
	} {
		r := decode(t, "{"+strings.Join(tt.rows, ",")+"}", importer.Options{})
		var got []string
		for _, e := range r.Endpoints {
			failed := "?"
			if e.Summary.Failed != nil {
				failed = fmt.Sprint(*e.Summary.Failed)
			}
			got = append(got, fmt.Sprintf("%s %s/%d", e.Name, failed, e.Summary.Requests))
		}
		notes := strings.Join(r.Source.Notes, "\n")
		if text := strings.Join(got, ", "); text != tt.want ||
			!strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
			t.Errorf("%s: %s, noting %q\nwant %s, noting %q", tt.name, text, notes, tt.want, tt.note)
		}
		if r.Summary == nil || r.Summary.Failed == nil {
			t.Errorf("%s: the total is lost", tt.name)
		}
	}
}

// JMeter's tables print shares of failures, whose rounding is no difference.
func TestRowsWithinRounding(t *testing.T) {
	table := "Label,# Samples,95% Line,Error %\nA,300000,10,0.00%\nB,700000,10,0.01%\nTOTAL,1000000,10,0.01%\n"
	if got := told(t, decode(t, table, importer.Options{})); got != "A: 300000 requests, 0 failed, p95 10ms\nB: "+
		"700000 requests, 70 failed, p95 10ms" {
		t.Error(got)
	}
}
