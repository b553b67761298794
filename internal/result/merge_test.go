package result_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// merge joins what must fit together, and proves that it left its parts alone.
func merge(t rapid.TB, shards ...*result.Result) *result.Result {
	t.Helper()
	before := make([]string, len(shards))
	for i, s := range shards {
		before[i] = encode(t, s)
	}
	sum, err := result.Merge(shards...)
	if err != nil {
		t.Fatalf("Merge: %v", err)
	}
	for i, s := range shards {
		if after := encode(t, s); after != before[i] {
			t.Fatalf("Merge changed shard %d (-before +after):\n%s", i+1, gocmp.Diff(before[i], after))
		}
	}
	if err := sum.Check(); err != nil {
		t.Fatalf("Check of a merged run: %v", err)
	}
	return sum
}

// buyers are the only kind of user of a plan.
func buyers(users int, expected float64) []result.Group {
	return []result.Group{{
		Name: "buyers", Users: users, ThinkMin: time.Second, ThinkMax: 2 * time.Second, Pace: 1, Expected: expected,
		Parts: []result.Part{{Endpoint: "GET /items", Share: 0.9}, {Endpoint: "POST /login", Share: 0.1}},
	}}
}

// anyShards draws the shards of one run. They differ in all that may differ:
// when they started, how long they took and how they ended.
func anyShards(t *rapid.T, n int) []*result.Result {
	shards := make([]*result.Result, n)
	stages := rapid.Bool().Draw(t, "stages")
	for i := range shards {
		played := anyTape(rapid.IntRange(1, 7).Draw(t, "seconds")).Draw(t, "tape")
		r := played.record(t, result.Shard{K: i + 1, N: n})
		r.Started = r.Started.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "started")) * time.Second)
		r.Planned.Users = rapid.IntRange(0, 9).Draw(t, "planned users")
		if stages {
			r.Planned.Rate, r.Planned.MaxUsers = rapid.Float64Range(0, 9).Draw(t, "rate"),
				rapid.IntRange(0, 9).Draw(t, "most users")
			r.Planned.Stages = []result.Stage{
				{Users: rapid.IntRange(0, 9).Draw(t, "first level"), Until: 2 * time.Second},
				{Rate: rapid.Float64Range(0, 9).Draw(t, "second level"), From: 3 * time.Second, Until: 5 * time.Second},
			}
		}
		r.Planned.Groups = buyers(rapid.IntRange(0, 9).Draw(t, "buyers"),
			rapid.Float64Range(0, 9).Draw(t, "requests of buyers"))
		r.Target = rapid.SampledFrom([]string{"http://localhost:8000", "http://127.0.0.1:8000/", ""}).Draw(t, "target")
		if err := r.Finish(rapid.SampledFrom([]result.End{result.Cut,
			result.Complete, result.Interrupted, result.Lost}).Draw(t, "end")); err != nil {
			t.Fatal(err)
		}
		shards[i] = r
	}
	return shards
}

func TestMergeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shards := anyShards(t, 3)
		want := merge(t, shards...)
		order := rapid.Permutation([]int{0, 1, 2}).Draw(t, "order")
		got := merge(t, shards[order[0]], shards[order[1]], shards[order[2]])
		if d := diff(want, got); d != "" {
			t.Fatalf("Merge in order %v (-want +got):\n%s", order, d)
		}
	})
}

func TestMergeInAnyGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyShards(t, 4)
		want := merge(t, s...)
		for _, row := range []struct {
			name string
			got  *result.Result
		}{
			{"((1 2) 3) 4", merge(t, merge(t, merge(t, s[0], s[1]), s[2]), s[3])},
			{"1 (2 (3 4))", merge(t, s[0], merge(t, s[1], merge(t, s[2], s[3])))},
			{"(1 3) (4 2)", merge(t, merge(t, s[0], s[2]), merge(t, s[3], s[1]))},
		} {
			if d := diff(want, row.got); d != "" {
				t.Fatalf("%s (-want +got):\n%s", row.name, d)
			}
		}
	})
}

func TestMergeOfOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyShards(t, 1)[0]
		if d := diff(r, merge(t, r)); d != "" {
			t.Fatalf("Merge of one result (-want +got):\n%s", d)
		}
	})
}

