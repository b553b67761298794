package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/loadgate/loadgate/internal/cli/failure"
)

// CheckFolder makes a folder and finds out before a run whether files can be written into it.
func CheckFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return failure.CouldNotRun(fmt.Errorf("write into the folder %s: %w", folder, failure.WithoutPath(err)))
	}
	probe, err := os.CreateTemp(folder, ".loadgate-*")
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("write into the folder %s: %w", folder, failure.WithoutPath(err)))
	}
	return failure.CouldNotRun(errors.Join(probe.Close(), os.Remove(probe.Name())))
}

// RemoveOld removes the files of an earlier run or comparison. A missing file is not an error, and
// neither is one whose folder is a file.
func RemoveOld(of string, files []string) error {
	for _, name := range files {
		if IsDevice(name) {
			continue
		}
		err := os.Remove(RealPath(name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return failure.CouldNotRun(fmt.Errorf("clear the last %s: %s: %w", of, name, failure.WithoutPath(err)))
		}
	}
	return nil
}
