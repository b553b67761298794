//go:build linux && !386 && !s390x

package socket

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// Conn is a TCP or unix connection that waits in the runtime's poller as any other
// does, but makes its calls without telling the scheduler that they may block:
// the descriptor is non-blocking, so they never do. Telling costs more than the
// call (it wakes the runtime's monitor, which then naps 20 to 40 µs at a time),
// and most of all where the generator is idle between two requests.
//
// Deadlines and Close are those of the embedded connection. One goroutine may
// read while another writes, no more.
type Conn struct {
	net.Conn
	raw     syscall.RawConn
	in, out half
	asked   *Asked // nil between two calls of Ask
	silent  bool   // what Look saw

	// Made once: a closure for each call would be garbage for each request.
	onRead, onWrite, onLook, onAsk func(fd uintptr) bool
}

// half is one direction's call under way.
type half struct {
	p     []byte // still to fill or to send
	n     int
	errno syscall.Errno
}

// New makes a Conn of a connection that is open.
func New(c Raw) *Conn {
	s := &Conn{Conn: c}
	// A connection that is open has a raw face; one that is not fails at its
	// first use either way.
	s.raw, _ = c.SyscallConn()
	s.onRead, s.onWrite, s.onLook, s.onAsk = s.readNow, s.writeNow, s.lookNow, s.askNow
	return s
}

// Read reads what has come, or waits for it.
func (s *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	s.in = half{p: p}
	err := s.raw.Read(s.onRead)
	n, errno := s.in.n, s.in.errno
	s.in = half{}
	return n, s.readError(n, errno, err)
}

func (s *Conn) readNow(fd uintptr) bool {
	s.in.n, s.in.errno = receive(fd, s.in.p)
	return s.in.errno != syscall.EAGAIN
}

// Write sends all of p.
func (s *Conn) Write(p []byte) (int, error) {
	s.out = half{p: p}
	err := s.raw.Write(s.onWrite)
	n, errno := s.out.n, s.out.errno
	s.out = half{}
	return n, s.opError("write", "sendto", errno, err)
}

func (s *Conn) writeNow(fd uintptr) bool {
	for len(s.out.p) > 0 {
		n, errno := transmit(fd, s.out.p)
		if errno != 0 {
			s.out.errno = errno
			return errno != syscall.EAGAIN
		}
		s.out.n, s.out.p = s.out.n+n, s.out.p[n:]
	}
	s.out.errno = 0
	return true
}

// Look reports whether an idle connection is still fit for a request. It looks
// at what the kernel holds without taking it: the end of the stream, an error,
// or bytes that nobody asked for (a 408, a TLS alert) all mean that the server
// is done with the connection. Silence means that it was alive a moment ago.
// The read deadline must not have passed.
func (s *Conn) Look() bool {
	s.silent = false
	return s.raw.Read(s.onLook) == nil && s.silent
}

func (s *Conn) lookNow(fd uintptr) bool {
	s.silent = peek(fd) == syscall.EAGAIN
	return true // never wait
}

// Ask is an exchange up to the first bytes of its answer in one stay in the
// poller. An idle connection is looked at first.
//
// It need not try to read right after it has sent: silence was seen after the
// poller was reset, so whatever comes later wakes it.
func (s *Conn) Ask(a *Asked, out, in []byte) {
	s.in, s.out, s.asked = half{p: in}, half{p: out}, a
	err := s.raw.Read(s.onAsk)
	a.Sent, a.N = s.out.n, s.in.n
	a.WriteErr = s.opError("write", "sendto", s.out.errno, nil)
	if err != nil || a.Reading {
		a.Err = s.readError(a.N, s.in.errno, err)
	}
	s.in, s.out, s.asked = half{}, half{}, nil
}

func (s *Conn) askNow(fd uintptr) bool {
	if a := s.asked; !a.Reading {
		silent := peek(fd) == syscall.EAGAIN
		a.Fit = silent || !a.Idle
		if !a.Fit {
			return true
		}
		n, errno := transmit(fd, s.out.p)
		a.Written = time.Now()
		if errno != 0 && errno != syscall.EAGAIN {
			s.out.errno = errno
			return true
		}
		if s.out.n = max(n, 0); s.out.n < len(s.out.p) {
			return true // the rest must wait for the other direction
		}
		a.Reading = true
		if silent {
			return false
		}
	}
	return s.readNow(fd)
}

// readError is the error of a read as package net has it.
func (s *Conn) readError(n int, errno syscall.Errno, err error) error {
	if err == nil && errno == 0 && n == 0 {
		return io.EOF
	}
	return s.opError("read", "recvfrom", errno, err)
}

// opError is the error of a call as package net has it: err is the poller's (a
// deadline, a close), errno the kernel's.
func (s *Conn) opError(op, call string, errno syscall.Errno, err error) error {
	if err != nil {
		if of, ok := err.(*net.OpError); ok {
			of.Op = op // the poller calls it raw-read
		}
		return err
	}
	if errno == 0 {
		return nil
	}
	return &net.OpError{Op: op, Net: s.LocalAddr().Network(), Source: s.LocalAddr(),
		Addr: s.RemoteAddr(), Err: os.NewSyscallError(call, errno)}
}
