package client

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// origin is where a request goes: scheme, host and port. Comparable.
type origin struct {
	secure bool
	host   string // lower case, an IPv6 address without brackets
	port   string
	name   string // the value of the Host header: the port only if it is not the scheme's own
}

// originOf reads the origin of an absolute http or https URL.
func originOf(u *url.URL) origin {
	o := origin{secure: u.Scheme == "https", host: strings.ToLower(u.Hostname()), port: u.Port()}
	usual := "80"
	if o.secure {
		usual = "443"
	}
	if o.port == "" {
		o.port = usual
	}
	o.name = o.host
	if o.port != usual {
		o.name = net.JoinHostPort(o.host, o.port)
	} else if strings.Contains(o.host, ":") {
		o.name = "[" + o.host + "]"
	}
	// A zone says which of this machine's interfaces to use; the server has
	// no business with it.
	if zone, end := strings.IndexByte(o.name, '%'), strings.IndexByte(o.name, ']'); 0 < zone && zone < end {
		o.name = o.name[:zone] + o.name[end:]
	}
	return o
}

// at is the URL of a path below the origin, for cookies and relative
// redirects.
func (o origin) at(path string) string {
	if o.secure {
		return "https://" + o.name + path
	}
	return "http://" + o.name + path
}

func portOK(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}
