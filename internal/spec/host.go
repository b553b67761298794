package spec

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// parseAllow checks one entry of an allow list.
func parseAllow(text string) (any, error) {
	if _, err := netip.ParsePrefix(text); err == nil {
		return text, nil
	}
	if _, err := netip.ParseAddr(text); err == nil {
		return text, nil
	}
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return nil, fmt.Errorf("%q is a URL; write the host alone: %s", text, u.Hostname())
	}
	if name, port, ok := strings.Cut(text, ":"); ok && strings.Trim(port, "0123456789") == "" {
		return nil, fmt.Errorf("%q has a port; write the host alone: %s", text, name)
	}
	if strings.Contains(text, "*") {
		return nil, fmt.Errorf("%q has a *; write each host name, address or CIDR prefix", text)
	}
	if text == "" || strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return nil, fmt.Errorf("%q is not a host; write a host name, an address or a prefix such as 10.0.0.0/8", text)
	}
	return text, nil
}

// parseTarget reads the URL of the service under load. It comes back without
// a trailing slash.
func parseTarget(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is not a URL; write one like http://localhost:8000", text)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q has no http:// or https://; write http://localhost:8000", text)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q has no host; write one like http://localhost:8000", text)
	case u.User != nil:
		return nil, fmt.Errorf("the URL holds a user name or password; write an Authorization header instead")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("%q has a query or fragment; write it in the steps", text)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}
