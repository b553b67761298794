package client

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
)

// origin is where a request goes: scheme, host and port, or the unix socket of
// a service on this machine. Comparable.
type origin struct {
	secure bool
	host   string // lower case, an IPv6 address without brackets
	port   uint16
	name   string // the value of the Host header: the port only if it is not the scheme's own
	socket string // path; "": TCP
}

// originOf reads the origin of a URL; false if it is not http or https or has
// no host or no valid port.
func originOf(u *url.URL) (origin, bool) {
	o := origin{secure: u.Scheme == "https", host: strings.ToLower(u.Hostname()), port: 80}
	if o.secure {
		o.port = 443
	}
	if u.Scheme != "http" && u.Scheme != "https" || o.host == "" {
		return origin{}, false
	}
	o.name = o.host
	if strings.Contains(o.host, ":") {
		// A zone says which of this machine's interfaces to use; the server has
		// no business with it.
		plain, _, _ := strings.Cut(o.host, "%")
		o.name = "[" + plain + "]"
	}
	if text := u.Port(); text != "" {
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil || port == 0 {
			return origin{}, false
		}
		if uint16(port) != o.port {
			o.name += ":" + strconv.FormatUint(port, 10)
		}
		o.port = uint16(port)
	}
	return o, true
}

// socketOrigin is a service on a unix socket. It has no name of its own, and
// servers want one.
func socketOrigin(path string) origin {
	return origin{host: "localhost", port: 80, name: "localhost", socket: path}
}

// at is the URL of a path below the origin, for cookies and relative
// redirects.
func (o origin) at(path string) string {
	if o.secure {
		return "https://" + o.name + path
	}
	return "http://" + o.name + path
}

// basic is the credentials of a URL as a header has them.
func basic(user *url.Userinfo) string {
	password, _ := user.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password))
}
