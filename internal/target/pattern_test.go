package target_test

import (
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/target"
)

func TestPatternHost(t *testing.T) {
	for _, c := range []struct {
		name, host, entry string
		want              bool
	}{
		{"one label", "pr-1.preview.example.com", "*.preview.example.com", true},
		{"several labels", "api.pr-1.preview.example.com", "*.preview.example.com", true},
		{"case and final dots", "PR-1.Preview.example.com.", "*.PREVIEW.example.com.", true},
		{"an underscore", "pr_1.preview.example.com", "*.preview.example.com", true},
		{"a number", "17.preview.example.com", "*.preview.example.com", true},
		{"its domain", "preview.example.com", "*.preview.example.com", false},
		{"the domain above", "example.com", "*.preview.example.com", false},
		{"a domain beside", "pr-1.staging.example.com", "*.preview.example.com", false},
		{"the end of a label", "evilpreview.example.com", "*.preview.example.com", false},
		{"the domain as a beginning", "preview.example.com.evil.org", "*.preview.example.com", false},
		{"the pattern itself", "*.preview.example.com", "*.preview.example.com", false},
		{"an empty first label", ".preview.example.com", "*.preview.example.com", false},
		{"an empty label", "a..preview.example.com", "*.preview.example.com", false},
		{"two final dots", "a.preview.example.com..", "*.preview.example.com", false},
		{"a slash that was escaped", "evil.org/.preview.example.com", "*.preview.example.com", false},
		{"a zero byte", "evil.org\x00.preview.example.com", "*.preview.example.com", false},
		{"a user", "evil.org@a.preview.example.com", "*.preview.example.com", false},
		{"an address", "10.0.0.7", "*.preview.example.com", false},
		{"IPv6", "[::1]", "*.preview.example.com", false},
		{"no host", "", "*.preview.example.com", false},
		{"names of a cluster", "shop.team-a.svc.cluster.local", "*.svc.cluster.local", true},
		{"a domain below a public suffix", "pr-1.shop.vercel.app", "*.shop.vercel.app", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := target.NewAllowList([]string{c.entry})
			if err != nil {
				t.Fatal(err)
			}
			if got := list.Host(c.host); got != c.want {
				t.Errorf("%q on %q: %v, want %v", c.host, c.entry, got, c.want)
			}
		})
	}
}

// What both readers of entries refuse as a pattern, and with which advice.
func TestPatternRefused(t *testing.T) {
	for _, c := range []struct{ entry, want string }{
		{"*", "allows every host"},
		{"*.", "allows every host"},
		{"*.com", "has fewer than two labels after the *"},
		{"*.-x.example.com", "is not a pattern of host names"},
		{"*.x-.example.com", "is not a pattern of host names"},
		{"*.localhost", "has fewer than two labels after the *"},
		{"*.com.", "has fewer than two labels after the *"},
		{"*.co.uk", "allows hosts of strangers, who get names under co.uk too"},
		{"*.GitHub.io", "allows hosts of strangers, who get names under github.io too"},
		{"*.vercel.app", "allows hosts of strangers"},
		{"pr-*.preview.example.com", "is not its whole first label"},
		{"api.*.example.com", "is not its whole first label"},
		{"*.*.example.com", "is not its whole first label"},
		{"**.example.com", "is not its whole first label"},
		{"*example.com", "is not its whole first label"},
		{"example.*", "is not its whole first label"},
		{"*..example.com", "is not a pattern"},
		{"*.exämple.com", "is not a pattern"},
		{"*.example.com/8", "is not a pattern"},
		{"*.0.0.1", "has a * before an address"},
		{"*.10.0.0.0", "has a * before an address"},
		{"10.0.0.*", "is not its whole first label"},
	} {
		t.Run(c.entry, func(t *testing.T) {
			_, err := target.NewAllowList([]string{c.entry})
			for _, err := range []error{target.CheckEntry(c.entry), err} {
				if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%q: %v, want one line with %q", c.entry, err, c.want)
				}
			}
		})
	}
}

