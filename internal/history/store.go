package history

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Store is where runs are kept. Several processes may use it at the same time: a file gets a
// name that no other writer has, and is never changed. Safe for concurrent use.
type Store struct{ shelf shelf.Shelf }

// Place is the location as it may be shown.
func (s *Store) Place() string { return s.shelf.Place() }

const (
	runSuffix  = shelf.RunSuffix
	markSuffix = shelf.MarkSuffix
)

// NotFoundError is the error for a run that is not in the store.
type NotFoundError struct {
	ID     string
	Folder string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no run %q in %s; loadgate history list shows those that there are", e.ID, e.Folder)
}

// Check makes the place of the store, and returns an error if it is not writable. Callers that
// will keep a run ask before the run.
func (s *Store) Check() error {
	return s.use(func(files shelf.Files) error { return files.Check() })
}

// use opens the place, and closes it when f is done. An error of a server gets the name of the place.
func (s *Store) use(f func(shelf.Files) error) error {
	files, err := s.shelf.Begin()
	if err != nil {
		return s.placed(err)
	}
	defer files.Close()
	return s.placed(f(files))
}

// find completes a shortened ID.
func (s *Store) find(files shelf.Files, id string) (string, error) {
	prefix := id
	if id == "last" {
		prefix = ""
	}
	names, err := s.names(files, prefix)
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
		return "", &NotFoundError{id, s.Place()}
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%d runs in %s begin with %q; write more of it", len(found), s.Place(), id)
}

// names lists the files that begin with prefix, in the order of their names. A server may name anything: what would
// lie elsewhere than in a folder to which it is copied is none of ours.
func (s *Store) names(files shelf.Files, prefix string) ([]string, error) {
	names, err := files.Names(prefix)
	if err != nil {
		return nil, fmt.Errorf("read history %s: %w", s.Place(), withoutPath(err))
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return strings.ContainsAny(name, "/\\:\x00")
	}), nil
}

func randomDigits() string {
	var b [3]byte
	// Read never returns an error (crypto/rand, since Go 1.24).
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
