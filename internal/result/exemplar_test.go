package result_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trace"
)

// sampled are the exemplars of an endpoint at which all of these requests ended.
func sampled(tb rapid.TB, samples []measure.Sample) []result.Exemplar {
	tb.Helper()
	return tape{users: make([]int, 10), samples: samples}.record(tb, whole).Endpoints[1].Exemplars
}

// numbered is a request of a trace with that number, which succeeded.
func numbered(number byte, ended, latency time.Duration) measure.Sample {
	return measure.Sample{Endpoint: 1, Ended: ended, Latency: latency, Status: 200, Trace: trace.ID{15: number}}
}

func failing(s measure.Sample, kind metric.Failure, status int) measure.Sample {
	s.Failure, s.Status = kind, status
	return s
}

// traces are the numbers of exemplars.
func traces(all []result.Exemplar) (numbers []byte) {
	for _, e := range all {
		numbers = append(numbers, e.Trace[15])
	}
	return numbers
}

// What remains of a run are the five slowest successes and the first failure of each kind and status.
func TestExemplars(t *testing.T) {
	const s = time.Second
	var samples []measure.Sample
	for i := range 8 {
		samples = append(samples, numbered(byte(i+1), time.Duration(i)*s, time.Duration((i*3)%8+1)*s))
	}
	samples = append(samples,
		failing(numbered(21, 7*s, 30*s), metric.Timeout, 0), failing(numbered(22, 3*s, s), metric.Status, 503),
		failing(numbered(23, 2*s, s), metric.Status, 503), failing(numbered(24, 5*s, s), metric.Status, 404),
		failing(numbered(25, 6*s, s), metric.Timeout, 0),
		numbered(0, s, 60*s), failing(numbered(26, 0, s), metric.Expression, 0)) // neither sampled nor sent
	if got, want := traces(sampled(t, samples)), []byte{6, 3, 8, 5, 2, 23, 24, 25}; !slices.Equal(got, want) {
		t.Errorf("traces %v, want %v", got, want)
	}
}

// No service makes a document grow by the number of its statuses.
func TestExemplarsOfManyStatuses(t *testing.T) {
	var samples []measure.Sample
	for i := range 100 {
		ended := time.Duration(99-i) * 50 * time.Millisecond
		samples = append(samples, failing(numbered(byte(i+1), ended, time.Second), metric.Status, 400+i))
	}
	got := sampled(t, samples)
	if len(got) != 20 || got[0].Status != 499 || got[19].Status != 480 {
		t.Errorf("%d failures are kept: %v", len(got), got)
	}
}

// In whatever order, and in whatever parts, the same remain.
func TestExemplarsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		samples := rapid.SliceOfN(anySample(9), 0, 40).Draw(t, "samples")
		want := sampled(t, samples)
		order := rapid.Permutation(samples).Draw(t, "order")
		if d := gocmp.Diff(want, sampled(t, order), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("in another order (-want +got):\n%s", d)
		}
		at := rapid.IntRange(0, len(samples)).Draw(t, "at")
		of := func(k int, part []measure.Sample) *result.Result {
			return tape{users: make([]int, 10), samples: part}.record(t, result.Shard{K: k, N: 2})
		}
		sum := merge(t, of(1, order[:at]), of(2, order[at:]))
		if d := gocmp.Diff(want, sum.Endpoints[1].Exemplars, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("in two shards (-want +got):\n%s", d)
		}
	})
}

// The measured parts of slices have the exemplars of all, at times of the whole.
func TestConcatMovesExemplars(t *testing.T) {
	slice := func(number byte) *result.Result {
		r := tape{users: make([]int, 10), samples: []measure.Sample{
			numbered(number, 4*time.Second, time.Duration(number)*time.Second),
		}}.record(t, whole)
		if err := r.Finish(result.Complete); err != nil {
			t.Fatal(err)
		}
		return r
	}
	sum, err := result.Concat(slice(1), slice(2))
	if err != nil {
		t.Fatal(err)
	}
	var at []time.Duration
	for _, e := range sum.Endpoints[1].Exemplars {
		at = append(at, e.At)
	}
	// The first two seconds of ten are warm-up.
	if want := []time.Duration{10 * time.Second, 2 * time.Second}; !slices.Equal(at, want) {
		t.Errorf("ended at %v, want %v", at, want)
	}
	if err := sum.Check(); err != nil {
		t.Error(err)
	}
}

