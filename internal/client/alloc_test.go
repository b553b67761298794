//go:build !race

package client_test

import (
	"math/rand/v2"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/trace"
)

// An exchange on an idle connection allocates nothing: at thousands a second
// the collector would otherwise show up in the latencies. (Under the race detector pools
// forget on purpose.)
func TestExchangeAllocatesNothing(t *testing.T) {
	header := []client.Field{{Name: "Accept", Value: "*/*"}}
	for name, req := range map[string]*client.Request{
		"kept":     {Method: "GET", Target: "/", Header: header, KeepBody: true},
		"dropped":  {Method: "POST", Target: "/", Header: header, Body: []byte("{}")},
		"prepared": {Method: "GET", Target: "/", Header: header, Prepared: new(client.Prepared)},
		"sampled": {Method: "GET", Target: "/", Header: header, Prepared: new(client.Prepared),
			Trace: trace.Draw(rand.NewPCG(1, 2))},
	} {
		t.Run(name, func(t *testing.T) {
			s := session(t, client.Config{BaseURL: listen(t, fixed)})
			var x client.Exchange
			ctx := t.Context()
			allocs := testing.AllocsPerRun(200, func() {
				if s.Do(ctx, req, &x); x.Failure != metric.OK {
					t.Fatal(x.Failure, x.Detail)
				}
			})
			if allocs > 0 {
				t.Errorf("%v allocations an exchange, want 0", allocs)
			}
		})
	}
}
