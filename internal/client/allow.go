package client

import (
	"fmt"
	"net/netip"
)

// HostError says that a host must not be dialled. Nothing was sent to it. The
// Detail of such an exchange says so: it is of kind DNS when a name resolved to no
// allowed address, of kind Redirect when a redirect led there.
type HostError struct {
	Host    string // as written, without the port; "" for a socket
	Address string // what it resolved to, when only the address is not allowed; else ""
	Socket  string // path of a unix socket; else ""
	Proxy   string // host and port of a proxy, when the host is its; else ""
}

// Error names the host and the remedy.
func (e *HostError) Error() string {
	switch {
	case e.Proxy != "":
		return fmt.Sprintf("proxy %s is not on the allow list; add it under target.allow, or take the target out "+
			"with NO_PROXY", e.Proxy)
	case e.Socket != "":
		return fmt.Sprintf("socket %s is not on the allow list; add unix:%s under target.allow", e.Socket, e.Socket)
	case e.Address != "":
		return fmt.Sprintf("host %q resolves to %s, which is not on the allow list; add that address or its network "+
			"under target.allow", e.Host, e.Address)
	}
	return fmt.Sprintf("host %q is not on the allow list; add it under target.allow", e.Host)
}

// check judges an origin as written, before anything is resolved.
func (c *Client) check(o *origin) error {
	switch {
	case o.socket != "" && !c.allow.Socket(o.socket):
		return &HostError{Socket: o.socket}
	case o.socket == "" && !c.allow.Host(o.host):
		return &HostError{Host: o.host}
	}
	return nil
}

// filter returns the addresses of an allowed name that may be dialled. When
// there are none the error names the first that may not.
func (c *Client) filter(host string, addrs []netip.Addr) ([]netip.Addr, error) {
	kept := c.allow.Addresses(addrs)
	if len(kept) == 0 {
		return nil, &HostError{Host: host, Address: addrs[0].String()}
	}
	return kept, nil
}
