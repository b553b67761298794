package client_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// resolves answers from a table: names to addresses, separated by spaces.
func resolves(table map[string]string) func(context.Context, string) ([]netip.Addr, error) {
	return func(_ context.Context, host string) ([]netip.Addr, error) {
		var addrs []netip.Addr
		for text := range strings.FieldsSeq(table[host]) {
			addrs = append(addrs, netip.MustParseAddr(text))
		}
		if addrs == nil {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return addrs, nil
	}
}

func TestAllowListIsCheckedAtEveryDial(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(srv.Close)
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name      string
		host      string
		allow     string
		addresses string
		failure   metric.Failure
		detail    string
	}{
		{"names alone trust the resolver", "localhost", "localhost", "127.0.0.1", metric.OK, ""},
		{"literal address", "127.0.0.1", "127.0.0.1", "", metric.OK, ""},
		{"literal address by prefix", "127.0.0.1", "127.0.0.0/8", "", metric.OK, ""},
		{"name and its address", "localhost", "localhost 127.0.0.1", "127.0.0.1", metric.OK, ""},
		{"mapped address", "localhost", "localhost 127.0.0.1", "::ffff:127.0.0.1", metric.OK, ""},
		{"only the allowed address is used", "localhost", "localhost 127.0.0.1", "::1 127.0.0.1", metric.OK, ""},
		{"the address that is not allowed is not even tried", "localhost",
			"localhost 127.99.99.99", "127.0.0.1 127.99.99.99", metric.Refused, "connection refused"},
		{"no way to the first address", "localhost", "localhost",
			"224.0.0.1 127.99.99.99", metric.Refused, "connection refused"},
		// TCP has no multicast
		{"no way to any address", "localhost", "localhost", "224.0.0.1", metric.Refused, "network unreachable"},
		{"the next address when one refuses", "localhost", "localhost", "127.99.99.99 127.0.0.1", metric.OK, ""},
		{"address not on the list", "staging", "staging 10.0.0.0/8", "127.0.0.1", metric.DNS,
			`host "staging" resolves to 127.0.0.1, which is not on the allow list; add that address or its network ` +
				`under target.allow`},
		{"none of the addresses", "staging", "staging ::1", "127.0.0.1 127.0.0.2", metric.DNS,
			`host "staging" resolves to 127.0.0.1, which is not on the allow list; add that address or its network ` +
				`under target.allow`},
		{"a name below a domain on the list", "pr-7.preview.test", "*.preview.test", "127.0.0.1", metric.OK, ""},
		{"such a name and its address", "pr-7.preview.test", "*.preview.test 127.0.0.1", "127.0.0.1", metric.OK, ""},
		{"such a name and another address", "pr-7.preview.test", "*.preview.test 10.0.0.0/8", "127.0.0.1",
			metric.DNS,
			`host "pr-7.preview.test" resolves to 127.0.0.1, which is not on the allow list; add that address or its ` +
				`network under target.allow`},
		{"such a name of a metadata service", "pr-7.preview.test", "*.preview.test", "169.254.169.254",
			metric.DNS,
			`host "pr-7.preview.test" resolves to 169.254.169.254, which is not on the allow list; add that address ` +
				`or its network under target.allow`},
		{"no such name", "staging", "staging", "", metric.DNS, `no such host "staging"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := session(t, client.Config{
				BaseURL: "http://" + net.JoinHostPort(tt.host, port),
				Allow:   strings.Fields(tt.allow),
				Resolve: resolves(map[string]string{tt.host: tt.addresses}),
			})
			before := reached.Load()
			var x client.Exchange
			s.Do(t.Context(), &client.Request{}, &x)
			if x.Failure != tt.failure || x.Detail != tt.detail {
				t.Errorf("Do = %v %q, want %v %q", x.Failure, x.Detail, tt.failure, tt.detail)
			}
			if got := reached.Load() - before; (got == 1) != (tt.failure == metric.OK) {
				t.Errorf("the server was reached %d times", got)
			}
		})
	}
}

func TestLocalhostOnBothFamilies(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("no IPv6 loopback here: %v", err)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Host", r.Host)
	}))
	srv.Listener.Close()
	srv.Listener = l
	srv.Start()
	t.Cleanup(srv.Close)
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	// Other tests listen on 127.0.0.1, and one may have the same port there.
	const nobody = "127.0.0.77"
	for _, host := range []string{"localhost", "[::1]"} {
		s := session(t, client.Config{
			BaseURL: "http://" + host + ":" + port,
			Allow:   []string{"localhost", nobody, "::1"},
			Resolve: resolves(map[string]string{"localhost": nobody + " ::1"}),
		})
		if x := do(t, s, &client.Request{}); x.Header("X-Host") != host+":"+port {
			t.Errorf("%s: the server saw host %q", host, x.Header("X-Host"))
		}
	}
}

// The families take turns, whichever the resolver names first; what refuses
// gives its turn away at once.
func TestAddressesOfBothFamiliesTakeTurns(t *testing.T) {
	t.Parallel()
	four := listen(t, answers("HTTP/1.1 204 No Content\r\nX-Family: 4\r\n\r\n"))
	port := four[strings.LastIndex(four, ":"):]
	l, err := net.Listen("tcp", "[::1]"+port)
	if err != nil {
		t.Skipf("no IPv6 loopback here, or the port is taken: %v", err)
	}
	serve(t, l, answers("HTTP/1.1 204 No Content\r\nX-Family: 6\r\n\r\n"))
	for addresses, want := range map[string]string{
		"::1 127.0.0.1":                           "6",
		"127.0.0.1 ::1":                           "4",
		"127.99.99.99 127.0.0.1 ::1":              "6",
		"127.99.99.99 127.99.99.98 ::1 127.0.0.1": "6",
		"127.99.99.99 127.0.0.1":                  "4",
	} {
		s := session(t, client.Config{BaseURL: "http://localhost" + port,
			Resolve: resolves(map[string]string{"localhost": addresses})})
		if x := do(t, s, &client.Request{}); x.Header("X-Family") != want || x.Connects != 1 {
			t.Errorf("%s: IPv%s answered after %d connects, want IPv%s after 1",
				addresses, x.Header("X-Family"), x.Connects, want)
		}
	}
}

func TestSystemResolver(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(srv.Close)
	s := session(t, client.Config{BaseURL: strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)})
	if x := do(t, s, &client.Request{}); x.Phases.DNS <= 0 || x.Connects != 1 {
		t.Errorf("phases %+v, %d connects; want a DNS phase and 1", x.Phases, x.Connects)
	}
}
