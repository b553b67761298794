package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// writeFile writes a file beside its place and renames it into it: a reader
// never sees half a report, and a failed write leaves the one before. Missing
// folders are made.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return notRunError{fmt.Errorf("write %s: %w", path, err)}
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return notRunError{fmt.Errorf("write %s: %w", path, err)}
	}
	defer func() {
		if err != nil {
			err = notRunError{fmt.Errorf("write %s: %w", path, errors.Join(plain(err), os.Remove(f.Name())))}
		}
	}()
	if err := fill(f, write); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// fill writes and closes a file; the first error counts.
func fill(f *os.File, write func(io.Writer) error) error {
	out := bufio.NewWriter(f)
	for _, step := range []func() error{
		func() error { return write(out) }, out.Flush, func() error { return f.Chmod(0o644) },
	} {
		if err := step(); err != nil {
			return errors.Join(plain(err), f.Close())
		}
	}
	return f.Close()
}

// checkWritable finds out before a run whether its folder takes files.
func checkWritable(folder string) error {
	probe := filepath.Join(folder, ".writable")
	err := writeFile(probe, func(io.Writer) error { return nil })
	if err != nil {
		return err
	}
	return os.Remove(probe)
}

// removeOld takes away what an earlier run, or comparison, left. What is not
// there need not be taken; nor what cannot be there, since its folder is a file.
func removeOld(of string, files []string) error {
	for _, name := range files {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return notRunError{fmt.Errorf("clear the last %s: %w", of, err)}
		}
	}
	return nil
}
