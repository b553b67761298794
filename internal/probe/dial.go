package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
)

// dial opens a connection to what the allow list has, and to nothing else.
func (w *World) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	if network == "unix" {
		if !w.Allow.Socket(address) {
			return nil, fmt.Errorf("socket %s is not on the allow list; add unix:%s under target.allow",
				address, address)
		}
		return d.DialContext(ctx, network, address)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if !w.Allow.Host(host) {
		return nil, fmt.Errorf("host %q is not on the allow list; add it under target.allow", host)
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("host %q does not resolve", host)
	}
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	if _, literal := netip.ParseAddr(host); literal != nil {
		if kept := w.Allow.Addresses(addrs); len(kept) > 0 {
			addrs = kept
		} else {
			return nil, fmt.Errorf("host %q resolves to %s, which is not on the allow list; add that address or its "+
				"network under target.allow", host, addrs[0])
		}
	}
	var conn net.Conn
	for _, addr := range addrs {
		if conn, err = d.DialContext(ctx, "tcp", net.JoinHostPort(addr.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}
