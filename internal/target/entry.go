package target

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"unicode"
)

// Loopback is the allow list of a file that has none: this machine.
func Loopback() []string { return []string{"localhost", "127.0.0.0/8", "::1"} }

// CheckEntry says what is wrong with an entry of an allow list, nil for nothing.
func CheckEntry(text string) error {
	if _, ok, err := socketEntry(text); ok || err != nil {
		return err
	}
	if socket, _, ok := SocketURL(text); ok {
		return fmt.Errorf("%q is a URL; write the socket alone: unix:%s", text, socket)
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return checkPrefix(prefix)
	}
	if _, err := netip.ParseAddr(text); err == nil {
		return nil
	}
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return fmt.Errorf("%q is a URL; write the host alone: %s", text, u.Hostname())
	}
	if name, port, ok := strings.Cut(text, ":"); ok && strings.Trim(port, "0123456789") == "" {
		return fmt.Errorf("%q has a port; write the host alone: %s", text, name)
	}
	if _, ok, err := zoneOf(text); ok {
		return err
	}
	if strings.Trim(text, "-_.") == "" ||
		strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return fmt.Errorf("%q is not a host; write a host name, an address or a prefix such as 10.0.0.0/8", text)
	}
	return nil
}

// CheckHost is CheckEntry for what has to be one host, and no pattern of many.
func CheckHost(text string) error {
	if strings.Contains(text, "*") {
		return fmt.Errorf("%q has a *; write the name of one host", text)
	}
	return CheckEntry(text)
}

// CheckExpanded says what is wrong with an entry of which variables gave a part, as it was written and as it is
// now; nil for nothing. The value may name one host, and no more: who sets a variable for a build does not decide
// which hosts may be loaded. The *. of a pattern is the file's.
func CheckExpanded(written, entry string) error {
	const instead = "; set it to the name of one host, such as pr-7.preview.example.com"
	name := entry
	if strings.HasPrefix(written, star) {
		name = strings.TrimPrefix(entry, star)
	}
	switch {
	case name == "":
		return fmt.Errorf("the value is empty" + instead)
	case strings.Contains(name, "*"):
		return fmt.Errorf("%q has a *, which only the file may write"+instead, name)
	case strings.ContainsFunc(name, unicode.IsSpace):
		return fmt.Errorf("%q has white space"+instead, name)
	case strings.ContainsAny(name, `/\`):
		return fmt.Errorf("%q has a slash"+instead, name)
	case strings.Contains(name, ","):
		return fmt.Errorf("%q has a comma"+instead, name)
	case name == Commands:
		return fmt.Errorf("%q would allow commands, which only the file may do"+instead, name)
	}
	if _, err := netip.ParseAddr(name); err != nil && strings.Contains(name, ":") {
		return fmt.Errorf("%q has a port"+instead, name) // without the part before it, which no list of secrets knows
	}
	return CheckEntry(entry)
}

// Commands is the entry that lets the commands of a file run.
const Commands = "commands"

// IsLoopback says whether an entry allows nothing but loopback addresses of this machine.
func IsLoopback(entry string) bool {
	if prefix, err := netip.ParsePrefix(entry); err == nil {
		prefix = plainPrefix(prefix)
		return prefix.Addr().IsLoopback() && prefix.Bits() >= map[bool]int{true: 8, false: 128}[prefix.Addr().Is4()]
	}
	if addr, ok := literal(entry); ok {
		return addr.IsLoopback()
	}
	return canonicalHost(entry) == "localhost"
}

// SplitEntries splits lists of entries at commas and white space.
func SplitEntries(lists []string) []string {
	var entries []string
	for _, list := range lists {
		entries = append(entries,
			strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })...)
	}
	return entries
}

// socketPrefix begins the entry of a unix socket, to tell it from a host name.
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