func TestPatternCovers(t *testing.T) {
	for _, c := range []struct {
		list, entry string
		want        bool
	}{
		{"*.preview.example.com", "*.preview.example.com", true},
		{"*.preview.example.com", "*.Preview.Example.com.", true},
		{"*.example.com", "*.preview.example.com", true},
		{"*.preview.example.com", "pr-1.preview.example.com", true},
		{"*.preview.example.com", "*.example.com", false},
		{"*.preview.example.com", "preview.example.com", false},
		{"preview.example.com", "*.preview.example.com", false},
		{"pr-1.preview.example.com", "*.preview.example.com", false},
		{"*.review.example.com", "*.preview.example.com", false},
		{"*.preview.example.com", "10.0.0.0/8", false},
		{"*.preview.example.com", "unix:/run/app.sock", false},
		{"*.preview.example.com", "commands", false},
		{"10.0.0.0/8", "*.preview.example.com", false},
	} {
		list, err := target.NewAllowList([]string{c.list})
		if err != nil {
			t.Fatal(err)
		}
		if got := list.Covers(c.entry); got != c.want {
			t.Errorf("%q covers %q: %v, want %v", c.list, c.entry, got, c.want)
		}
	}
}

// A name on a pattern is resolved as a name in full is: the networks of the list hold, and no name leads to a metadata
// service.
func TestPatternAddresses(t *testing.T) {
	inside, outside := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("192.0.2.1")
	service := netip.MustParseAddr("169.254.169.254")
	for _, c := range []struct {
		list []string
		kept int
	}{
		{[]string{"*.preview.example.com"}, 2},
		{[]string{"*.preview.example.com", "10.0.0.0/8"}, 1},
	} {
		list, err := target.NewAllowList(c.list)
		if err != nil {
			t.Fatal(err)
		}
		if kept := list.Addresses([]netip.Addr{inside, outside, service}); len(kept) != c.kept {
			t.Errorf("%q keeps %v", c.list, kept)
		}
	}
}

// Whatever the host, a pattern allows it if and only if labels and a dot come before its domain; it allows no address;
// and what a pattern covers it allows.
func TestPatternMatch(t *testing.T) {
	label := rapid.StringMatching(`[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,3}[a-zA-Z0-9_])?`)
	name := func(least, most int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(label, least, most).Draw(t, "labels"), ".")
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := name(1, 3).Draw(t, "zone") + ".example.com"
		list, err := target.NewAllowList([]string{"*." + zone})
		if err != nil {
			t.Fatal(err)
		}
		front := name(1, 3).Draw(t, "front")
		host := front + "." + zone
		spelled := rapid.SampledFrom([]string{host, strings.ToUpper(host), host + "."}).Draw(t, "host")
		if !list.Host(spelled) {
			t.Errorf("*.%s does not allow %q", zone, spelled)
		}
		others := []string{zone, front + zone, "." + zone, host + "." + front, front, host + "..", "*." + zone}
		for _, other := range others {
			low := strings.ToLower(other)
			below := strings.HasSuffix(low, "."+strings.ToLower(zone)) && low[0] != '.' && low[0] != '*'
			if list.Host(other) != below {
				t.Errorf("*.%s allows %q: %v", zone, other, !below)
			}
		}
		wild := rapid.StringMatching(`[a-z%/@:*\\ .\x00é]{0,8}`).Draw(t, "wild")
		if plain := strings.Trim(strings.ReplaceAll(wild, ".", "a"), "abcdefghijklmnopqrstuvwxyz") == ""; !plain &&
			list.Host(wild+"."+zone) {
			t.Errorf("*.%s allows %q", zone, wild+"."+zone)
		}
		b := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address")
		if addr, _ := netip.AddrFromSlice(b); list.Host(addr.String()) {
			t.Errorf("*.%s allows %s", zone, addr)
		}
		if narrow := "*." + front + "." + zone; !list.Covers(narrow) || !list.Covers(host) {
			t.Errorf("*.%s does not cover %s and %s", zone, narrow, host)
		}
	})
}
