package client_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
)

// Users are spread evenly over the addresses of a name, in whatever order the
// resolver answers.
func TestUsersAreSpreadOverAddresses(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has all of 127.0.0.0/8 without being told")
	}
	port := anyAddress(t)
	for range 20 {
		k, n, seed := 1+rand.IntN(5), 1+rand.IntN(30), rand.Uint64()
		var all []netip.Addr
		for i := range k {
			all = append(all, netip.AddrFrom4([4]byte{127, 0, 3, byte(i + 1)}))
		}
		c, err := client.New(client.Config{BaseURL: "http://api.test" + port, Allow: []string{"api.test"},
			Resolve: func(context.Context, string) ([]netip.Addr, error) {
				answer := append([]netip.Addr(nil), all...)
				rand.Shuffle(k, func(i, j int) { answer[i], answer[j] = answer[j], answer[i] })
				return answer, nil
			}})
		if err != nil {
			t.Fatal(err)
		}
		for user := range n {
			s := c.User(seed + uint64(user))
			do(t, s, &client.Request{})
			s.Close()
		}
		got := c.Addresses()
		if len(got) != min(k, n) {
			t.Fatalf("%d users over %d addresses: %+v", n, k, got)
		}
		for _, a := range got {
			if a.Requests < int64(n/k) || a.Requests > int64((n+k-1)/k) || a.Refused != 0 || a.Failed != 0 {
				t.Errorf("%d users over %d addresses: %+v", n, k, got)
			}
		}
	}
}

// A user whose own address is dead goes to the next, and the dead one is named.
func TestDeadAddressIsCounted(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has all of 127.0.0.0/8 without being told")
	}
	alive := listen(t, answers(okEmpty))
	port := alive[strings.LastIndex(alive, ":"):]
	c, err := client.New(client.Config{BaseURL: "http://api.test" + port, Allow: []string{"api.test"},
		Resolve: resolves(map[string]string{"api.test": "127.0.0.1 127.0.3.99"})})
	if err != nil {
		t.Fatal(err)
	}
	for user := range uint64(4) {
		s := c.User(user)
		do(t, s, &client.Request{})
		s.Close()
	}
	want := fmt.Sprint([]client.Address{{Address: "127.0.0.1" + port, Requests: 4, Failed: 0, Refused: 0},
		{Address: "127.0.3.99" + port, Requests: 0, Failed: 0, Refused: 2}})
	if got := fmt.Sprint(c.Addresses()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// An address with which no TLS connection comes about counts as one that refuses,
// and a socket is no address.
func TestAddressesThatAreNone(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = quiet()
	srv.StartTLS()
	t.Cleanup(srv.Close)
	home := srv.Listener.Addr().String()
	socket := overSocket(listenSocket(t, answers(okEmpty)), client.Config{})
	for _, tt := range []struct {
		cfg  client.Config
		want []client.Address
	}{
		{client.Config{BaseURL: srv.URL, Allow: loopback}, []client.Address{{Address: home, Refused: 2}}},
		{socket, nil},
	} {
		c, err := client.New(tt.cfg)
		if err != nil {
			t.Fatal(err)
		}
		s := c.Session()
		for range 2 {
			var x client.Exchange
			s.Do(t.Context(), &client.Request{}, &x)
		}
		s.Close()
		if got := fmt.Sprint(c.Addresses()); got != fmt.Sprint(tt.want) {
			t.Errorf("%s: got %s, want %v", tt.cfg.BaseURL, got, tt.want)
		}
	}
}

// anyAddress answers on every address of this machine.
func anyAddress(t *testing.T) (port string) {
	t.Helper()
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, l, answers(okEmpty))
	return fmt.Sprintf(":%d", l.Addr().(*net.TCPAddr).Port)
}