func TestExemplarsRefused(t *testing.T) {
	good := `{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","at_ns":1000000000,"latency_ns":5000000,"status":200}`
	later := `{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4737","at_ns":2000000000,"latency_ns":4000000,"status":200}`
	failed := func(digit string, at string) string {
		return `{"trace_id":"4bf92f3577b34da6a3ce929d0e0e473` + digit + `","at_ns":` + at +
			`,"latency_ns":1,"status":503,"failure":"status"}`
	}
	change := func(old, to string) string { return strings.Replace(good, old, to, 1) }
	for _, row := range []struct{ name, list, part string }{
		{"as it should be", good + "," + later + "," + failed("1", "5"), ""},
		{"none", "", ""},
		{"out of order", later + "," + good, "out of order"},
		{"a failure before successes", failed("1", "5") + "," + good, "more than are kept|out of order"},
		{"the same one twice", good + "," + good, "out of order"},
		{"two of one kind", failed("1", "5") + "," + failed("2", "6"), "kind status with status 503"},
		{"six slow ones", strings.Repeat(good+",", 5) + later, "more than are kept"},
		{"many failures", strings.Repeat(failed("1", "5")+",", 20) + failed("1", "5"), "more than are kept"},
		{"no id", `{"at_ns":1,"latency_ns":1}`, "no trace_id"},
		{"zeros", change("4bf92f3577b34da6a3ce929d0e0e4736", strings.Repeat("0", 32)), "zeros alone"},
		{"capital digits", change("4bf9", "4BF9"), "hexadecimal"},
		{"markup", change("4bf92f3577b34da6a3ce929d0e0e4736", "<script>alert(1)</script>"), "hexadecimal"},
		{"before the run", change("1000000000", "-1"), "cannot be"},
		{"after the run", change("1000000000", "90000000000000000"), "cannot be"},
		{"less than no time", change("5000000", "-5"), "cannot be"},
		{"a status of no HTTP", change("200", "7"), "cannot be"},
		{"not sent", change(`"status":200`, `"failure":"expression"`), "cannot be"},
	} {
		r := small().record(t, whole)
		var document map[string]any
		if err := json.Unmarshal([]byte(encode(t, r)), &document); err != nil {
			t.Fatal(err)
		}
		document["endpoints"].([]any)[1].(map[string]any)["exemplars"] = json.RawMessage("[" + row.list + "]")
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		_, err = decode(string(text))
		switch {
		case row.part == "" && err != nil:
			t.Errorf("%s: %v", row.name, err)
		case row.part != "" && (err == nil || strings.Contains(err.Error(), "\n") ||
			!slices.ContainsFunc(strings.Split(row.part, "|"),
				func(part string) bool { return strings.Contains(err.Error(), part) })):
			t.Errorf("%s: %v, want %q in it", row.name, err, row.part)
		}
	}
}

// A line of a journal, and of a shard of a fleet, that could not be is refused like a document.
func TestExemplarsOfASliceRefused(t *testing.T) {
	for name, change := range map[string]func(*result.Exemplar){
		"without an id":  func(e *result.Exemplar) { e.Trace = trace.ID{} },
		"after the run":  func(e *result.Exemplar) { e.At = 90 * time.Hour },
		"before the run": func(e *result.Exemplar) { e.At = -1 },
	} {
		slices := tape{users: []int{1}, samples: []measure.Sample{numbered(1, 0, time.Second)}}.slices()
		change(&slices[0].Endpoints[0].Exemplars[0])
		if err := empty(whole).Append(slices[0]); err == nil || !strings.Contains(err.Error(), "exemplars") {
			t.Errorf("%s: %v", name, err)
		}
		sum := result.NewRunning()
		if err := sum.Begin(empty(result.Shard{K: 1, N: 2})); err != nil {
			t.Fatal(err)
		}
		if err := sum.Slice(1, slices[0]); err == nil || !strings.Contains(err.Error(), "exemplars") {
			t.Errorf("%s, of a shard: %v", name, err)
		}
	}
}
