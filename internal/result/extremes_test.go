package result_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Counts that a document may have one by one are refused where their sum overflows.
func TestSumsThatOverflow(t *testing.T) {
	const much = 1 << 50
	requests := empty(whole)
	for i := range 9000 {
		requests.Endpoints[1].Slots = append(requests.Endpoints[1].Slots,
			result.Slot{Slot: i, Requests: much, Failed: map[metric.Failure]int64{metric.Status: much}})
	}
	received := empty(whole)
	for e := range received.Endpoints {
		for i := range 3000 {
			received.Endpoints[e].Slots = append(received.Endpoints[e].Slots, result.Slot{Slot: i, Received: much})
		}
	}
	buckets := empty(whole)
	buckets.Endpoints[1].Summary = &result.Summary{}
	for range 1 << 14 { // the sum is 2^64, which an int64 takes for 0
		buckets.Endpoints[1].Summary.Buckets = append(buckets.Endpoints[1].Summary.Buckets,
			result.Bucket{Reading: result.Exactly(time.Second), Count: much})
	}
	for name, r := range map[string]*result.Result{"requests": requests, "bytes": received, "buckets": buckets} {
		if err := r.Check(); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: Check = %v, want a refusal", name, err)
		}
	}
}

// Times of many requests add up to no more than a document may have.
func TestPhasesStopAtTheLongest(t *testing.T) {
	var sum result.Phases
	for range 9 {
		sum.Add(result.Phases{DNS: 1 << 60, Connect: 1 << 60, TLS: 1 << 60, FirstByte: 1 << 60, Body: 1 << 60})
	}
	for _, d := range []time.Duration{sum.DNS, sum.Connect, sum.TLS, sum.FirstByte, sum.Body} {
		if d != 1<<60 {
			t.Errorf("nine times the longest is %d, want %d", d, int64(1<<60))
		}
	}
}
