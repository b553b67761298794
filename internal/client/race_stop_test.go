package client_test

import (
	"context"
	"net/netip"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// A context that ends between resolving and dialling leaves several addresses
// that nobody may try any more.
func TestStoppedBeforeTheRace(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := session(t, client.Config{
		BaseURL: "http://shop.example:1", Allow: []string{"shop.example", "127.0.0.1", "::1"},
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			cancel()
			return []netip.Addr{netip.MustParseAddr("::1"), netip.MustParseAddr("127.0.0.1")}, nil
		},
	})
	var x client.Exchange
	s.Do(ctx, &client.Request{}, &x)
	if x.Failure != metric.Timeout || x.Detail != client.Stopped || x.Connects != 0 {
		t.Errorf("Do = %v (%s), %d connects; want timeout (stopped), none", x.Failure, x.Detail, x.Connects)
	}
}
