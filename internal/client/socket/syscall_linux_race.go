//go:build linux && !386 && !s390x && race

package socket

import "syscall"

// The race detector learns from package syscall which bytes a call wrote, and
// that a server that answered did so after the request; from a raw call it learns
// nothing.

func receive(fd uintptr, p []byte) (int, syscall.Errno) { return again(syscall.Read, fd, p) }

func transmit(fd uintptr, p []byte) (int, syscall.Errno) { return again(syscall.Write, fd, p) }

func again(call func(int, []byte) (int, error), fd uintptr, p []byte) (int, syscall.Errno) {
	for {
		n, err := call(int(fd), p)
		errno, failed := err.(syscall.Errno)
		if !failed {
			return n, 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}
