package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"
)

// Grant is an entry of target.allow and its place. It counts only together with
// the word of whoever calls: a file may come from a stranger.
type Grant struct {
	Entry string
	Pos   mistake.Pos
}

// Beyond returns the grants that reach beyond this machine's own addresses:
// other hosts, unix sockets and commands.
func (t Target) Beyond() []Grant {
	var beyond []Grant
	for _, g := range t.Grants {
		if !ownMachine(g.Entry) {
			beyond = append(beyond, g)
		}
	}
	return beyond
}

// Unsaid returns the grants beyond this machine that the caller has not given
// too. said are entries as target.allow has them; a prefix of them gives what it
// holds, but for the addresses of metadata services. The caller's word for the
// URL of the target is in said as its host, or as unix:PATH. The error is that of
// a text in said that is no entry.
func (t Target) Unsaid(said []string) ([]Grant, error) {
	for _, entry := range said {
		if err := CheckAllowed(entry); err != nil {
			return nil, err
		}
	}
	list, err := NewAllowList(said)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(t.Beyond(), func(g Grant) bool { return list.entry(g.Entry) }), nil
}

// HostEntry is the entry of an allow list for the service at a URL: its host, or
// its unix socket; "" where the URL is none.
func HostEntry(url string) string {
	switch u, err := parseTarget(url); {
	case err != nil:
		return ""
	case u.socket != "":
		return socketPrefix + u.socket
	default:
		return u.host
	}
}

// SplitAllowed takes lists of entries apart, at commas and blanks.
func SplitAllowed(lists []string) []string {
	var entries []string
	for _, list := range lists {
		entries = append(entries,
			strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })...)
	}
	return entries
}

// entry says whether a list holds all that an entry of another allows.
func (l AllowList) entry(text string) bool {
	if socket, ok, err := socketEntry(text); ok && err == nil {
		return l.Socket(socket)
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return l.Host(text)
	}
	prefix = plainPrefix(prefix)
	return slices.ContainsFunc(l.prefixes, func(p netip.Prefix) bool {
		return p.Bits() <= prefix.Bits() && p.Contains(prefix.Addr()) && (!metadata(prefix.Addr()) || p == prefix)
	})
}

// ownMachine says whether an entry reaches nothing but loopback addresses.
func ownMachine(entry string) bool {
	if prefix, err := netip.ParsePrefix(entry); err == nil {
		prefix = plainPrefix(prefix)
		return prefix.Addr().IsLoopback() && prefix.Bits() >= map[bool]int{true: 8, false: 128}[prefix.Addr().Is4()]
	}
	if addr, ok := literal(entry); ok {
		return addr.IsLoopback()
	}
	return canonicalHost(entry) == "localhost"
}

// services are addresses at which clouds tell a machine its credentials, beside
// those of IPv4 that are link-local, as 169.254.169.254 is: of AWS, Alibaba,
// Azure, Oracle and OpenStack.
var services = []netip.Addr{
	netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"),
	netip.MustParseAddr("168.63.129.16"), netip.MustParseAddr("192.0.0.192"), netip.MustParseAddr("fe80::a9fe:a9fe"),
}

// metadata says whether an address may be that of a cloud's metadata service.
// No prefix and no name reaches it: it has to be written out.
func metadata(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return addr.Is4() && addr.IsLinkLocalUnicast() || slices.Contains(services, addr)
}

// checkPrefix says what is wrong with a prefix that could allow nothing.
func checkPrefix(p netip.Prefix) error {
	if p = plainPrefix(p); !p.IsSingleIP() && p.Addr().Is4() && p.Addr().IsLinkLocalUnicast() {
		return fmt.Errorf("%s holds the addresses of metadata services, which no prefix allows; write the address "+
			"alone, such as 169.254.169.254", p)
	}
	return nil
}
