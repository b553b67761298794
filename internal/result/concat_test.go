package result_test

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
)

// concat joins what must fit together, and proves that it left its parts alone.
func concat(t rapid.TB, parts ...*result.Result) *result.Result {
	t.Helper()
	before := make([]string, len(parts))
	for i, p := range parts {
		before[i] = encode(t, p)
	}
	sum, err := result.Concat(parts...)
	if err != nil {
		t.Fatalf("Concat: %v", err)
	}
	for i, p := range parts {
		if after := encode(t, p); after != before[i] {
			t.Fatalf("Concat changed slice %d (-before +after):\n%s", i+1, gocmp.Diff(before[i], after))
		}
	}
	if err := sum.Check(); err != nil {
		t.Fatalf("Check of joined slices: %v", err)
	}
	return sum
}

// anySlice draws a slice that drops so many seconds and may have a drain.
func anySlice(t *rapid.T, dropped int) *result.Result {
	seconds := dropped + rapid.IntRange(1, 6).Draw(t, "seconds")
	drain := rapid.IntRange(0, 1).Draw(t, "drain")
	r := anyTape(seconds+drain).Draw(t, "tape").record(t, whole)
	r.Planned.WarmUp = time.Duration(dropped) * time.Second
	r.Planned.Groups = buyers(3, 40)
	r.Planned.Duration = time.Duration(seconds) * time.Second
	if err := r.Finish(rapid.SampledFrom([]result.End{result.Complete, result.Interrupted, result.Lost}).Draw(t,
		"end")); err != nil {
		t.Fatal(err)
	}
	return r
}

// counted is what the rows hold from a slot on.
func counted(t rapid.TB, r *result.Result, from int) (requests, failures, received int64, latencies string) {
	t.Helper()
	var all hist.Latency
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			if s.Slot < from {
				continue
			}
			requests, failures, received = requests+s.Requests, failures+s.Failures(), received+s.Received
			if err := s.Latency.Into(&all); err != nil {
				t.Fatal(err)
			}
		}
	}
	return requests, failures, received, string(all.Sparse())
}

func TestConcatKeepsEveryCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dropped := rapid.IntRange(0, 3).Draw(t, "dropped")
		var parts []*result.Result
		var requests, failures, received int64
		var all hist.Latency
		slots, end := 0, result.Complete
		rank := map[result.End]int{result.Complete: 0, result.Interrupted: 1, result.Lost: 2}
		for range rapid.IntRange(1, 4).Draw(t, "parts") {
			p := anySlice(t, dropped)
			p.Addresses = []result.Address{{Address: "127.0.0.2:80", Requests: 7}}
			n, f, b, l := counted(t, p, dropped)
			requests, failures, received = requests+n, failures+f, received+b
			if err := hist.Sparse(l).Into(&all); err != nil {
				t.Fatal(err)
			}
			slots += p.Measured().Slots
			if rank[p.End] > rank[end] {
				end = p.End
			}
			parts = append(parts, p)
		}
		sum := concat(t, parts...)
		n, f, b, l := counted(t, sum, 0)
		if n != requests || f != failures || b != received || l != string(all.Sparse()) {
			t.Fatalf("%d requests, %d failures, %d bytes; want %d, %d, %d and the same latencies",
				n, f, b, requests, failures, received)
		}
		if w := sum.Measured(); w.First != 0 || w.Slots != slots || sum.Elapsed != time.Duration(slots)*sum.Slot {
			t.Fatalf("measured %+v of %v, want %d slots", w, sum.Elapsed, slots)
		}
		if got, want := sum.Addresses[0].Requests, 7*int64(len(parts)); got != want || len(sum.Addresses) != 1 {
			t.Fatalf("addresses got %+v, want %d requests at one", sum.Addresses, want)
		}
		if sum.End != end {
			t.Fatalf("end %v, want the worst, %v", sum.End, end)
		}
		if d := gocmp.Diff(buyers(3, 40*float64(len(parts))), sum.Planned.Groups); d != "" {
			t.Fatalf("groups (-want +got):\n%s", d)
		}
		for i, e := range sum.Endpoints {
			if want := float64(len(parts)) * parts[0].Endpoints[i].Expected; e.Expected != want {
				t.Fatalf("%s expects %g, want %g", e.Name, e.Expected, want)
			}
		}
	})
}

