package webpage_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// While a run goes on its page says of each worker how it ended, or that nothing is heard of it any more.
func TestLiveWorkers(t *testing.T) {
	c, err := thresholds.Decode([]byte(`version: 1
name: shop
target: {url: "http://127.0.0.1:1"}
profiles: {p: {users: 40, spawn_rate: 40/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /]}}
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
	cut := result.Cut
	r.Shards = []result.Shard{
		{K: 1, N: 4, Worker: "first", Elapsed: 25 * time.Second},
		{K: 2, N: 4, Worker: "slower", Elapsed: 23 * time.Second},
		{K: 3, N: 4, Worker: "silent", Elapsed: 10 * time.Second},
		{K: 4, N: 4, Worker: "ended", Elapsed: 9 * time.Second, End: &cut},
	}
	sections := webpage.NewLive(p, r, 0).Judged(content.NewView(r, verdict.Verdict{}, content.Options{Config: c}))
	at := slices.IndexFunc(sections, func(s htmlpage.Section) bool { return s.ID == "workers" })
	got := map[string]string{}
	for _, row := range sections[at].Parts[0].Table.Rows {
		got[row.Cells[0].Text] = row.Cells[len(row.Cells)-1].Text
	}
	want := map[string]string{
		"1/4 on first": "runs", "2/4 on slower": "runs", "3/4 on silent": "silent since 0:10", "4/4 on ended": "cut",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ends of the workers (-want +got):\n%s", diff)
	}
}
