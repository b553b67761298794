package gate_test

import (
	"fmt"
	"testing"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// A verdict that rests on runs against other hosts says so, and with how many; one that does not is silent.
func TestJudgeOverHosts(t *testing.T) {
	before := shop(20, usual).result(t)
	before.Target = "https://pr-1.preview.test"
	for _, tt := range []struct {
		name string
		any  bool
		of   speed
		want string // of the earlier runs, and what is found
	}{
		{"any host", true, usual, "compared with 10 runs, 8 of them against 4 other hosts"},
		{"any host, and one slower", true, slow(1.6, "GET /c"),
			"compared with 10 runs, 8 of them against 4 other hosts; FAIL p95 GET /c"},
		{"its own host", false, usual,
			"not compared: a comparison needs 3 earlier runs, and has 2 (not counted: 8 of another host)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			runs := earlier(t, before, 1, 10, 0.04)
			for i := range runs {
				runs[i].Target = fmt.Sprintf("https://pr-%d.preview.test", i/2)
			}
			today := shop(20, tt.of).result(t)
			today.Target = "https://pr-4.preview.test"
			now := baseline.Of(today)
			now.AnyHost = tt.any
			v := gate.Judge(evidence.Input{Result: today, Config: compared(t),
				Past: baseline.Select(runs, baseline.Query{Run: now})})
			got := ""
			for _, c := range comparisons(v) {
				if c.Subject == "earlier runs" {
					if got += wording.Reason(c); tt.any && (c.Outcome != verdict.Pass || !c.Shown) {
						t.Errorf("the line is %v, shown %v", c.Outcome, c.Shown)
					}
				}
			}
			for _, f := range findings(v) {
				got += "; " + f
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
