//go:build unix

package output

import (
	"errors"
	"os"
	"syscall"
)

// lockOpen takes the lock of an open file, or says that it is taken. A file
// system without locks lets everybody in.
func lockOpen(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return nil
}
