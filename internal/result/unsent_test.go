package result_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// TestOldUnsent: documents of older versions count requests that were never sent
// as failures of kind expression; to a reader they are none.
func TestOldUnsent(t *testing.T) {
	const document = `{"schema":"loadgate.result/1","tool":"loadgate 0.0.1","digest":"x","seed":1,"started":"2026-03-01T12:00:00Z",
"planned":{"users":1,"ramp_ns":0,"warm_up_ns":0,"duration_ns":2000000000,"timeout_ns":1000000000},"end":"complete","elapsed_ns":2000000000,
"slot_ns":1000000000,"shards":[{"k":1,"n":1}],"timeline":[],"endpoints":[{"name":"GET /a","expected":0,
"slots":[{"slot":0,"requests":5,"failed":{"expression":3,"status":2},"received_bytes":0,"phases":{}},
{"slot":1,"requests":4,"failed":{"expression":4},"received_bytes":0,"phases":{}}],
"failures":[{"kind":"expression","count":7,"first_ns":0,"last_ns":1000000000},{"kind":"status","status":500,"count":2,"first_ns":0,"last_ns":0}]}]}`
	r, err := result.Decode(strings.NewReader(document), "old.json")
	if err != nil {
		t.Fatal(err)
	}
	slots := r.Endpoints[0].Slots
	if s := slots[0]; s.Requests != 2 || s.Unsent != 3 || s.Failures() != 2 || s.Failed[metric.Status] != 2 {
		t.Errorf("%+v, want 2 requests, both failed, and 3 that were not sent", s)
	}
	if s := slots[1]; s.Requests != 0 || s.Unsent != 4 || s.Failed != nil {
		t.Errorf("%+v, want 4 that were not sent and nothing else", s)
	}
}
