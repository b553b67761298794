//go:build !linux || 386 || s390x

package socket

import "net"

// Conn is the system's TCP or unix connection as package net has it.
type Conn struct {
	net.Conn
	looker *looker
}

// New makes a Conn of a connection that is open.
func New(c Raw) *Conn { return &Conn{Conn: c, looker: newLooker(c)} }

// Look reports whether an idle connection is still fit for a request.
func (s *Conn) Look() bool { return s.looker.look() }

// Ask does nothing but look: sending and reading are for the caller to do.
func (s *Conn) Ask(a *Asked, _, _ []byte) { a.Fit = !a.Idle || s.Look() }
