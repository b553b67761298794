package history

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Store is a folder of runs. Several processes may use it at the same time, on a
// shared file system too: a run is written to a temporary file, linked to a name that no
// other writer has, and never changed. A temporary file that a crash leaves is not a run. Safe for concurrent use.
type Store struct{ folder string }

// Open returns the store in a folder, which the first Put makes if it is not there.
func Open(folder string) *Store { return &Store{folder} }

// The names of files: a run, a mark, and what is not finished.
const (
	runSuffix  = ".run.json.gz"
	markSuffix = ".mark.json"
	leftover   = ".tmp-"
	// leftoverAge is how old an unfinished file is that no writer will finish.
	leftoverAge = time.Hour
)

// NotFoundError is the error for a run that is not in the store.
type NotFoundError struct {
	ID     string
	Folder string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no run %q in %s; loadgate history list shows those that there are", e.ID, e.Folder)
}

// Check makes the folder, and returns an error if it is not writable. Callers that will
// keep a run ask before the run.
func (s *Store) Check() error {
	f, err := s.begin()
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// find completes a shortened ID.
func (s *Store) find(id string) (string, error) {
	names, err := s.names()
	if err != nil {
		return "", err
	}
	var found []string
	for _, name := range names {
		whole, ok := strings.CutSuffix(name, runSuffix)
		switch {
		case !ok:
		case whole == id:
			return whole, nil
		case id == "last":
			found = []string{whole} // names are in order, and begin with the time
		case id != "" && strings.HasPrefix(whole, id):
			found = append(found, whole)
		}
	}
	switch len(found) {
	case 0:
		return "", &NotFoundError{id, s.folder}
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%d runs in %s begin with %q; write more of it", len(found), s.folder, id)
}

// names lists the files of the folder in the order of their names, symbolic links included, and pipes and
// such with the name of a run or a mark: reading one says what it is.
func (s *Store) names() ([]string, error) {
	entries, err := os.ReadDir(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read history %s: %w", s.folder, withoutPath(err))
	}
	var names []string
	for _, e := range entries {
		named := strings.HasSuffix(e.Name(), runSuffix) || strings.HasSuffix(e.Name(), markSuffix)
		if named && !e.IsDir() || e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0 {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (s *Store) path(name string) string { return filepath.Join(s.folder, name) }

// create writes a temporary file, syncs it to disk, and links it to its name,
// which must be free.
func (s *Store) create(name string, text []byte) (err error) {
	f, err := s.begin()
	if err != nil {
		return err
	}
	defer func() {
		// What cannot be taken away is a leftover, and the run is kept all the same.
		_ = os.Remove(f.Name())
	}()
	for _, step := range []func() error{
		func() error { _, err := f.Write(text); return err }, func() error { return f.Chmod(0o644) }, f.Sync,
	} {
		if err := step(); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := place(f.Name(), s.path(name)); err != nil {
		return err
	}
	return s.sync()
}

// begin makes a file that is not finished, and the folder.
func (s *Store) begin() (*os.File, error) {
	if err := os.MkdirAll(s.folder, 0o755); err != nil {
		return nil, err
	}
	return os.CreateTemp(s.folder, leftover+"*")
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

// sync makes the folder's names durable.
func (s *Store) sync() error {
	d, err := os.Open(s.folder)
	if err != nil {
		return err
	}
	// Some file systems have nothing to do for it and say so with an error.
	_ = d.Sync()
	return d.Close()
}

func randomDigits() string {
	var b [3]byte
	// Read never returns an error (crypto/rand, since Go 1.24).
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
