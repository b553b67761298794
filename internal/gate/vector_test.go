package gate_test

import (
	"math"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/verdict"
)

// published lays the quantile vector of statistics, section 10, into slots:
// 600 values in microseconds over 300 s.
func published() *run {
	r := newRun(300)
	for i := range 600 {
		v := i * 7919 % 1009
		x := 50000 + v*v/10
		if i/30%4 == 0 {
			x += 20000
		}
		r.ok("GET /a", i/2, time.Duration(x)*time.Microsecond)
	}
	return r
}

// within says whether a duration is at most the histogram's 0.1 % away from
// the exact one.
func within(got verdict.Value, micros float64) bool {
	return got.OK && math.Abs(got.Value/(micros*1e3)-1) <= 0.001
}

func TestJudgePublishedQuantiles(t *testing.T) {
	tests := []struct {
		metric           string
		value, low, high float64 // microseconds, statistics section 10
	}{
		{"p95", 147022, 142929, 151002},
		{"p50", 81289, 77352, 86120},
	}
	for _, tt := range tests {
		t.Run(tt.metric, func(t *testing.T) {
			l := limit(t, tt.metric, ms(500))
			c := find(t, judge(t, published(), file(l)), "GET /a", l.Metric)
			if !within(c.Got, tt.value) || !within(c.Low, tt.low) || !within(c.High, tt.high) {
				t.Errorf("%s = %v (%v to %v), want %v (%v to %v) µs",
					tt.metric, c.Got, c.Low, c.High, tt.value, tt.low, tt.high)
			}
			if c.Requests != 600 {
				t.Errorf("Requests = %d, want 600", c.Requests)
			}
		})
	}
}

func TestJudgePublishedShare(t *testing.T) {
	r := newRun(100)
	for b, e := range []int64{0, 0, 1, 0, 0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0} {
		for i := range 50 - e {
			r.ok("GET /a", 5*b+int(i)%5, 10*time.Millisecond)
		}
		if e > 0 {
			r.fail("GET /a", 5*b, e, metric.Status, 500)
		}
	}
	f := find(t, judge(t, r, file(limit(t, "failure_rate", 0.5))), "GET /a", metric.FailureRate)
	s := find(t, judge(t, r, file(limit(t, "success", 0.5))), "GET /a", metric.Success)
	want := []float64{0.011, 0.003049, 0.027719} // deff 3.9, of the seconds
	for i, got := range []float64{f.Got.Value, f.Low.Value, f.High.Value} {
		if math.Abs(got-want[i]) > 1e-6 {
			t.Errorf("failure_rate: %v, want %v", got, want[i])
		}
	}
	for i, got := range []float64{s.Got.Value, s.High.Value, s.Low.Value} {
		if math.Abs(got-(1-want[i])) > 1e-6 {
			t.Errorf("success: %v, want %v", got, 1-want[i])
		}
	}
}

func TestJudgePublishedRate(t *testing.T) {
	rates := []float64{8.2, 8.4, 8.1, 8.6, 8.5, 8.3, 7.9, 8.0,
		8.2, 8.4, 8.6, 8.7, 8.5, 8.3, 8.1, 8.2, 8.4, 8.3, 8.0, 8.2}
	r := newRun(200) // batches of 10 s hold 82, 84, ... requests
	for b, rate := range rates {
		for i := range int(math.Round(rate * 10)) {
			r.ok("GET /a", 10*b+i%10, 10*time.Millisecond)
		}
	}
	c := find(t, judge(t, r, file(limit(t, "throughput", 8))), "GET /a", metric.Throughput)
	for i, want := range []float64{8.295, 8.135104, 8.454896} {
		if got := []float64{c.Got.Value, c.Low.Value, c.High.Value}[i]; math.Abs(got-want) > 1e-6 {
			t.Errorf("throughput: %v, want %v", got, want)
		}
	}
}
