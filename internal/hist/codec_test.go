package hist_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/hist"
)

func TestSparseRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := of(anyDurations().Draw(t, "durations")...)
		text, err := l.Sparse().MarshalText()
		if err != nil {
			t.Fatalf("MarshalText: %v", err)
		}
		var s hist.Sparse
		if err := s.UnmarshalText(text); err != nil {
			t.Fatalf("UnmarshalText(%q): %v", text, err)
		}
		var back hist.Latency
		if err := s.Into(&back); err != nil {
			t.Fatalf("Into: %v", err)
		}
		if !same(l, &back) {
			t.Fatalf("%q holds another distribution", text)
		}
	})
}

func TestSparseIntoAdds(t *testing.T) {
	a, b := of(time.Second, time.Minute), of(time.Millisecond, time.Hour)
	sum := merged(a)
	if err := b.Sparse().Into(sum); err != nil {
		t.Fatalf("Into: %v", err)
	}
	if !same(sum, merged(a, b)) {
		t.Error("Into does not add what Merge adds")
	}
}

// Sum gives the bytes that Merge does, of any number of parts.
func TestSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var whole hist.Latency
		var parts []hist.Sparse
		for range rapid.IntRange(0, 5).Draw(t, "parts") {
			part := of(anyDurations().Draw(t, "durations")...)
			whole.Merge(part)
			parts = append(parts, part.Sparse())
		}
		sum, err := hist.Sum(parts...)
		if want := whole.Sparse(); err != nil || string(sum) != string(want) {
			t.Fatalf("the sum of %v is %v, %v; want %v", parts, sum, err, want)
		}
	})
	whole, damaged := of(time.Second).Sparse(), folded(1000, 0)
	outside := folded(uint64(hist.Longest), 0, 2*uint64(hist.Longest), 20600<<1, 8000<<1, 0) // behind the last bucket
	for _, parts := range [][]hist.Sparse{
		{whole, damaged}, {damaged, whole}, {nil, damaged}, {damaged}, {whole, outside}, {outside},
	} {
		if sum, err := hist.Sum(parts...); err == nil {
			t.Errorf("the sum of %v is %v", parts, sum)
		}
	}
	// What was damaged is in no later sum.
	if sum, err := hist.Sum(whole, whole); err != nil || string(sum) != string(of(time.Second, time.Second).Sparse()) {
		t.Errorf("twice %v is %v, %v", whole, sum, err)
	}
}

func TestSparseInDocuments(t *testing.T) {
	type document struct {
		Latency hist.Sparse `json:"latency,omitempty"`
	}
	for _, row := range []struct {
		name string
		l    *hist.Latency
		want string
	}{
		{"empty", new(hist.Latency), `{}`},
		// 1500000 ns, spread 0, sum twice that, one bucket: the 1500th, several, 2.
		{"two", of(1500*time.Microsecond, 1500*time.Microsecond), `{"latency":"4MZbAMCNtwG5FwI"}`},
		// 3 ms, 1 ms more, 7 ms: the 1,000th above 2,048 steps is (3000-2048)/2 steps above them; one, one.
		{"two apart", of(3*time.Millisecond, 4*time.Millisecond), `{"latency":"wI23AcCEPcCfqwO4J+gH"}`},
	} {
		got, err := json.Marshal(document{row.l.Sparse()})
		if err != nil || string(got) != row.want {
			t.Errorf("%s: Marshal = %s, %v, want %s", row.name, got, err, row.want)
		}
		var back document
		if err := json.Unmarshal(got, &back); err != nil {
			t.Errorf("%s: Unmarshal(%s): %v", row.name, got, err)
		}
		var l hist.Latency
		if err := back.Latency.Into(&l); err != nil || !same(&l, row.l) {
			t.Errorf("%s: Into = %v, or another distribution", row.name, err)
		}
	}
}

func folded(numbers ...uint64) hist.Sparse {
	var s hist.Sparse
	for _, n := range numbers {
		s = binary.AppendUvarint(s, n)
	}
	return s
}

