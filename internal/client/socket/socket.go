// Package socket is a TCP or unix connection that sends a request and waits for its answer at the least cost that the
// system allows, and that can look whether the other side has closed it. It knows bytes and deadlines, and no HTTP.
package socket

import (
	"net"
	"syscall"
	"time"
)

// Raw is what a Conn is made of: *net.TCPConn or *net.UnixConn.
type Raw interface {
	net.Conn
	syscall.Conn
}

// Asked is a request under way and its outcome. The zero value is ready.
type Asked struct {
	Idle     bool      // look before sending
	Fit      bool      // it looked well, or needed no look; else nothing was sent
	Reading  bool      // all was sent in the first go
	Sent     int       // bytes
	Written  time.Time // when the last byte was sent
	N        int       // bytes of the answer
	WriteErr error
	Err      error // of reading; nil when N > 0
}
