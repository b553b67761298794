//go:build unix

package engine

import "syscall"

// descriptors is how many files this process may hold open; false when the
// system does not say. Go has raised the soft limit to the hard one already.
func descriptors() (limit uint64, ok bool) {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return 0, false
	}
	return uint64(r.Cur), true
}
