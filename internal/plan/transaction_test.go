package plan_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/plan"
)

// A transaction is done as a whole where the order comes to it, and closes with
// its last step.
func TestTransactionsStayWhole(t *testing.T) {
	for _, row := range []struct {
		name, group string
		want        []string // a + closes a transaction, a = has the next one beside it
		expected    float64  // transactions for each request
	}{
		{"in a sequence",
			"{wait: 1s, steps: [GET /a, {transaction: buy, times: 2, steps: [GET /b, {request: GET /c, times: 2}]}, " +
				"GET /d]}",
			[]string{"GET /a", "GET /b", "GET /c", "GET /c+", "GET /b",
				"GET /c", "GET /c+", "GET /d", "GET /a"}, 2. / 8},
		{"two beside each other", "{wait: 1s, steps: [{transaction: buy, steps: [GET /a]}, {transaction: look, " +
			"steps: [GET /b, GET /a]}]}",
			[]string{"GET /a+", "GET /b", "GET /a+", "GET /a+"}, 1. / 3},
		{"drawn", "{wait: 1s, order: weighted, steps: [{transaction: buy, weight: 1000000, steps: [GET /a, GET /b]}, " +
			"{request: GET /c, weight: 0.000001}]}",
			[]string{"GET /a", "GET /b+", "GET /a", "GET /b+"}, 1. / 2},
		{"with steps at the same time", "{wait: 1s, steps: [{transaction: buy, steps: [GET /a, {parallel: [GET /b, " +
			"{request: GET /c, times: 2}]}, {parallel: [GET /d]}, {parallel: [GET /e, GET /f]}]}, GET /g]}",
			[]string{"GET /a", "GET /b=", "GET /c=", "GET /c", "GET /d", "GET /e=", "GET /f+", "GET /g"}, 1. / 8},
	} {
		p := newPlan(t, file(t, "  g: "+row.group), plan.Options{})
		var got []string
		for way := p.User(0).Walk(); len(got) < len(row.want); {
			turn := way.Next()
			name := turn.Step.Step.Endpoint
			if turn.Closes {
				name += "+"
			}
			if turn.Joins {
				name += "="
			}
			got = append(got, name)
		}
		if d := cmp.Diff(row.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, d)
		}
		all := 0.0
		for _, e := range p.Endpoints {
			all += e.Expected
		}
		if buy := p.Transactions[0]; buy.Name != "buy" || math.Abs(buy.Expected/all-row.expected) > 1e-9 ||
			math.Abs(all-p.Groups[0].Expected) > 1e-6 {
			t.Errorf("%s: %+v of %g requests, want %g each", row.name, buy, all, row.expected)
		}
	}
}