// A shard in which nothing happened is the identity but for its name.
func TestMergeOfNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyTape(5).Draw(t, "tape").record(t, result.Shard{K: 1, N: 2})
		nothing := empty(result.Shard{K: 2, N: 2})
		nothing.Planned.Users, nothing.End = 0, result.Complete
		for i := range nothing.Endpoints {
			nothing.Endpoints[i].Expected = 0
		}
		got := merge(t, r, nothing)
		got.Shards = r.Shards
		if d := diff(r, got); d != "" {
			t.Fatalf("Merge with an empty shard (-want +got):\n%s", d)
		}
	})
}

func TestMergeLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "shards")
		seconds := rapid.IntRange(1, 7).Draw(t, "seconds")
		var all tape
		all.users, all.arrivals = make([]int, seconds), make([]arrivals, seconds)
		var shards []*result.Result
		firstBytes := rapid.SliceOfN(rapid.IntRange(0, len(names)-1), 0, 2).Draw(t, "first bytes of all")
		all.firstBytes = firstBytes
		if rapid.Bool().Draw(t, "several loads") {
			all.loads = make([][]result.Flow, seconds)
			for i := range all.loads {
				all.loads[i] = make([]result.Flow, 2)
			}
		}
		for k := 1; k <= n; k++ {
			part := anyTape(seconds).Draw(t, "tape")
			part.firstBytes = firstBytes
			part.addLoads(all.loads)
			part.generators = nil // each shard has a generator of its own
			for i, users := range part.users {
				all.users[i] += users
			}
			for i, a := range part.arrivals {
				all.arrivals[i].offered += a.offered
				all.arrivals[i].dropped += a.dropped
			}
			all.samples = append(all.samples, part.samples...)
			shards = append(shards, part.record(t, result.Shard{K: k, N: n}))
		}
		want := all.record(t, whole)
		got := merge(t, shards...)
		if requests, _ := total(got); requests != int64(len(all.samples)) {
			t.Fatalf("%d requests of %d", requests, len(all.samples))
		}
		want.Shards, want.Planned.Users = got.Shards, n*want.Planned.Users
		for i := range want.Endpoints {
			want.Endpoints[i].Expected *= float64(n)
		}
		if d := diff(want, got); d != "" {
			t.Fatalf("merged shards are not the run recorded in one (-want +got):\n%s", d)
		}
	})
}

