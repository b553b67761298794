package client_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
)

func TestDoStopsWithItsContext(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 1)
	hold := func(c net.Conn, r *bufio.Reader, _ int) {
		for nth := 0; request(r); nth++ {
			if nth == 0 {
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				continue
			}
			asked <- struct{}{}
		}
	}
	s := session(t, client.Config{BaseURL: listen(t, hold), Timeout: time.Minute})
	for round := range 3 { // the second and third context are not the first
		ctx, cancel := context.WithCancel(t.Context())
		var x client.Exchange
		s.Do(ctx, &client.Request{}, &x)
		if x.Failure != metric.OK {
			t.Fatalf("round %d: %v %s", round, x.Failure, x.Detail)
		}
		var wg sync.WaitGroup
		wg.Go(func() { <-asked; cancel() })
		s.Do(ctx, &client.Request{}, &x)
		wg.Wait()
		if x.Failure != metric.Timeout || x.Detail != client.Stopped {
			t.Errorf("round %d: stopped Do = %v %q, want timeout %q", round, x.Failure, x.Detail, client.Stopped)
		}
		if took := x.Done.Sub(x.Sent); took > 30*time.Second {
			t.Errorf("round %d: stopping took %v of the minute", round, took)
		}
		s.Do(ctx, &client.Request{}, &x)
		if x.Failure != metric.Timeout || x.Detail != client.Stopped || x.Connects != 0 {
			t.Errorf("round %d: Do after the end = %v %q, %d connects, want timeout %q and none",
				round, x.Failure, x.Detail, x.Connects, client.Stopped)
		}
	}
}

func TestSessionsStopTogether(t *testing.T) {
	t.Parallel()
	const users = 50
	var asking sync.WaitGroup
	asking.Add(users)
	base := listen(t, func(_ net.Conn, r *bufio.Reader, _ int) {
		if request(r) {
			asking.Done()
			_, _ = r.ReadByte()
		}
	})
	c, err := client.New(client.Config{BaseURL: base, Allow: loopback, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range users {
		wg.Go(func() {
			s := c.Session()
			defer s.Close()
			var x client.Exchange
			s.Do(ctx, &client.Request{}, &x)
			if x.Failure != metric.Timeout || x.Detail != client.Stopped {
				t.Errorf("Do = %v %q, want timeout %q", x.Failure, x.Detail, client.Stopped)
			}
		})
	}
	asking.Wait()
	cancel()
	wg.Wait()
}

func TestDoStopsWhileConnecting(t *testing.T) {
	t.Parallel()
	reached := make(chan struct{}, 1)
	silent := listen(t, func(_ net.Conn, r *bufio.Reader, _ int) {
		_, _ = r.ReadByte()
		reached <- struct{}{}
		_, _ = io.Copy(io.Discard, r)
	})
	hangs := func(ctx context.Context, _ string) ([]netip.Addr, error) {
		reached <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	for _, tt := range []struct {
		base, proxy string
		http        target.Protocol
	}{
		{"http://localhost", "", 0},
		{strings.Replace(silent, "http", "https", 1), "", 0},
		{"https://app.test", silent, 0},
		{"https://app.test", strings.Replace(silent, "http", "https", 1), 0},
		{silent, "", target.H2C},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { <-reached; cancel() })
		s := session(t, client.Config{
			BaseURL: tt.base, HTTP: tt.http, Proxy: func(*url.URL) (*url.URL, error) { return url.Parse(tt.proxy) },
			Resolve: hangs, Timeout: time.Minute, Connect: time.Minute,
			Allow: append([]string{"app.test"}, loopback...),
		})
		var x client.Exchange
		s.Do(ctx, &client.Request{}, &x)
		wg.Wait()
		if x.Failure != metric.Timeout || x.Detail != client.Stopped {
			t.Errorf("%s through %q: Do = %v %q, want timeout %q",
				tt.base, tt.proxy, x.Failure, x.Detail, client.Stopped)
		}
	}
}
