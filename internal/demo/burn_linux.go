package demo

import (
	"runtime"
	"syscall"
	"time"
)

// spin computes until this thread has used so much processor time.
func spin(d time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration {
		const thread = 1 // RUSAGE_THREAD
		var r syscall.Rusage
		if syscall.Getrusage(thread, &r) != nil {
			return d // then it takes the time and computes nothing
		}
		return time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	for until := used() + d; used() < until; {
		compute()
	}
}
