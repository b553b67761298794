//go:build linux && !386 && !s390x

package socket

import (
	"syscall"
	"unsafe"
)

// peek is 0 when a byte or the end of the stream is there to be read, EAGAIN
// when nothing is.
func peek(fd uintptr) syscall.Errno {
	var b [1]byte
	for {
		_, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(&b)), 1,
			syscall.MSG_PEEK|syscall.MSG_DONTWAIT, 0, 0)
		if errno != syscall.EINTR {
			return errno
		}
	}
}
