//go:build unix && (!linux || 386 || s390x)

package socket

import "syscall"

// looker says whether an idle connection is still fit for a request. It looks
// at what the kernel holds without taking it: the end of the stream, an error,
// or bytes that nobody asked for (a 408, a TLS alert) all mean that the server
// is done with the connection. Silence means that it was alive a moment ago.
type looker struct {
	raw   syscall.RawConn
	peek  func(fd uintptr) bool
	alive bool
	byte  [1]byte
}

func newLooker(sc syscall.Conn) *looker {
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	l := &looker{raw: raw}
	l.peek = func(fd uintptr) bool {
		for {
			_, _, err := syscall.Recvfrom(int(fd), l.byte[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
			if err == syscall.EINTR {
				continue
			}
			l.alive = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK
			return true // never wait
		}
	}
	return l
}

// look reports whether the connection is fit. The read deadline must not have
// passed.
func (l *looker) look() bool {
	if l == nil {
		return true
	}
	l.alive = false
	return l.raw.Read(l.peek) == nil && l.alive
}
