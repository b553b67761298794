package webpage_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// The figures of a page are those of all seconds so far, in the middle of the seconds of a spark too, and however often
// they are asked for. An endpoint without an answer has none, and a damaged second costs those of its endpoint and the
// points of its second.
func TestLiveFigures(t *testing.T) {
	c, err := thresholds.Decode([]byte(`version: 1
target: {url: "http://127.0.0.1:1"}
profiles: {p: {users: 40, spawn_rate: 40/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /whole, GET /failing, GET /damaged]}}
thresholds: {all: {endpoints: "*", success: 99%}}
`), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(c, plan.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	r := p.Result("test", time.Unix(0, 0).UTC())
	l := webpage.NewLive(p, r, 0)
	folded := func(d ...time.Duration) hist.Sparse {
		var h hist.Latency
		for _, d := range d {
			h.Record(d)
		}
		return h.Sparse()
	}
	failed := map[metric.Failure]int64{metric.Status: 1}
	var p50 htmlpage.Numbers
	for second := range 7 {
		damaged := folded(time.Second)
		if second == 2 {
			damaged = hist.Sparse{1}
		}
		whole := folded(time.Duration(second+1) * 100 * time.Millisecond)
		s := &result.Slice{Moment: result.Moment{Slot: second}, Endpoints: []result.EndpointSlice{
			{Index: 0, Slot: result.Slot{Slot: second, Requests: 1, Latency: whole}},
			{Index: 1, Slot: result.Slot{Slot: second, Requests: 1, Failed: failed}},
			{Index: 2, Slot: result.Slot{Slot: second, Requests: 1, Latency: damaged}},
		}}
		if p50 = append(p50, l.Second(s, r)[1][1]); second == 1 {
			l.Statistics()
		}
	}
	want := map[string][]string{
		"GET /whole": {"400ms", "700ms", "700ms", "700ms"}, "GET /failing": {"–", "–", "–", "–"},
		"GET /damaged": {"–", "–", "–", "–"},
	}
	for range 2 {
		got := map[string][]string{}
		for _, row := range l.Statistics().Parts[0].Table.Rows {
			for _, cell := range row.Cells[4:8] {
				got[row.Cells[0].Text] = append(got[row.Cells[0].Text], cell.Text)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("p50, p95, p99 and longest (-want +got):\n%s", diff)
		}
	}
	for second, v := range p50 {
		if want := float64(second+1) * 100; second == 2 && v == v || second != 2 && (v < want || v > 1.01*want) {
			t.Errorf("p50 of second %d is %v", second, v)
		}
	}
	_, facts := l.Banner(7*time.Second, 1)
	if !slices.Contains(facts, htmlpage.Fact{Label: "p95 now", Text: "1s"}) {
		t.Errorf("facts %v", facts)
	}
}
