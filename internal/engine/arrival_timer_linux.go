//go:build linux && (amd64 || arm64)

package engine

import (
	"context"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// descriptorTimer is an ArrivalTimer by a timer descriptor, which wakes the runtime's
// poller to the microsecond; the runtime's own timers wake it to the
// millisecond. Its calls never block, so they bypass the scheduler.
type descriptorTimer struct {
	file  *os.File
	raw   syscall.RawConn
	taken func(fd uintptr) bool // made once: a closure a wait would be garbage
	count uint64                // what the kernel writes; not of use
	stop  func() bool           // of what wakes it when its context ends
}

// timerSpec is the kernel's struct itimerspec.
type timerSpec struct{ interval, value syscall.Timespec }

// NewArrivalTimer returns the most exact timer that this system has. It stops waiting
// when ctx ends.
func NewArrivalTimer(ctx context.Context) ArrivalTimer {
	const monotonic = 1 // CLOCK_MONOTONIC
	fd, _, errno := syscall.RawSyscall(syscall.SYS_TIMERFD_CREATE, monotonic, syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if errno != 0 {
		return newPlainTimer()
	}
	a := &descriptorTimer{file: os.NewFile(fd, "timer")}
	raw, err := a.file.SyscallConn()
	if err != nil {
		a.Close()
		return newPlainTimer()
	}
	a.raw = raw
	a.taken = func(fd uintptr) bool {
		_, _, errno := syscall.RawSyscall(syscall.SYS_READ, fd,
			uintptr(unsafe.Pointer(&a.count)), unsafe.Sizeof(a.count))
		return errno != syscall.EAGAIN
	}
	a.stop = context.AfterFunc(ctx, func() { _ = a.file.SetReadDeadline(time.Unix(1, 0)) })
	return a
}

func (a *descriptorTimer) Wait(ctx context.Context, t time.Time) bool {
	d := time.Until(t)
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err() == nil
	}
	spec := timerSpec{value: syscall.NsecToTimespec(int64(d))}
	failed := a.raw.Control(func(fd uintptr) {
		syscall.RawSyscall6(syscall.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0)
	})
	return failed == nil && a.raw.Read(a.taken) == nil && ctx.Err() == nil
}

func (a *descriptorTimer) Close() {
	if a.stop != nil {
		a.stop()
	}
	_ = a.file.Close() // a timer has nothing to lose
}
