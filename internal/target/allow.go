package target

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// AllowList says which hosts may be dialled. The zero value allows none. It is
// immutable and safe for concurrent use.
type AllowList struct {
	names    map[string]bool
	zones    []string        // domains of patterns: names below them may be dialled
	sockets  map[string]bool // paths of unix sockets
	prefixes []netip.Prefix  // addresses are prefixes of full length
}

// NewAllowList reads the entries of target.allow: host names, compared without
// regard to case and to a final dot, patterns such as *.preview.example.com, IP
// addresses, CIDR prefixes, and unix sockets as unix:/run/app.sock. An error
// names the entry that is none of these.
func NewAllowList(entries []string) (AllowList, error) {
	list := AllowList{names: map[string]bool{}, sockets: map[string]bool{}}
	for _, entry := range entries {
		text := strings.TrimSpace(entry)
		if socket, ok, err := socketEntry(text); err != nil {
			return AllowList{}, fmt.Errorf("allow list: %w", err)
		} else if ok {
			list.sockets[socket] = true
			continue
		}
		if prefix, err := netip.ParsePrefix(text); err == nil {
			list.prefixes = append(list.prefixes, plainPrefix(prefix))
			continue
		}
		if addr, ok := literal(text); ok {
			list.prefixes = append(list.prefixes, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		if zone, ok, err := zoneOf(text); err != nil {
			return AllowList{}, fmt.Errorf("allow list: %w", err)
		} else if ok {
			list.zones = append(list.zones, zone)
			continue
		}
		name := canonicalHost(text)
		if name == "" || strings.ContainsAny(name, "/:@[] \t\r\n") {
			return AllowList{}, fmt.Errorf("allow list: %q is not a host name, IP address or CIDR prefix; write it "+
				"without scheme and port", entry)
		}
		list.names[name] = true
	}
	return list, nil
}

// Socket says whether a unix socket may be dialled, by its whole path.
func (l AllowList) Socket(name string) bool { return l.sockets[path.Clean(name)] }

// Host checks a host as written in a URL, without its port: all that can be
// checked before a name is resolved. A literal address may match an address or
// a prefix; a name matches the same name, or a pattern of which it is below the
// domain.
func (l AllowList) Host(host string) bool {
	if addr, ok := literal(host); ok {
		return l.holds(addr)
	}
	name := canonicalHost(host)
	return l.names[name] || slices.ContainsFunc(l.zones, func(zone string) bool { return below(name, zone) })
}

// Addresses returns those addresses of an allowed name that may be dialled.
// A list that names any address or prefix holds for what names resolve to as
// well; a list of names alone trusts the resolver, but never to the address of a
// metadata service.
func (l AllowList) Addresses(addrs []netip.Addr) []netip.Addr {
	var kept []netip.Addr
	for _, addr := range addrs {
		if l.holds(addr) || len(l.prefixes) == 0 && !metadata(addr) {
			kept = append(kept, addr)
		}
	}
	return kept
}

// holds says whether an address or a prefix of the list contains an address. Only the
// address itself contains that of a metadata service.
func (l AllowList) holds(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	for _, prefix := range l.prefixes {
		if prefix.Contains(addr) && (prefix.IsSingleIP() || !metadata(addr)) {
			return true
		}
	}
	return false
}

// Covers says whether the list allows everything that an entry of another list allows.
func (l AllowList) Covers(text string) bool {
	if socket, ok, err := socketEntry(text); ok && err == nil {
		return l.Socket(socket)
	}
	if zone, ok, err := zoneOf(text); ok && err == nil {
		return slices.ContainsFunc(l.zones, func(wide string) bool { return zone == wide || below(zone, wide) })
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
