// Package addresses orders the addresses of one host and finds the first of them that accepts a connection, RFC 8305.
// It resolves no names and sends nothing.
package addresses

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/loadgate/loadgate/internal/client/socket"
)

// headStart is how long an address is tried alone before the next is tried in
// parallel: the recommendation of RFC 8305, section 5.
const headStart = 250 * time.Millisecond

// Dial connects to one address. It ends soon after its context does.
type Dial func(ctx context.Context, addr netip.Addr) (socket.Raw, error)

// First connects to the first address that accepts, RFC 8305. Each address
// is tried when the one before has failed or had its head start, the families
// by turns; the first connection wins and the others are given up. Nothing of
// it outlives the call. The error is that of the first address that this
// machine has a way to. There is at least one address.
//
// Note: package net races a host name so by itself, but not addresses that
// were resolved and compared with the allow list before.
func First(ctx context.Context, addrs []netip.Addr, dial Dial) (socket.Raw, error) {
	if len(addrs) == 1 {
		return dial(ctx, addrs[0])
	}
	r := race{entries: make(chan entry, len(addrs)), errs: make([]error, len(addrs))}
	if won := r.run(ctx, interleave(addrs), dial); won != nil {
		return won, nil
	}
	return nil, r.first()
}

// race is several addresses of one host, tried beside each other.
type race struct {
	entries chan entry // has room for all, so none waits to hand in its own
	errs    []error    // by address; nil: not tried, or still trying
}

// entry is what became of one address.
type entry struct {
	nth  int
	conn socket.Raw
	err  error
}

// run returns the first connection; nil if there is none.
func (r *race) run(ctx context.Context, addrs []netip.Addr, dial Dial) (won socket.Raw) {
	inRace, giveUp := context.WithCancel(ctx)
	var running sync.WaitGroup
	next := time.NewTimer(headStart)
	defer next.Stop()
	for started, failed := 0, 0; ; {
		// The first is always tried: its error says why there is no connection.
		if started < len(addrs) && (started == 0 || ctx.Err() == nil) {
			nth := started
			running.Go(func() {
				conn, err := dial(inRace, addrs[nth])
				r.entries <- entry{nth, conn, err}
			})
			started++
			next.Reset(headStart)
		}
		if failed == started {
			break
		}
		select {
		case <-next.C:
			continue
		case e := <-r.entries:
			won, r.errs[e.nth] = e.conn, e.err
		}
		if won != nil {
			break
		}
		failed++
	}
	giveUp()
	running.Wait()
	close(r.entries)
	for e := range r.entries {
		if e.conn != nil {
			_ = e.conn.Close() // it lost, and carried nothing
		}
	}
	return won
}

// first is the error to report.
func (r *race) first() (first error) {
	for _, err := range r.errs {
		if err != nil && (first == nil || NoWay(first)) {
			first = err
		}
	}
	return first
}

// interleave orders addresses by turns of IPv6 and IPv4, RFC 8305 section 4,
// beginning with the resolver's first and keeping its order within a family.
func interleave(addrs []netip.Addr) []netip.Addr {
	same, other := families(addrs)
	mixed := make([]netip.Addr, 0, len(addrs))
	for i := range max(len(same), len(other)) {
		if i < len(same) {
			mixed = append(mixed, same[i])
		}
		if i < len(other) {
			mixed = append(mixed, other[i])
		}
	}
	return mixed
}

// NoWay reports whether this machine cannot reach addresses of that kind at
// all: localhost is often ::1 too where there is no IPv6.
func NoWay(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.ENETUNREACH) ||
		errors.Is(err, syscall.EAFNOSUPPORT)
}
