package measure_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
)

// A request that repeats one that failed is a request like others, and is counted
// as a repeat beside; one that was not sent repeats nothing.
func TestRepeats(t *testing.T) {
	r := measure.NewRecorder(1, 2)
	r.Lane(0).Record(measure.Sample{Failure: metric.Status, Status: 503, Latency: time.Second})
	r.Lane(0).Record(measure.Sample{Failure: metric.Status, Status: 503, Latency: time.Second, Repeat: true})
	r.Lane(1).Record(measure.Sample{Latency: time.Second, Repeat: true})
	r.Lane(1).Record(measure.Sample{Failure: metric.Expression, Repeat: true})
	got := r.Cut(0, 1).Endpoints[0].Slot
	if got.Requests != 3 || got.Failures() != 2 || got.Repeats != 2 || got.Unsent != 1 {
		t.Errorf("%d requests, %d failed, %d repeats, %d unsent; want 3, 2, 2, 1",
			got.Requests, got.Failures(), got.Repeats,
			got.Unsent)
	}
}