// Slots of two lengths meet at the longer one.
func TestMergeOfDifferentSlots(t *testing.T) {
	short := small().record(t, result.Shard{K: 1, N: 2})
	long := empty(result.Shard{K: 2, N: 2})
	for _, second := range []int{0, 1, result.MaxSlots, 2 * result.MaxSlots} {
		s := &result.Slice{Moment: result.Moment{Slot: second, Users: 3}}
		s.Endpoints = []result.EndpointSlice{{Index: 1, Slot: failed(second, 1)}}
		if err := long.Append(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, shards := range [][]*result.Result{{short, long}, {long, short}} {
		got := merge(t, shards...)
		if got.Slot != 4*time.Second || got.Elapsed != long.Elapsed {
			t.Errorf("Slot, Elapsed = %v, %v, want 4s, %v", got.Slot, got.Elapsed, long.Elapsed)
		}
		if requests, failures := total(got); requests != 9 || failures != 5 {
			t.Errorf("%d requests, %d failures, want 9, 5", requests, failures)
		}
		if first := got.Timeline[0]; first.Slot != 0 || first.Users != 5 {
			t.Errorf("first moment = %+v, want slot 0 with 5 users", first)
		}
	}
}

// failed is a slot of requests that were not answered.
func failed(slot int, n int64) result.Slot {
	return result.Slot{Slot: slot, Requests: n, Failed: map[metric.Failure]int64{metric.Refused: n}}
}

func TestMergeKeepsTheEarliestWords(t *testing.T) {
	at := func(k int, ended time.Duration, words string) *result.Result {
		return tape{users: []int{1, 1, 1}, samples: []measure.Sample{
			{Endpoint: 1, Ended: ended, Failure: metric.Status, Status: 500, Detail: words, Body: "body of " + words},
		}}.record(t, result.Shard{K: k, N: 3})
	}
	late, early, middle := at(1, 2500*time.Millisecond, "late"),
		at(2, 300*time.Millisecond, "early"), at(3, time.Second, "middle")
	want := []result.Failure{{
		Kind: metric.Status, Status: 500, Detail: "early", Sample: "body of early",
		Count: 3, First: 300 * time.Millisecond, Last: 2500 * time.Millisecond,
	}}
	got := merge(t, late, early, middle).Endpoints[1].Failures
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("failures (-want +got):\n%s", d)
	}
}

// What shards were asked to make and what came of it adds up; when, does not.
func TestMergeAddsTheLoad(t *testing.T) {
	shard := func(k, users int, rate float64, came ...arrivals) *result.Result {
		r := tape{users: make([]int, len(came)), arrivals: came}.record(t, result.Shard{K: k, N: 2})
		r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = users, rate, 10*k
		r.Planned.Groups = buyers(users, 40*rate)
		r.Planned.Stages = []result.Stage{
			{Users: users, Rate: rate / 2, Until: 4 * time.Second},
			{Users: 2 * users, Rate: rate, From: 5 * time.Second, Until: 10 * time.Second},
		}
		return r
	}
	got := merge(t, shard(1, 3, 12.5, arrivals{12, 0}, arrivals{13, 2}),
		shard(2, 4, 25, arrivals{25, 25}, arrivals{24, 0}, arrivals{1, 1}))
	want := empty(whole).Planned
	want.Users, want.Rate, want.MaxUsers, want.Groups = 7, 37.5, 30, buyers(7, 1500)
	want.Stages = []result.Stage{
		{Users: 7, Rate: 18.75, Until: 4 * time.Second},
		{Users: 14, Rate: 37.5, From: 5 * time.Second, Until: 10 * time.Second},
	}
	if d := gocmp.Diff(want, got.Planned); d != "" {
		t.Errorf("Planned (-want +got):\n%s", d)
	}
	var came []arrivals
	for _, m := range got.Timeline {
		came = append(came, arrivals{m.Offered, m.Dropped})
	}
	if d := gocmp.Diff([]arrivals{{37, 25}, {37, 2}, {1, 1}}, came, gocmp.AllowUnexported(arrivals{})); d != "" {
		t.Errorf("arrivals (-want +got):\n%s", d)
	}
}

func TestMergeEnds(t *testing.T) {
	const cut, complete, interrupted, lost = result.Cut, result.Complete, result.Interrupted, result.Lost
	for _, row := range []struct{ a, b, want result.End }{
		{complete, complete, complete},
		{complete, interrupted, interrupted},
		{complete, cut, cut},
		{interrupted, cut, cut},
		{complete, lost, lost},
		{interrupted, lost, lost},
		{cut, lost, lost},
	} {
		a, b := empty(result.Shard{K: 1, N: 2}), empty(result.Shard{K: 2, N: 2})
		if err := a.Finish(row.a); err != nil {
			t.Fatal(err)
		}
		if err := b.Finish(row.b); err != nil {
			t.Fatal(err)
		}
		if got := merge(t, a, b).End; got != row.want {
			t.Errorf("%s and %s: End = %s, want %s", row.a, row.b, got, row.want)
		}
		if got := merge(t, b, a).End; got != row.want {
			t.Errorf("%s and %s: End = %s, want %s", row.b, row.a, got, row.want)
		}
	}
}

// Each shard's own facts outlive the sum, whatever the order; documents that
// were merged before they were kept stay readable.
func TestMergeKeepsWhatEachShardWas(t *testing.T) {
	seconds := []int{3, 1, 2}
	ends := []result.End{result.Complete, result.Cut, result.Interrupted}
	var shards []*result.Result
	for i, n := range seconds {
		readings := make([]*result.Generator, n)
		readings[0] = &result.Generator{CPUs: 2}
		if n > 1 { // it stood still, and nothing was read
			readings[1] = &result.Generator{Still: time.Second}
		}
		r := tape{users: make([]int, n), generators: readings}.record(t, result.Shard{K: i + 1, N: 4})
		r.Started, r.Tool = r.Started.Add(time.Duration(i)*time.Minute), "loadgate 0."+strconv.Itoa(i)
		if i == 0 { // its second line is lost
			r.Timeline = slices.Delete(r.Timeline, 1, 2)
		}
		if err := r.Finish(ends[i]); err != nil {
			t.Fatal(err)
		}
		shards = append(shards, r)
	}
	var want []result.Shard
	for i, r := range shards {
		want = append(want, result.Shard{
			K: i + 1, N: 4, End: &ends[i], Elapsed: time.Duration(seconds[i]) * time.Second,
			Started: r.Started, Tool: r.Tool, Target: r.Target, Covered: []time.Duration{2, 1, 2}[i] * time.Second,
			Watched: time.Second, Users: r.Planned.Users,
		})
	}
	sum := merge(t, merge(t, shards[2], shards[0]), shards[1])
	if d := gocmp.Diff(want, sum.Shards); d != "" {
		t.Errorf("Shards (-want +got):\n%s", d)
	}
	back, err := result.Decode(strings.NewReader(encode(t, sum)), "merged")
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(want, back.Shards); d != "" {
		t.Errorf("Shards, written and read (-want +got):\n%s", d)
	}
	old := *sum
	old.Shards = []result.Shard{{K: 1, N: 4}, {K: 2, N: 4}, {K: 3, N: 4}}
	if back, err = result.Decode(strings.NewReader(encode(t, &old)), "old"); err != nil || back.Shards[0].End != nil {
		t.Errorf("an old document of several shards: %+v, %v", back, err)
	}
}

func TestMergeRefuses(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*result.Result)
		want   string
	}{
		{"another load", func(r *result.Result) { r.Digest = "0000" },
			"merge results: they are of different loads: the users or steps of their thresholds.yaml differ"},
		{"another kind of user", func(r *result.Result) { r.Planned.Groups[0].Parts[0].Share = 0.8 },
			"merge results: they are of different loads: the users or steps of their thresholds.yaml differ"},
		{"another profile", func(r *result.Result) { r.Profile = "heavy" },
			`merge results: they are of different profiles, "light" and "heavy"`},
		{"another seed", func(r *result.Result) { r.Seed = 8 },
			"merge results: they are of different runs: seeds 7 and 8"},
		{"another duration", func(r *result.Result) { r.Planned.Duration++ },
			"merge results: they are of different runs: their planned times differ"},
		{"another warm-up", func(r *result.Result) { r.Planned.WarmUp++ },
			"merge results: they are of different runs: their planned times differ"},
		{"another number of stages",
			func(r *result.Result) { r.Planned.Stages = append(r.Planned.Stages, result.Stage{}) },
			"merge results: they are of different runs: their planned times differ"},
		{"stages at other times", func(r *result.Result) { r.Planned.Stages[0].Until-- },
			"merge results: they are of different runs: their planned times differ"},
		{"another target", func(r *result.Result) { r.Target = "http://localhost:9000" },
			"merge results: they loaded different targets: shard 1 of 2 http://localhost:8000, shard 2 of 2 " +
				"http://localhost:9000"},
		{"another scheme", func(r *result.Result) { r.Target = "https://localhost:8000" },
			"merge results: they loaded different targets: shard 1 of 2 http://localhost:8000, shard 2 of 2 " +
				"https://localhost:8000"},
		{"another day", func(r *result.Result) { r.Started = r.Started.AddDate(-6, 0, 0) },
			"merge results: they are of different runs: shard 1 of 2 started on 2026-03-01 09:30:00, shard 2 of 2 on " +
				"2020-03-01 09:30:00"},
		{"another version of the document", func(r *result.Result) { r.Schema = "loadgate.result/2" },
			`merge results: they are documents of two versions, "loadgate.result/1" and "loadgate.result/2"`},
		{"the same shard", func(r *result.Result) { r.Shards[0].K = 1 },
			"merge results: shard 1 of 2 is given twice"},
		{"shards of another number", func(r *result.Result) { r.Shards[0].N = 3 },
			"merge results: they are shards of 2 and of 3"},
	} {
		a, b := empty(result.Shard{K: 1, N: 2}), empty(result.Shard{K: 2, N: 2})
		a.Planned.Stages = []result.Stage{{Users: 1, Until: 5 * time.Second}}
		b.Planned.Stages = []result.Stage{{Users: 2, Until: 5 * time.Second}}
		a.Planned.Groups, b.Planned.Groups = buyers(1, 10), buyers(2, 20)
		row.change(b)
		if got, err := result.Merge(a, b); err == nil || err.Error() != row.want || got != nil {
			t.Errorf("%s: Merge = %v, %v, want %s", row.name, got, err, row.want)
		}
	}
	if _, err := result.Merge(); err == nil || err.Error() != "merge results: none given" {
		t.Errorf("Merge() = %v, want none given", err)
	}
	a, b, c := empty(result.Shard{K: 1, N: 3}), empty(result.Shard{K: 2, N: 3}), empty(result.Shard{K: 2, N: 3})
	if _, err := result.Merge(merge(t, a, b), c); err == nil ||
		err.Error() != "merge results: shard 2 of 3 is given twice" {
		t.Errorf("Merge of a merged shard and one of its parts = %v, want given twice", err)
	}
}
