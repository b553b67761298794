package config

import (
	"fmt"
	"net/netip"
	"path"
	"strings"
)

// Loopback is the allow list of a file that has none: this machine.
func Loopback() []string { return []string{"localhost", "127.0.0.0/8", "::1"} }

// AllowList says which hosts may be dialled. The zero value allows none. It is
// immutable and safe for concurrent use.
type AllowList struct {
	names    map[string]bool
	sockets  map[string]bool // paths of unix sockets
	prefixes []netip.Prefix  // addresses are prefixes of full length
}

// NewAllowList reads the entries of target.allow: host names, compared without
// regard to case and to a final dot, IP addresses, CIDR prefixes, and unix
// sockets as unix:/run/app.sock.
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
		name := canonicalHost(text)
		if name == "" || strings.ContainsAny(name, "/:@*[] \t\r\n") {
			return AllowList{}, fmt.Errorf("allow list: %q is no host name, IP address or CIDR prefix; write it "+
				"without scheme, port and wildcard", entry)
		}
		list.names[name] = true
	}
	return list, nil
}

// socketPrefix begins the entry of a unix socket: in so many words, since a
// socket of this machine is no host.
const socketPrefix = "unix:"

// socketEntry reads the path of an entry such as unix:/run/app.sock; false: the
// entry is of another kind.
func socketEntry(entry string) (socket string, ok bool, err error) {
	socket, ok = strings.CutPrefix(entry, socketPrefix)
	switch {
	case !ok:
		return "", false, nil
	case socket == "" || path.Clean(socket) == "/":
		return "", false, fmt.Errorf("%q names no socket; write its whole path: unix:/run/app.sock", entry)
	case !path.IsAbs(socket):
		return "", false, fmt.Errorf("%q does not name the socket by its whole path; write unix:/run/app.sock", entry)
	case strings.Contains(socket, "*"):
		return "", false, fmt.Errorf("%q has a *; write each socket by its whole path", entry)
	}
	return path.Clean(socket), true, nil
}

// Socket says whether a unix socket may be dialled, by its whole path.
func (l AllowList) Socket(name string) bool { return l.sockets[path.Clean(name)] }

// Host judges a host as it stands in a URL without its port: all that can be
// said before a name is resolved. A literal address may match an address or a
// prefix; a name matches only the same name.
func (l AllowList) Host(host string) bool {
	if addr, ok := literal(host); ok {
		return l.covers(addr)
	}
	return l.names[canonicalHost(host)]
}

// Addresses returns those addresses of an allowed name that may be dialled.
// A list that names any address or prefix holds for what names resolve to as
// well; a list of names alone trusts the resolver, but never to the address of a
// metadata service.
func (l AllowList) Addresses(addrs []netip.Addr) []netip.Addr {
	var kept []netip.Addr
	for _, addr := range addrs {
		if l.covers(addr) || len(l.prefixes) == 0 && !metadata(addr) {
			kept = append(kept, addr)
		}
	}
	return kept
}

// covers says whether an address or a prefix of the list holds an address. That
// of a metadata service is held by itself alone.
func (l AllowList) covers(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	for _, prefix := range l.prefixes {
		if prefix.Contains(addr) && (prefix.IsSingleIP() || !metadata(addr)) {
			return true
		}
	}
	return false
}

// literal reads an IP address, an IPv6 one with or without brackets.
func literal(host string) (netip.Addr, bool) {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	addr, err := netip.ParseAddr(host)
	return addr.Unmap().WithZone(""), err == nil
}

// plainPrefix writes a prefix of mapped IPv4 addresses as one of IPv4.
func plainPrefix(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// canonicalHost is a host name as names are compared.
func canonicalHost(name string) string {
	return strings.TrimSuffix(strings.ToLower(name), ".")
}
