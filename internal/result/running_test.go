package result_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/result"
)

// anyJournal draws the journal of a shard, a line each: of a run that goes on for seconds, whose numbers
// are of at, and that is cut off or ends.
func anyJournal(t *rapid.T, shard result.Shard, at []int) []string {
	var text strings.Builder
	head := empty(shard)
	head.Planned.Users = rapid.IntRange(0, 9).Draw(t, "planned users")
	head.Planned.Groups = buyers(rapid.IntRange(0, 9).Draw(t, "buyers"),
		rapid.Float64Range(0, 9).Draw(t, "requests of buyers"))
	head.Started = head.Started.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "started")) * time.Second)
	journal := result.NewJournal(&text, head)
	told := rapid.IntRange(0, len(at)).Draw(t, "told")
	for i, slice := range anyTape(len(at)).Draw(t, "tape").slices()[:told] {
		slice.Moment.Slot = at[i]
		slice.Drain = i == len(at)-1
		journal.Slice(slice)
		if rapid.IntRange(0, 9).Draw(t, "extended") == 0 {
			journal.Planned(time.Duration(20+i) * time.Second)
		}
	}
	if rapid.Bool().Draw(t, "ended") {
		ends := []result.End{result.Complete, result.Interrupted, result.Lost, result.Stopped}
		if err := journal.End(rapid.SampledFrom(ends).Draw(t, "end")); err != nil {
			t.Fatal(err)
		}
	}
	return strings.SplitAfter(strings.TrimSuffix(text.String(), "\n"), "\n")
}

// anyJournals draws those of the shards of one run.
func anyJournals(t *rapid.T, n int) [][]string {
	seconds := make([]int, rapid.IntRange(1, 7).Draw(t, "seconds"))
	step := rapid.SampledFrom([]int{1, 2, result.MaxSlots / 2, result.MaxSlots}).Draw(t, "step")
	for i := range seconds {
		seconds[i] = i * step
	}
	journals := make([][]string, n)
	for i := range journals {
		journals[i] = anyJournal(t, result.Shard{K: i + 1, N: n}, seconds)
	}
	return journals
}

func decodeAll(t *rapid.T, journals [][]string) []*result.Result {
	var all []*result.Result
	for i, lines := range journals {
		r, err := decode(strings.Join(lines, ""))
		if err != nil {
			t.Fatalf("journal %d: %v", i+1, err)
		}
		all = append(all, r)
	}
	return all
}

// The sum is that of the shards' own journals, however their lines mix and whoever reads it meanwhile.
func TestRunningIsMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		journals := anyJournals(t, rapid.IntRange(1, 4).Draw(t, "shards"))
		decoded := decodeAll(t, journals)
		for _, r := range decoded { // an extended shard is merged with others that were extended alike
			if r.Planned.Duration != decoded[0].Planned.Duration {
				t.Skip("plans differ")
			}
		}
		want := merge(t, decoded...)
		running := result.NewRunning()
		left := make([][]string, len(journals))
		copy(left, journals)
		for {
			var open []int
			for i, lines := range left {
				if len(lines) > 0 {
					open = append(open, i)
				}
			}
			if len(open) == 0 {
				break
			}
			i := rapid.SampledFrom(open).Draw(t, "next")
			if err := running.Line(i+1, []byte(left[i][0])); err != nil {
				t.Fatalf("a line of shard %d: %v", i+1, err)
			}
			left[i] = left[i][1:]
			if rapid.Bool().Draw(t, "read") {
				running.Second(0)
			}
		}
		got, err := running.Result()
		if err != nil {
			t.Fatal(err)
		}
		if err := got.Check(); err != nil {
			t.Fatalf("Check of a sum: %v", err)
		}
		if a, b := encode(t, want), encode(t, got); a != b {
			t.Fatalf("not the bytes of Merge (-want +got):\n%s", diff(want, got))
		}
	})
}

