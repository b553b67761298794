// Package regular opens regular files for reading, and nothing that could
// make the reader wait: a named pipe without a writer, a device, a socket. It
// knows nothing of what the files hold.
package regular

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Error says that a path names something other than a regular file.
type Error struct{ Mode fs.FileMode }

func (e *Error) Error() string {
	kind := "is not a regular file"
	switch {
	case e.Mode.IsDir():
		kind = "is a folder"
	case e.Mode&fs.ModeNamedPipe != 0:
		kind = "is a pipe"
	case e.Mode&fs.ModeSocket != 0:
		kind = "is a socket"
	case e.Mode&fs.ModeDevice != 0:
		kind = "is a device"
	}
	return fmt.Sprintf("it %s; only regular files are read", kind)
}

// Open opens a regular file for reading. The error is an *fs.PathError, whose
// cause is an *Error where the path names something else. It never waits for
// the other side of a pipe.
func Open(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	return checked(f, path, err, os.Stat)
}

// Read reads a whole regular file of at most so many bytes; a larger one is an
// error.
func Read(path string, most int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it is larger than %s", size(most))}
	}
	return text, err
}

// size is a number of bytes in the largest unit of which it is a whole number.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<20 && bytes%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes >= 1<<10 && bytes%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// Under is the regular files below a folder, as a file system. Closing the
// root ends it.
func Under(root *os.Root) fs.FS { return under{root} }

type under struct{ root *os.Root }

func (u under) Open(name string) (fs.File, error) {
	f, err := u.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	return checked(f, name, err, u.root.Stat)
}

// checked closes a file that is not regular. The kind is asked of the open file,
// so that nobody can change it in between; stat is asked only where the file cannot
// be opened.
func checked(f *os.File, path string, err error, stat func(path string) (fs.FileInfo, error)) (*os.File, error) {
	if err != nil {
		// A socket cannot be opened at all, and the error does not say why.
		if info, _ := stat(path); info != nil && info.Mode()&fs.ModeSocket != 0 {
			err = &fs.PathError{Op: "open", Path: path, Err: &Error{info.Mode()}}
		}
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: &Error{info.Mode()}}
	}
	if err != nil {
		_ = f.Close() // nothing was read or written
		return nil, err
	}
	return f, nil
}
