//go:build unix

package selfmon

import (
	"syscall"
	"time"
)

// descriptors is how many files this process may hold open; false when the
// system does not say. Go has raised the soft limit to the hard one already.
func descriptors() (limit uint64, ok bool) {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return 0, false
	}
	return uint64(r.Cur), true
}

// processTime is the processor time that this process has used, user and
// system.
func processTime() (time.Duration, bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
