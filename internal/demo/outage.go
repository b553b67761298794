package demo

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// outage is a stretch in which the service does not exist: whoever connects is
// reset. Its address stays bound, for nobody else shall take it meanwhile. It is
// safe for concurrent use.
type outage struct {
	clock *clock
	span  Span

	mu   sync.Mutex
	open map[net.Conn]struct{}
}

func (o *outage) now() bool { return o.clock.within(o.span) }

// track keeps in mind which connections are open.
func (o *outage) track(conn net.Conn, state http.ConnState) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch state {
	case http.StateNew:
		if o.open == nil {
			o.open = map[net.Conn]struct{}{}
		}
		o.open[conn] = struct{}{}
	case http.StateClosed, http.StateHijacked:
		delete(o.open, conn)
	}
}

// strike waits for the outage and resets the connections that are open then. It
// returns early when ctx ends.
func (o *outage) strike(ctx context.Context) {
	select {
	case <-o.clock.begun:
	case <-ctx.Done():
		return
	}
	if sleepUntil(ctx, o.clock.start.Add(o.span.From)) != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for conn := range o.open {
		reset(conn)
	}
}

// outageListener resets who connects in an outage.
type outageListener struct {
	net.Listener
	outage *outage
}

func (l outageListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil || !l.outage.now() {
			return conn, err
		}
		reset(conn)
	}
}

// reset closes a connection as the kernel does for a process that is killed.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // else it would be closed in good order
	}
	_ = conn.Close() // that it was closed already is as well
}