// Whoever looks on is shown every second, also of a run that is so long that its slots are longer, and of shards of
// which one is behind the others.
func TestRunningShowsEverySecond(t *testing.T) {
	const seconds, behind = result.MaxSlots + 300, 7
	tapes := [2][]*result.Slice{anyTape(seconds).Example(1).slices(), anyTape(seconds).Example(2).slices()}
	running := result.NewRunning()
	for k := range tapes {
		if err := running.Begin(empty(result.Shard{K: k + 1, N: 2})); err != nil {
			t.Fatal(err)
		}
	}
	take := func(k, second int) *result.Slice {
		s := tapes[k][second%len(tapes[k])]
		s.Moment.Slot, s.Drain = second, false
		copied := *s
		if err := running.Slice(k+1, &copied); err != nil {
			t.Fatal(err)
		}
		return s
	}
	var early []result.Slice
	for second := range seconds + behind {
		if second < seconds {
			early = append(early, *take(0, second))
		}
		late := second - behind
		if late < 0 {
			continue
		}
		other := take(1, late)
		got, ok := running.Second(late)
		if !ok {
			t.Fatalf("second %d is not shown", late)
		}
		requests := func(s *result.Slice) (n int64) {
			for _, e := range s.Endpoints {
				n += e.Slot.Requests
			}
			return n
		}
		if want := requests(&early[late]) + requests(other); requests(got) != want ||
			got.Moment.Users != early[late].Moment.Users+other.Moment.Users || got.Moment.Slot != late {
			t.Fatalf("second %d: %d requests of %d users, want %d of %d", late, requests(got), got.Moment.Users, want,
				early[late].Moment.Users+other.Moment.Users)
		}
	}
	if _, ok := running.Second(10); ok {
		t.Error("a second of long ago is shown")
	}

	// One that claims to be far ahead takes nothing from those that are shown.
	ahead := *tapes[0][0]
	ahead.Moment.Slot = seconds + 10_000
	if err := running.Slice(1, &ahead); err != nil {
		t.Fatal(err)
	}
	take(1, seconds)
	if got, ok := running.Second(seconds); !ok || got.Moment.Slot != seconds {
		t.Errorf("second %d is not shown: %v", seconds, got)
	}
}

// The sum of many shards, each read to its end before the next one, is that of Merge.
func TestRunningOfManyShards(t *testing.T) {
	const shards, seconds = 40, 3
	running := result.NewRunning()
	var all []*result.Result
	for k := 1; k <= shards; k++ {
		var text strings.Builder
		journal := result.NewJournal(&text, empty(result.Shard{K: k, N: shards}))
		for i, slice := range anyTape(seconds).Example(k).slices() {
			slice.Moment.Slot = i
			journal.Slice(slice)
		}
		if err := journal.End(result.Complete); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text.String()) {
			if err := running.Line(k, []byte(line)); err != nil {
				t.Fatal(err)
			}
		}
		r, err := decode(text.String())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	got, err := running.Result()
	if err != nil {
		t.Fatal(err)
	}
	if want := merge(t, all...); encode(t, want) != encode(t, got) {
		t.Errorf("not the bytes of Merge (-want +got):\n%s", diff(want, got))
	}
}

// Until leaves out what came later, and calls no shard cut off that still runs.
func TestRunningUntil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		journals := anyJournals(t, rapid.IntRange(1, 3).Draw(t, "shards"))
		end := time.Duration(rapid.IntRange(0, 8).Draw(t, "end")) * time.Second
		all, early := result.NewRunning(), result.NewRunning()
		ended := map[int]bool{}
		for i, lines := range journals {
			for _, line := range lines {
				if err := all.Line(i+1, []byte(line)); err != nil {
					t.Fatal(err)
				}
				if slice := sliceOf(t, line); slice != nil && time.Duration(slice.Moment.Slot)*time.Second >= end {
					continue
				}
				if err := early.Line(i+1, []byte(line)); err != nil {
					t.Fatal(err)
				}
			}
			_, ended[i+1] = all.Ended(i + 1)
		}
		got, err := all.Until(end)
		if err != nil {
			t.Fatal(err)
		}
		want, err := early.Result()
		if err != nil {
			t.Fatal(err)
		}
		if got.Slot == want.Slot && slotsOf(t, want) != slotsOf(t, got) {
			t.Fatalf("until %s (-want +got):\n%s", end, diff(want, got))
		}
		if got.Elapsed > end {
			t.Errorf("it goes on for %s, and until %s was asked", got.Elapsed, end)
		}
		for _, s := range got.Shards {
			if len(got.Shards) > 1 && (s.End != nil) != ended[s.K] {
				t.Errorf("shard %d has the end %v", s.K, s.End)
			}
		}
	})
}

func sliceOf(t *rapid.T, line string) *result.Slice {
	var l struct{ Slice *result.Slice }
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		t.Fatal(err)
	}
	return l.Slice
}

// slotsOf is all that a result counts by slot.
func slotsOf(t *rapid.T, r *result.Result) string {
	only := result.Result{Timeline: slices.Concat(r.Timeline)}
	for _, e := range r.Endpoints {
		only.Endpoints = append(only.Endpoints, result.Endpoint{Name: e.Name, Slots: slices.Concat(e.Slots)})
	}
	return encode(t, &only)
}

