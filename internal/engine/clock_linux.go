//go:build linux && (amd64 || arm64)

package engine

import (
	"syscall"
	"time"
	"unsafe"
)

// booted is a reading to fall back on where the kernel has no clock to ask.
var booted = time.Now()

// Clock is the time since some moment. It never goes back, and goes on while the
// machine sleeps where the system has such a clock. Safe for concurrent use.
func Clock() time.Duration {
	const boottime = 7 // CLOCK_BOOTTIME: the monotonic clock, and the time asleep
	var at syscall.Timespec
	_, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, boottime, uintptr(unsafe.Pointer(&at)), 0)
	if errno != 0 {
		return time.Since(booted)
	}
	return time.Duration(at.Nano())
}
