package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/loadgate/loadgate/internal/cli/failure"
)

// CheckFolder finds out before a run whether its folder takes files.
func CheckFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return failure.CouldNotRun(fmt.Errorf("write into the folder %s: %w", folder, failure.WithoutPath(err)))
	}
	probe, err := os.CreateTemp(folder, ".loadgate-*")
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("write into the folder %s: %w", folder, failure.WithoutPath(err)))
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// RemoveOld takes away what an earlier run, or comparison, left. What is not
// there need not be taken; nor what cannot be there, since its folder is a file.
func RemoveOld(of string, files []string) error {
	for _, name := range files {
		if IsDevice(name) {
			continue
		}
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return failure.CouldNotRun(fmt.Errorf("clear the last %s: %s: %w", of, name, failure.WithoutPath(err)))
		}
	}
	return nil
}
