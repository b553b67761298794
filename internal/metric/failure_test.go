package metric_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/metric"
)

func TestFailures(t *testing.T) {
	// The list of docs/thresholds.md, in its order: outputs and documents
	// depend on the names.
	want := []string{
		"status", "redirect", "timeout", "dns", "refused", "reset", "tls", "body", "too-large",
		"expectation", "capture", "expression",
	}
	var got []string
	for _, kind := range metric.Failures() {
		got = append(got, kind.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Failures (-want +got):\n%s", diff)
	}
	var none metric.Failure
	if none != metric.OK || none.String() != "ok" {
		t.Errorf("the zero kind is %v, want ok", none)
	}
	if got := metric.Failure(200).String(); got != "Failure(200)" {
		t.Errorf("Failure(200).String() = %q", got)
	}
}

func TestFailuresInDocuments(t *testing.T) {
	want := map[metric.Failure]int64{}
	for i, kind := range append(metric.Failures(), metric.OK) {
		want[kind] = int64(i)
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatalf("Marshal: %v", err)
	}
	var got map[metric.Failure]int64
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("Unmarshal(%s): %v", text, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts by kind (-want +got):\n%s", diff)
	}
}

func TestUnknownFailure(t *testing.T) {
	for _, text := range []string{"", "Status", "too large", "Failure(200)"} {
		kind := metric.Reset
		err := kind.UnmarshalText([]byte(text))
		if err == nil || kind != metric.Reset {
			t.Errorf("UnmarshalText(%q) = %v, %v, want an error and no change", text, kind, err)
		}
	}
	err := new(metric.Failure).UnmarshalText([]byte("slow"))
	if want := `unknown kind of failure "slow"`; err == nil || err.Error() != want {
		t.Errorf("UnmarshalText(slow) = %v, want %s", err, want)
	}
}

func TestWhatAFailureMeans(t *testing.T) {
	silent := map[metric.Failure]bool{
		metric.Timeout: true, metric.DNS: true, metric.Refused: true, metric.Reset: true, metric.TLS: true,
	}
	for _, kind := range append(metric.Failures(), metric.OK) {
		if got := kind.Silent(); got != silent[kind] {
			t.Errorf("%v.Silent() = %v, want %v", kind, got, silent[kind])
		}
		if got, want := kind.Sent(), kind != metric.Expression; got != want {
			t.Errorf("%v.Sent() = %v, want %v", kind, got, want)
		}
	}
}
