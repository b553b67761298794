//go:build !linux || 386 || s390x

package client

import "net"

// socket is the system's TCP or unix connection as package net has it.
type socket struct {
	net.Conn
	looker *looker
}

func newSocket(c rawConn) *socket { return &socket{Conn: c, looker: newLooker(c)} }

// look reports whether an idle connection is still fit for a request.
func (s *socket) look() bool { return s.looker.look() }

// ask does nothing but look: sending and reading are for the caller to do.
func (s *socket) ask(a *asked, _, _ []byte) { a.fit = !a.idle || s.look() }
