package client

import (
	"context"
	"crypto/tls"
	"slices"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// pools are the connections that the sessions of a client share, a limited number of them to each origin.
type pools struct {
	most    int
	tickets tls.ClientSessionCache // of all sessions, since any of them may use what another one dialled

	mu       sync.Mutex
	sessions int // that may hold connections
	by       map[origin]*pool
}

func newPools(most int) *pools {
	return &pools{most: most, tickets: tls.NewLRUClientSessionCache(keptConns), by: map[origin]*pool{}}
}

// pool is that of one origin. The lock of pools guards it.
type pool struct {
	open    int     // connections that are idle or in use, dialling included
	idle    []*conn // the one used last at the end
	waiting []chan *conn
}

// take returns an idle connection, the one used last, or nil and the right to make one. Who has to wait for it gets it
// in turn; a fault is the end of ctx, or of the exchange.
func (p *pools) take(ctx context.Context, o *origin, within limit) (*conn, fault) {
	p.mu.Lock()
	of := p.by[*o]
	if of == nil {
		of = new(pool)
		p.by[*o] = of
	}
	if last := len(of.idle) - 1; last >= 0 {
		c := of.idle[last]
		of.idle[last] = nil
		of.idle = of.idle[:last]
		p.mu.Unlock()
		return c, fault{}
	}
	if of.open < p.most {
		of.open++
		p.mu.Unlock()
		return nil, fault{}
	}
	turn := make(chan *conn, 1)
	of.waiting = append(of.waiting, turn)
	p.mu.Unlock()

	late := time.NewTimer(time.Until(within.at))
	defer late.Stop()
	f := fault{kind: metric.Timeout, detail: "no connection of the pool was free within " + within.was.String()}
	select {
	case c := <-turn:
		return c, fault{}
	case <-ctx.Done():
		f.detail = Stopped
	case <-late.C:
	}
	p.mu.Lock()
	at := slices.Index(of.waiting, turn)
	if at >= 0 {
		of.waiting = slices.Delete(of.waiting, at, at+1)
	}
	p.mu.Unlock()
	if at < 0 { // its turn came at the same time
		p.give(o, <-turn)
	}
	return nil, f
}

// give returns what take gave: a connection that may carry another request, or nil where there is none any more.
func (p *pools) give(o *origin, c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := p.by[*o]
	switch {
	case len(of.waiting) > 0:
		of.waiting[0] <- c // there is room
		of.waiting = slices.Delete(of.waiting, 0, 1)
	case c != nil && p.sessions > 0:
		of.idle = append(of.idle, c)
	default:
		of.open--
		if c != nil {
			c.drop()
		}
	}
}

// join counts a session that may hold connections, until leave.
func (p *pools) join() {
	p.mu.Lock()
	p.sessions++
	p.mu.Unlock()
}

// leave closes the idle connections with the last session.
func (p *pools) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sessions--; p.sessions > 0 {
		return
	}
	for _, of := range p.by {
		for _, c := range of.idle {
			c.drop()
		}
		of.open -= len(of.idle)
		of.idle = nil
	}
}