// A slice without a warm-up and a drain is itself, but for its ramp.
func TestConcatOfOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.IntRange(1, 7).Draw(t, "seconds")
		r := anyTape(seconds).Draw(t, "tape").record(t, whole)
		r.Planned.WarmUp, r.Planned.Ramp, r.Planned.Duration = 0, 0, time.Duration(seconds)*time.Second
		if err := r.Finish(result.Complete); err != nil {
			t.Fatal(err)
		}
		if d := diff(r, concat(t, r)); d != "" {
			t.Fatalf("Concat of one slice (-want +got):\n%s", d)
		}
	})
}

// In three steps or in one: the order is kept, and so are the moments.
func TestConcatInAnyGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s []*result.Result
		for range 3 {
			s = append(s, anySlice(t, 2))
		}
		want := concat(t, s...)
		for _, row := range []struct {
			name string
			got  *result.Result
		}{
			{"(1 2) 3", concat(t, concat(t, s[0], s[1]), s[2])},
			{"1 (2 3)", concat(t, s[0], concat(t, s[1], s[2]))},
		} {
			if d := diff(want, row.got); d != "" {
				t.Fatalf("%s (-want +got):\n%s", row.name, d)
			}
		}
	})
}

func TestConcatPlacesSlots(t *testing.T) {
	first, second := small().record(t, whole), small().record(t, whole)
	for _, r := range []*result.Result{first, second} {
		r.Planned.WarmUp, r.Planned.Duration = time.Second, 2*time.Second // the third second is the drain
	}
	sum := concat(t, first, second)
	type place struct {
		Endpoint int
		Slot     int
		Requests int64
	}
	var got []place
	for i, e := range sum.Endpoints {
		for _, s := range e.Slots {
			got = append(got, place{i, s.Slot, s.Requests})
		}
	}
	want := []place{{1, 0, 2}, {1, 1, 2}, {2, 0, 1}, {2, 1, 1}}
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("slots (-want +got):\n%s", d)
	}
	var moments []int
	for _, m := range sum.Timeline {
		moments = append(moments, m.Slot, m.Users)
	}
	if d := gocmp.Diff([]int{0, 2, 1, 2}, moments); d != "" {
		t.Errorf("slots and users of the timeline (-want +got):\n%s", d)
	}
}

func TestConcatRefuses(t *testing.T) {
	other, coarse := small().record(t, whole), small().record(t, whole)
	other.Digest, coarse.Slot = "another", 2*time.Second
	for _, row := range []struct {
		name  string
		parts []*result.Result
		want  string
	}{
		{"nothing", nil, "join slices: none given"},
		{"another load", []*result.Result{small().record(t, whole), other}, "join slices: slice 2 is of another load"},
		{"other slots", []*result.Result{small().record(t, whole), small().record(t, whole), coarse},
			"join slices: slice 3 "},
	} {
		if sum, err := result.Concat(row.parts...); sum != nil ||
			err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%s: Concat = %v, %v, want %s", row.name, sum, err, row.want)
		}
	}
}

// What a shard of a slice does not say of its generator, the shard of the joined slices does not say either.
func TestConcatKeepsWhatAShardDoesNotSay(t *testing.T) {
	slice := func(readings ...*result.Generator) *result.Result {
		shards := make([]*result.Result, 2)
		for i := range shards {
			of := readings
			if i == 0 {
				of = []*result.Generator{{CPUs: 2}, {CPUs: 2}, {CPUs: 2}}
			}
			r := tape{users: make([]int, 3), generators: of}.record(t, result.Shard{K: i + 1, N: 2})
			r.Planned.Duration, r.Planned.WarmUp = 3*time.Second, 0
			if err := r.Finish(result.Complete); err != nil {
				t.Fatal(err)
			}
			shards[i] = r
		}
		return merge(t, shards...)
	}
	read := &result.Generator{CPUs: 2}
	sum := concat(t, slice(read, nil, read), slice(read, read, read), slice(nil, nil, read))
	for i, want := range []time.Duration{9 * time.Second, 6 * time.Second} {
		if s := sum.Shards[i]; s.Watched != want || s.Covered != 9*time.Second {
			t.Errorf("shard %s: watched %s of %s, want %s of 9s", s, s.Watched, s.Covered, want)
		}
	}
}
