package result_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

func TestSilent(t *testing.T) {
	slot := func(requests int64, failed map[metric.Failure]int64) result.Slot {
		return result.Slot{Requests: requests, Failed: failed}
	}
	for _, tt := range []struct {
		name  string
		slots []result.Slot
		want  bool
	}{
		{"nothing was sent", nil, false},
		{"nothing but silence",
			[]result.Slot{slot(3, map[metric.Failure]int64{metric.Refused: 2, metric.Timeout: 1})}, true},
		{"one success", []result.Slot{slot(3, map[metric.Failure]int64{metric.Refused: 2})}, false},
		{"one 404", []result.Slot{slot(3, map[metric.Failure]int64{metric.Refused: 2, metric.Status: 1})}, false},
		{"not sent", []result.Slot{{Unsent: 2}}, false},
		{"silence, and requests that were not sent", []result.Slot{{Requests: 1,
			Failed: map[metric.Failure]int64{metric.Reset: 1}, Unsent: 2}}, true},
	} {
		r := result.Result{Endpoints: []result.Endpoint{{Slots: tt.slots}}}
		if got := r.Silent(); got != tt.want {
			t.Errorf("%s: Silent = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestMeasured(t *testing.T) {
	for _, tt := range []struct {
		name                      string
		warmUp, duration, elapsed time.Duration
		first, slots              int
		length                    time.Duration
	}{
		{"complete", 10 * time.Second, time.Minute, time.Minute, 10, 50, 50 * time.Second},
		{"cut short", 10 * time.Second, time.Minute, 30 * time.Second, 10, 20, 20 * time.Second},
		{"drained", 10 * time.Second, time.Minute, 61 * time.Second, 10, 50, 50 * time.Second},
		{"cut in the warm-up", 10 * time.Second, time.Minute, 5 * time.Second, 10, 0, 0},
		{"a part of a second", 0, 6500 * time.Millisecond, 7 * time.Second, 0, 7, 6500 * time.Millisecond},
	} {
		r := result.Result{Slot: time.Second, Elapsed: tt.elapsed,
			Planned: result.Planned{WarmUp: tt.warmUp, Duration: tt.duration}}
		w := r.Measured()
		if w.First != tt.first || w.Slots != tt.slots || w.Length != tt.length {
			t.Errorf("%s: Measured = %+v, want first %d, %d slots, %s", tt.name, w, tt.first, tt.slots, tt.length)
		}
		if w.Slots > 0 && (!w.Holds(tt.first) || w.Holds(tt.first-1) || w.Holds(tt.first+tt.slots)) {
			t.Errorf("%s: %+v holds other slots than its own", tt.name, w)
		}
	}
}
