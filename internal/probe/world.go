package probe

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"sync"

	"github.com/loadgate/loadgate/internal/target"
)

// World is how probes reach what they read. Those that read the same place share
// what it answers, and their connections: ten gauges of one page ask for it once.
// Its fields are not changed once a probe is open.
type World struct {
	// Fetch asks a path of the target, or a whole URL, that is on the allow list.
	Fetch func(ctx context.Context, url string) (Answer, error)
	// Reach says, without asking, why a path or URL cannot be asked with Fetch; nil: that is not known before.
	Reach func(url string) error
	// Allow says which hosts may be dialled.
	Allow target.AllowList
	// Getenv reads the environment, of which commands see a part; nil: nothing is set.
	Getenv func(name string) (value string, set bool)
	// Port is that of the target on this machine; 0: it is elsewhere.
	Port int
	// Root is the machine's, where control groups are looked for; nil: that of this
	// one.
	Root fs.FS

	mu        sync.Mutex
	pages     map[string]*page
	databases map[string]*database
	servers   map[string]*redisServer
}

// shared returns what a map has of a key, made where it has none.
func shared[T any](w *World, of *map[string]*T, key string, make func() (*T, error)) (*T, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if found := (*of)[key]; found != nil {
		return found, nil
	}
	made, err := make()
	if err != nil {
		return nil, err
	}
	if *of == nil {
		*of = map[string]*T{}
	}
	(*of)[key] = made
	return made, nil
}

// reach says why a path of the target, or a whole URL, cannot be asked; nothing is asked yet.
func (w *World) reach(url string) error {
	if w.Reach == nil {
		return nil
	}
	return w.Reach(url)
}

// allowed says why a place may not be dialled, by the name that is written: what that resolves to shows later.
func (w *World) allowed(network, address string) error {
	if network == "unix" {
		if !w.Allow.Socket(address) {
			return fmt.Errorf("socket %s is not on the allow list; add unix:%s under target.allow", address, address)
		}
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err == nil && !w.Allow.Host(host) {
		err = fmt.Errorf("host %q is not on the allow list; add it under target.allow", host)
	}
	return err
}

// dial opens a connection to what the allow list has, and to nothing else.
func (w *World) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if err := w.allowed(network, address); err != nil {
		return nil, err
	}
	var d net.Dialer
	if network == "unix" {
		return d.DialContext(ctx, network, address)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
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
