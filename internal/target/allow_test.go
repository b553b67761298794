package target_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/loadgate/loadgate/internal/target"
)

func TestAllowListHost(t *testing.T) {
	for _, c := range []struct {
		name, host string
		list       []string
		want       bool
	}{
		{"same name", "api.example.com", []string{"api.example.com"}, true},
		{"case and final dot", "API.Example.com.", []string{"api.example.COM"}, true},
		{"another name", "evil.example.com", []string{"api.example.com"}, false},
		{"suffix of a name", "x.api.example.com", []string{"api.example.com"}, false},
		{"address", "10.0.0.7", []string{"10.0.0.7"}, true},
		{"address in a prefix", "10.1.2.3", []string{"10.0.0.0/8"}, true},
		{"address outside of a prefix", "11.1.2.3", []string{"10.0.0.0/8"}, false},
		{"IPv6 in brackets", "[::1]", []string{"::1"}, true},
		{"IPv6 written long", "0:0:0:0:0:0:0:1", []string{"::1"}, true},
		{"IPv4 inside IPv6", "::ffff:10.0.0.7", []string{"10.0.0.0/8"}, true},
		{"a name never matches a prefix", "localhost", []string{"127.0.0.0/8"}, false},
		{"an address never matches a name", "127.0.0.1", []string{"localhost"}, false},
		{"empty list", "localhost", nil, false},
		{"empty host", "", []string{"localhost"}, false},
		{"a spelling of 127.0.0.1 that some resolvers take", "2130706433", []string{"127.0.0.1"}, false},
		{"a name around an address", "127.0.0.1.nip.io", []string{"127.0.0.1"}, false},
		{"IPv6 with a zone", "fe80::1%eth0", []string{"fe80::/10"}, true},
		{"a prefix of mapped addresses", "127.0.0.1", []string{"::ffff:127.0.0.0/104"}, true},
		{"a prefix with host bits", "10.9.8.7", []string{"10.1.2.3/8"}, true},
		{"loopback name", "localhost", target.Loopback(), true},
		{"loopback address", "127.0.0.53", target.Loopback(), true},
		{"loopback IPv6", "::1", target.Loopback(), true},
		{"not loopback", "192.168.0.1", target.Loopback(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := target.NewAllowList(c.list)
			if err != nil {
				t.Fatal(err)
			}
			if got := list.Host(c.host); got != c.want {
				t.Errorf("%q on %q: %v, want %v", c.host, c.list, got, c.want)
			}
		})
	}
}

func TestAllowListSocket(t *testing.T) {
	for _, c := range []struct {
		name, socket string
		list         []string
		want         bool
	}{
		{"in so many words", "/run/app.sock", []string{"unix:/run/app.sock"}, true},
		{"the same path", "/run/./x/../app.sock", []string{"unix:/run//app.sock/"}, true},
		{"as a URL of a file", "/run/app.sock", []string{"unix:///run/app.sock"}, true},
		{"another", "/run/other.sock", []string{"unix:/run/app.sock"}, false},
		{"the folder", "/run/app.sock", []string{"unix:/run"}, false},
		{"this machine", "/run/app.sock", target.Loopback(), false},
		{"none", "/run/app.sock", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := target.NewAllowList(c.list)
			if err != nil {
				t.Fatal(err)
			}
			if got := list.Socket(c.socket); got != c.want {
				t.Errorf("%q on %q: %v, want %v", c.socket, c.list, got, c.want)
			}
			if list.Host(c.socket) || list.Host("unix") {
				t.Errorf("%q allows a host of that name", c.list)
			}
		})
	}
	for _, entry := range []string{"unix:", "unix:/", "unix:run/app.sock", "unix:/run/*.sock"} {
		if _, err := target.NewAllowList([]string{entry}); err == nil {
			t.Errorf("NewAllowList(%q) = no error", entry)
		}
	}
}

// No prefix and no name leads to a metadata service.
func TestMetadataServicesAreNamedInFull(t *testing.T) {
	service, other := netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("10.0.0.1")
	for _, c := range []struct {
		list []string
		kept int
	}{
		{[]string{"metadata.example"}, 1},
		{[]string{"metadata.example", "0.0.0.0/0"}, 1},
		{[]string{"metadata.example", "169.254.169.254"}, 1},
		{[]string{"metadata.example", "169.254.169.254", "10.0.0.0/8"}, 2},
	} {
		list, err := target.NewAllowList(c.list)
		if err != nil {
			t.Fatal(err)
		}
		if kept := list.Addresses([]netip.Addr{service, other}); len(kept) != c.kept {
			t.Errorf("%q keeps %v", c.list, kept)
		}
		if got, want := list.Host(service.String()), slices.Contains(c.list, service.String()); got != want {
			t.Errorf("%q allows %s: %v", c.list, service, got)
		}
	}
}