// What contradicts the run is an error, and leaves the sum as it was.
func TestRunningRefuses(t *testing.T) {
	lines := func(shard result.Shard, change func(*result.Result)) []string {
		var text strings.Builder
		head := empty(shard)
		if change != nil {
			change(head)
		}
		journal := result.NewJournal(&text, head)
		for _, s := range small().slices() {
			journal.Slice(s)
		}
		if err := journal.End(result.Complete); err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
	}
	good := lines(result.Shard{K: 1, N: 3}, nil)
	running := result.NewRunning()
	if _, err := running.Result(); err == nil {
		t.Error("a sum of nothing")
	}
	for _, line := range good[:3] { // two seconds of the first shard
		if err := running.Line(1, []byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	for k, line := range lines(result.Shard{K: 3, N: 3}, nil) { // all of the third
		if err := running.Line(3, []byte(line)); err != nil {
			t.Fatalf("line %d: %v", k, err)
		}
	}
	sum := func() string {
		r, err := running.Result()
		if err != nil {
			t.Fatal(err)
		}
		return encode(t, r)
	}
	before := sum()
	for _, row := range []struct {
		name  string
		shard int
		line  string
		want  string
	}{
		{"a shard that has not begun", 2, good[1], "shard 2 has not begun"},
		{"a second head", 1, good[0], "shard 1: shard 1 is there already"},
		{"the head of another shard", 2, good[0], "shard 2: it says that it is shard 1"},
		{"another load", 2, lines(result.Shard{K: 2, N: 3}, func(r *result.Result) { r.Digest = "x" })[0],
			"shard 2: they are of different loads"},
		{"another number of shards", 2, lines(result.Shard{K: 2, N: 4}, nil)[0], "they are shards of"},
		{"an impossible head", 2, lines(result.Shard{K: 2, N: 3}, func(r *result.Result) { r.Planned.Users = -1 })[0],
			"planned: times, users or shares that cannot be"},
		{"a slice twice", 1, good[2], "shard 1: slice of second 1: the shard is at 2s already"},
		{"a slice after the end", 3, strings.Replace(good[3], `"slot":2`, `"slot":8`, 1), "the shard is at 3s already"},
		{"an endpoint that there is not", 1, `{"slice":{"moment":{"slot":5},"endpoints":[{"index":7}]}}`,
			"shard 1: slice of second 5: no endpoint 7"},
		{"counts that cannot be", 1,
			`{"slice":{"moment":{"slot":5},"endpoints":[{"index":0,"slot":{"slot":5,"requests":-1}}]}}`, "count of -1"},
		{"a negative plan", 1, `{"planned_duration_ns":-1}`, "shard 1: planned_duration_ns: -1 cannot be"},
		{"nothing", 1, `{}`, "shard 1: a line that says nothing"},
		{"half a line", 1, good[3][:40], "shard 1: a damaged line"},
		{"no JSON", 1, "\x00", "shard 1: a damaged line"},
	} {
		if err := running.Line(row.shard, []byte(row.line)); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
		if after := sum(); after != before {
			t.Errorf("%s changed the sum", row.name)
			before = after
		}
	}
	if end, ended := running.Ended(3); !ended || end != result.Complete || running.Elapsed(3) != 3*time.Second {
		t.Errorf("shard 3 ended: %v, %v, after %s", end, ended, running.Elapsed(3))
	}
	if _, ended := running.Ended(1); ended || running.Elapsed(1) != 2*time.Second || running.Elapsed(2) != 0 {
		t.Errorf("shard 1 ended: %v, after %s; shard 2 after %s", ended, running.Elapsed(1), running.Elapsed(2))
	}
	if err := running.Begin(merge(t, empty(result.Shard{K: 1, N: 2}), empty(result.Shard{K: 2, N: 2}))); err == nil {
		t.Error("a head of two shards was taken")
	}
}

// No line of a worker breaks the sum.
func FuzzRunningLine(f *testing.F) {
	var text strings.Builder
	journal := result.NewJournal(&text, empty(result.Shard{K: 2, N: 2}))
	for _, s := range small().slices() {
		journal.Slice(s)
	}
	_ = journal.End(result.Lost)
	for line := range strings.Lines(text.String()) {
		f.Add(line)
	}
	f.Add(`{"planned_duration_ns":20000000000}`)
	f.Fuzz(func(t *testing.T, line string) {
		running := result.NewRunning()
		if err := running.Begin(empty(result.Shard{K: 1, N: 2})); err != nil {
			t.Fatal(err)
		}
		if err := running.Begin(empty(result.Shard{K: 2, N: 2})); err != nil {
			t.Fatal(err)
		}
		_ = running.Line(2, []byte(line))
		r, err := running.Result()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Check(); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	})
}
