package gate_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Each teardown step that failed is a warning of its own, whatever the limits say.
func TestTornDown(t *testing.T) {
	s := file(limit(t, "p95", ms(200)))
	r := rung(50, fastAnswer)
	r.Teardown = []result.Sent{{Endpoint: "DELETE /a", Status: 200},
		{Endpoint: "DELETE /b", Status: 503, Failure: metric.Status, Detail: "503 Service Unavailable"},
		{Endpoint: "DELETE /c", Failure: metric.Timeout}}
	var said []string
	for _, c := range judge(t, r, s).Checks {
		if c.Subject != "teardown" {
			continue
		}
		if c.Outcome != verdict.Warn || !c.Shown {
			t.Errorf("%+v", c)
		}
		said = append(said, wording.Text(c.Because))
	}
	want := []string{"what DELETE /b should have removed is left behind: 503 Service Unavailable",
		"what DELETE /c should have removed is left behind"}
	if len(said) != 2 || said[0] != want[0] || said[1] != want[1] {
		t.Errorf("said %q, want %q", said, want)
	}
}
