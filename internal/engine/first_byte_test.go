package engine_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// The time to the first byte is that of the exchange, neither its lag nor its body; of a transaction, that of all its
// requests. Without a rule about it, nobody keeps it.
func TestRunKeepsFirstBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const groups = `
  buyer:
    wait: 1s
    steps: [GET /home, {transaction: buy, steps: [GET /cart, GET /pay]}]
`
		text := strings.Replace(file(1, "1/s", "20s", groups), "thresholds:", `thresholds:
  begins: {endpoints: [GET /cart, GET /pay], time_to_first_byte_p95: 1s}
  bought: {endpoints: buy, time_to_first_byte_p95: 1s}`, 1)
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			x.Phases.FirstByte = 10 * time.Millisecond
			if q.Target == "/pay" {
				x.Phases.FirstByte = 30 * time.Millisecond
			}
			return 80 * time.Millisecond
		})
		r := walk(t, context.Background(), decode(t, text, plan.Options{}), s, engine.Engine{})
		for _, row := range []struct {
			of   result.Endpoint
			want time.Duration // 0: none is kept
		}{
			{r.Endpoints[0], 0}, {r.Endpoints[1], 10 * time.Millisecond}, {r.Endpoints[2], 30 * time.Millisecond},
			{r.Transactions[0], 40 * time.Millisecond},
		} {
			var l latency
			for _, slot := range row.of.Slots {
				if err := slot.FirstByte.Into(&l); err != nil {
					t.Fatal(err)
				}
			}
			low, kept := l.Min()
			high, _ := l.Max()
			if kept != (row.want > 0) || low != row.want || high != row.want {
				t.Errorf("%s: from %s to %s, kept %t, want %s", row.of.Name, low, high, kept, row.want)
			}
		}
	})
}
