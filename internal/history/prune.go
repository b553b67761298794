package history

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
)

// Prune removes all but the newest runs of each kind (load, host and class of
// runner) and branch, with their marks, and old temporary files. The newest
// accepted run of each stays: the baseline begins with it. It returns the IDs
// of the removed runs, oldest first. Files that cannot be read stay: a newer
// loadgate may have written them.
func (s *Store) Prune(keep int, now time.Time) (removed []string, err error) {
	runs, _ := s.List()
	for _, r := range outdated(runs, keep) {
		// A run goes before its marks: without them a rejected one would count.
		switch err := os.Remove(s.path(r.ID + runSuffix)); {
		case errors.Is(err, fs.ErrNotExist): // another process was faster
		case err != nil:
			return removed, err
		default:
			removed = append(removed, r.ID)
		}
	}
	names, err := s.names()
	if err != nil || names == nil {
		return removed, err
	}
	for _, name := range names {
		if !s.orphaned(name) && !s.abandoned(name, now) {
			continue
		}
		if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, err
		}
	}
	return removed, s.sync()
}

// outdated are the runs to remove, oldest first.
func outdated(runs []baseline.Run, keep int) []baseline.Run {
	type kind struct {
		baseline.Kind
		branch string
	}
	seen, accepted := map[kind]int{}, map[kind]bool{}
	var gone []baseline.Run
	for _, r := range slices.Backward(runs) {
		k := kind{r.Kind(), r.Origin.Branch}
		seen[k]++
		mark, marked := r.Mark()
		begins := marked && mark.Accepted && !accepted[k]
		accepted[k] = accepted[k] || begins
		if seen[k] > keep && !begins {
			gone = append(gone, r)
		}
	}
	slices.Reverse(gone)
	return gone
}

// orphaned reports whether a file is a mark of a run that is not there.
func (s *Store) orphaned(name string) bool {
	if !strings.HasSuffix(name, markSuffix) {
		return false
	}
	m, err := s.mark(name)
	if err != nil {
		return false
	}
	_, err = os.Lstat(s.path(m.Run + runSuffix))
	return errors.Is(err, fs.ErrNotExist)
}

// abandoned reports whether a file is an old temporary file.
func (s *Store) abandoned(name string, now time.Time) bool {
	if !strings.HasPrefix(name, leftover) {
		return false
	}
	info, err := os.Stat(s.path(name))
	return err == nil && now.Sub(info.ModTime()) > leftoverAge
}
