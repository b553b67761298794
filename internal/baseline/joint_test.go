package baseline_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/baseline"
)

// Transactions of runs that were kept before the first release stay transactions.
func TestReadsOldTransactions(t *testing.T) {
	for _, tt := range []struct {
		key  string
		want bool
	}{{"transaction", true}, {"joint", true}, {"other", false}} {
		text := `{"figures": [{"endpoint": "buy", "KEY": true, "metric": "p95", "value": 5, "requests": 9}],
"load": {"asked": [{"endpoint": "buy", "KEY": true, "request": "r", "rate": 2}]}}`
		var run baseline.Run
		if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "KEY", tt.key)), &run); err != nil {
			t.Fatal(err)
		}
		f, a := run.Figures[0], run.Load.Asked[0]
		if f.Transaction != tt.want || f.Value != 5 || f.Requests != 9 || a.Transaction != tt.want || a.Rate != 2 {
			t.Errorf("%s is read as %+v and %+v", tt.key, f, a)
		}
	}
}
