// Package folder keeps the files of a history in a folder. It knows nothing of what is in them.
package folder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/history/shelf"
	"github.com/loadgate/loadgate/internal/regular"
)

// Folder is the folder's path. Several processes may use it at the same time, on a
// shared file system too: a file is written under a temporary name, linked to a name that no
// other writer has, and never changed. A temporary file that a crash leaves is ignored.
type Folder string

const (
	leftover = ".tmp-"
	// leftoverAge is how old an unfinished file is that no writer will finish.
	leftoverAge = time.Hour
)

// Place is the path.
func (f Folder) Place() string { return string(f) }

// Path is the path of a file.
func (f Folder) Path(name string) string { return filepath.Join(string(f), name) }

// Begin has nothing to do.
func (f Folder) Begin() (shelf.Files, error) { return f, nil }

// Close has nothing to do.
func (f Folder) Close() {}

// Names lists the files of the folder, symbolic links included, and pipes and such with the name of
// a run or a mark: reading one says what it is.
func (f Folder) Names(prefix string) ([]string, error) {
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		named := strings.HasSuffix(e.Name(), shelf.RunSuffix) || strings.HasSuffix(e.Name(), shelf.MarkSuffix)
		if strings.HasPrefix(e.Name(), prefix) && named && !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Fronts reads the beginning of each file.
func (f Folder) Fronts(names []string) ([]shelf.Front, error) {
	var all []shelf.Front
	for _, name := range names {
		if front := f.front(name); !errors.Is(front.Err, fs.ErrNotExist) {
			all = append(all, front)
		}
	}
	return all, nil
}

func (f Folder) front(name string) shelf.Front {
	file, size, err := f.Open(name)
	if err != nil {
		return shelf.Front{Name: name, Err: err}
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, shelf.Enough))
	return shelf.Front{Name: name, Content: content, Size: size, Err: err}
}

// Open opens a file, which never waits for the other side of a pipe.
func (f Folder) Open(name string) (io.ReadCloser, int64, error) {
	file, err := regular.Open(f.Path(name))
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// Create writes a temporary file, syncs it to disk, and links it to its name, which must be free.
func (f Folder) Create(made shelf.File) error {
	if !filepath.IsLocal(made.Name) || filepath.Base(made.Name) != made.Name {
		return &fs.PathError{Op: "create", Path: f.Path(made.Name), Err: fs.ErrInvalid}
	}
	file, err := f.unfinished()
	if err != nil {
		return err
	}
	defer func() {
		// What cannot be taken away is a leftover, and the file is kept all the same.
		_ = os.Remove(file.Name())
	}()
	for _, step := range []func() error{
		func() error { _, err := file.Write(made.Content); return err },
		func() error { return file.Chmod(0o644) }, file.Sync,
	} {
		if err := step(); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := place(file.Name(), f.Path(made.Name)); err != nil {
		return err
	}
	return f.sync()
}

// unfinished makes a temporary file, and the folder.
func (f Folder) unfinished() (*os.File, error) {
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return nil, err
	}
	return os.CreateTemp(string(f), leftover+"*")
}

// place gives a finished file its name. A link never takes the place of another
// file, as a rename would; some file systems have none, and there the name is
// looked for first: no other writer draws the same.
func place(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	return os.Rename(from, to)
}

// Remove removes a file.
func (f Folder) Remove(name string) error { return os.Remove(f.Path(name)) }

// Check makes the folder and a file in it, and removes the file.
func (f Folder) Check() error {
	file, err := f.unfinished()
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// Tidy removes old temporary files.
func (f Folder) Tidy(now time.Time) error {
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasPrefix(e.Name(), leftover) ||
			now.Sub(info.ModTime()) <= leftoverAge {
			continue
		}
		if err := os.Remove(f.Path(e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return f.sync()
}

// sync makes the folder's names durable.
func (f Folder) sync() error {
	d, err := os.Open(string(f))
	if err != nil {
		return err
	}
	// Some file systems have nothing to do for it and say so with an error.
	_ = d.Sync()
	return d.Close()
}
