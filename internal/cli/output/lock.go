package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/loadgate/loadgate/internal/cli/failure"
)

// lockFile is in a folder while a command writes into it.
const lockFile = ".loadgate-lock"

// FolderLock reserves a folder for one command. The system releases it when the process ends, in
// whichever way.
type FolderLock struct{ f *os.File }

// errLocked is a folder that another process holds.
var errLocked = errors.New("another loadgate is writing into it")

// Lock reserves a folder, and makes it if it is missing. Two runs in one folder would mix their files.
func Lock(folder string) (*FolderLock, error) {
	return lock(folder, "wait for it, or give this one a folder of its own with --out")
}

// lock is Lock with what to do where the folder is taken.
func lock(folder, remedy string) (*FolderLock, error) {
	if err := makeFolder(folder); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, lockFile)
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return nil, failure.CouldNotRun(fmt.Errorf("write into %s: %w", folder, failure.WithoutPath(err)))
		}
		err = lockOpen(f)
		if err != nil {
			_ = f.Close() // nothing was written
			if errors.Is(err, errLocked) {
				err = failure.WithHint(fmt.Errorf("%s is taken: %w", folder, err), remedy)
			}
			return nil, failure.CouldNotRun(err)
		}
		// The command before may have removed the file between the two calls.
		mine, err := f.Stat()
		if err != nil {
			return nil, failure.CouldNotRun(errors.Join(err, f.Close()))
		}
		if there, err := os.Stat(path); err == nil && os.SameFile(mine, there) {
			return &FolderLock{f}, nil
		}
		_ = f.Close() // it holds no lock
	}
}

// Unlock releases the folder. A nil lock holds none.
func (l *FolderLock) Unlock() {
	if l == nil {
		return
	}
	// The next run locks a file that stays as well.
	_ = os.Remove(l.f.Name())
	_ = l.f.Close()
}