func TestDamagedSparse(t *testing.T) {
	for _, row := range []struct {
		name string
		s    hist.Sparse
	}{
		{"half a varint", hist.Sparse{0x80}},
		{"a varint that never ends", hist.Sparse{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
		{"no spread", folded(1000)},
		{"no sum", folded(1000, 0)},
		{"no bucket", folded(1000, 0, 1000)},
		{"no count", folded(1000, 0, 1000, 1<<1|1)},
		{"a count of 0", folded(1000, 0, 1000, 1<<1|1, 0)},
		{"several that are one", folded(1000, 0, 1000, 1<<1|1, 1)},
		{"the minimum is beyond time", folded(math.MaxInt64+1, 0, 1000, 1<<1)},
		{"the maximum is beyond time", folded(1000, math.MaxInt64, 1000, 1<<1)},
		{"a bucket above the maximum", folded(1000, 0, 1000, 2<<1)},
		{"a bucket below the minimum", folded(9000, 0, 9000, 1<<1)},
		{"no bucket for the minimum", folded(1000, 8000, 9000, 9<<1)},
		{"no bucket for the maximum", folded(1000, 8000, 1000, 1<<1)},
		{"a bucket twice", folded(1000, 0, 2000, 1<<1, 0)},
		{"more than there can be", folded(1000, 0, 1000, 1<<1|1, 1<<41)},
		{"more than there can be, together", folded(1000, 1000, 1<<62, 1<<1|1, 1<<40, 1<<1|1, 1<<40)},
		{"a sum below the minimum", folded(1000, 0, 999, 1<<1)},
		{"a sum above the maximum", folded(1000, 0, 1001, 1<<1)},
	} {
		l := of(time.Second)
		if err := row.s.Into(l); err == nil {
			t.Errorf("%s: Into = nil, want damaged", row.name)
		} else if err.Error() != "damaged histogram" {
			t.Errorf("%s: Into = %q, want damaged histogram", row.name, err)
		}
		if !same(l, of(time.Second)) {
			t.Errorf("%s: Into changed what it should have left", row.name)
		}
		text, err := row.s.MarshalText()
		if err != nil {
			t.Errorf("%s: MarshalText: %v", row.name, err)
		}
		before := of(time.Minute).Sparse()
		s := before
		if err := s.UnmarshalText(text); err == nil || string(s) != string(before) {
			t.Errorf("%s: UnmarshalText(%q) = %v and %v, want an error and no change", row.name, text, err, s)
		}
	}
	var s hist.Sparse
	if err := s.UnmarshalText([]byte("no base64!")); err == nil {
		t.Error("UnmarshalText(no base64!) = nil, want an error")
	}
}

func FuzzSparse(f *testing.F) {
	for _, l := range []*hist.Latency{
		new(hist.Latency), of(0), of(1500 * time.Microsecond), of(lognormal(40)...), of(time.Hour, math.MaxInt64, 0),
	} {
		f.Add([]byte(l.Sparse()))
	}
	f.Add([]byte(folded(1000, 0, 2000, 1<<1, 0)))
	f.Fuzz(func(t *testing.T, data []byte) {
		text := []byte(base64.RawStdEncoding.EncodeToString(data))
		var s hist.Sparse
		if err := s.UnmarshalText(text); err != nil {
			return
		}
		var l hist.Latency
		if err := s.Into(&l); err != nil {
			t.Fatalf("UnmarshalText took what Into refuses: %v", err)
		}
		least, _ := l.Min()
		most, _ := l.Max()
		mean, _ := l.Mean()
		if !(0 <= least && least <= mean && mean <= most) {
			t.Fatalf("Min, Mean, Max = %v, %v, %v", least, mean, most)
		}
		var counted int64
		last := time.Duration(-1)
		l.Each(func(low time.Duration, count int64) {
			if low <= last || count < 1 || low > most {
				t.Fatalf("Each(%v, %d) after %v, maximum %v", low, count, last, most)
			}
			last = low
			counted += count
		})
		if counted != l.Count() {
			t.Fatalf("Each counts %d, Count %d", counted, l.Count())
		}
		for _, r := range []int64{1, (l.Count() + 1) / 2, l.Count()} {
			if low, high, ok := l.Rank(r); l.Count() > 0 && !(ok && least <= low && low <= high && high <= most) {
				t.Fatalf("Rank(%d) = %v ... %v, %v in %v ... %v", r, low, high, ok, least, most)
			}
		}
		var back hist.Latency
		if err := l.Sparse().Into(&back); err != nil || !same(&l, &back) {
			t.Fatalf("what was read is not what is written: %v", err)
		}
	})
}

func BenchmarkSparse(b *testing.B) {
	l := of(lognormal(50)...)
	b.ReportMetric(float64(len(l.Sparse())), "B/slot")
	for b.Loop() {
		l.Sparse()
	}
}

func BenchmarkSum(b *testing.B) {
	parts := make([]hist.Sparse, 16)
	for i := range parts {
		parts[i] = of(lognormal(50)...).Sparse()
	}
	for b.Loop() {
		if _, err := hist.Sum(parts...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInto(b *testing.B) {
	s := of(lognormal(50)...).Sparse()
	var l hist.Latency
	for b.Loop() {
		if err := s.Into(&l); err != nil {
			b.Fatal(err)
		}
	}
}
