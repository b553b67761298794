package client

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// HostError says that a host must not be dialled. Nothing was sent to it. An
// exchange tells it as its Detail: of kind DNS when a name resolved to no
// allowed address, of kind Redirect when a redirect led there.
type HostError struct {
	Host    string // as written, without the port
	Address string // what it resolved to, when only the address is not allowed; else ""
}

// Error names the host and the remedy.
func (e *HostError) Error() string {
	if e.Address != "" {
		return fmt.Sprintf("host %q resolves to %s, which is not on the allow list; add that address or its network under target.allow", e.Host, e.Address)
	}
	return fmt.Sprintf("host %q is not on the allow list; add it under target.allow", e.Host)
}

// CheckHost says, without resolving anything, whether a host is on the list as
// it is written, with or without a port: a *HostError if it is not. The rules
// are those of Config.Allow; malformed entries match nothing.
func CheckHost(host string, allow []string) error {
	var list allowList
	for _, entry := range allow {
		_ = list.add(entry) // New reports malformed entries
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return list.checkHost(strings.Trim(host, "[]"))
}

// allowList is what may be dialled. The zero value allows nothing.
type allowList struct {
	names    map[string]bool
	prefixes []netip.Prefix // addresses are prefixes of full length
}

func parseAllow(entries []string) (allowList, error) {
	var list allowList
	for _, entry := range entries {
		if err := list.add(entry); err != nil {
			return allowList{}, err
		}
	}
	return list, nil
}

func (l *allowList) add(entry string) error {
	text := strings.TrimSpace(entry)
	if prefix, err := netip.ParsePrefix(text); err == nil {
		l.prefixes = append(l.prefixes, plainPrefix(prefix))
		return nil
	}
	if addr, ok := literal(text); ok {
		l.prefixes = append(l.prefixes, netip.PrefixFrom(addr, addr.BitLen()))
		return nil
	}
	name := canonical(text)
	if name == "" || strings.ContainsAny(name, "/:@*[] \t\r\n") {
		return fmt.Errorf("allow list: %q is no host name, IP address or CIDR prefix; write it without scheme, port and wildcard", entry)
	}
	if l.names == nil {
		l.names = make(map[string]bool)
	}
	l.names[name] = true
	return nil
}

// checkHost judges a host as written: all that can be said before the name is
// resolved.
func (l *allowList) checkHost(host string) error {
	if addr, ok := literal(host); ok {
		if l.covers(addr) {
			return nil
		}
	} else if l.names[canonical(host)] {
		return nil
	}
	return &HostError{Host: host}
}

// filter returns the addresses of an allowed name that may be dialled. When
// there are none the error names the first that may not.
func (l *allowList) filter(host string, addrs []netip.Addr) ([]netip.Addr, error) {
	if len(l.prefixes) == 0 || len(addrs) == 0 {
		return addrs, nil
	}
	var kept []netip.Addr
	for _, addr := range addrs {
		if l.covers(addr) {
			kept = append(kept, addr)
		}
	}
	if len(kept) == 0 {
		return nil, &HostError{Host: host, Address: addrs[0].String()}
	}
	return kept, nil
}

func (l *allowList) covers(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	for _, prefix := range l.prefixes {
		if prefix.Contains(addr) {
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

// canonical is a host name as names are compared: lower case, no final dot.
func canonical(name string) string {
	return strings.TrimSuffix(strings.ToLower(name), ".")
}
