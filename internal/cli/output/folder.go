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
	if err := makeFolder(folder); err != nil {
		return err
	}
	probe, err := os.CreateTemp(folder, ".loadgate-*")
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("write into the folder %s: %w", folder, failure.WithoutPath(err)))
	}
	return failure.CouldNotRun(errors.Join(probe.Close(), os.Remove(probe.Name())))
}

// makeFolder makes a folder with its parents, where it is missing.
func makeFolder(folder string) error {
	err := os.MkdirAll(folder, 0o755)
	if err == nil {
		return nil
	}
	err = failure.WithoutPath(err)
	if link, linkErr := os.Readlink(folder); linkErr == nil {
		err = fmt.Errorf("it is a symbolic link to %s, which is no folder", link)
	}
	return failure.CouldNotRun(fmt.Errorf("write into the folder %s: %w", folder, err))
}

// RemoveOld removes the files of an earlier run or comparison. A missing file is not an error, and
// neither is one whose folder is a file.
func RemoveOld(of string, files []string) error {
	for _, name := range files {
		if IsDevice(name) {
			continue
		}
		err := CheckLinks(name)
		if err == nil {
			err = os.Remove(RealPath(name))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return failure.CouldNotRun(fmt.Errorf("clear the last %s: %s: %w", of, name, failure.WithoutPath(err)))
		}
	}
	return nil
}
