package history

import (
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Prune removes all but the newest runs of each kind (load, host and class of
// runner) and branch, with their marks, and old temporary files. The newest
// accepted run of each stays: the baseline begins with it. It returns the IDs
// of the removed runs, oldest first. Files that cannot be read stay: a newer
// loadgate may have written them.
func (s *Store) Prune(keep int, now time.Time) (removed []string, err error) {
	runs, problems := s.List()
	if err := serverError(problems); err != nil {
		return nil, err
	}
	err = s.use(func(files shelf.Files) error {
		for _, r := range outdated(runs, keep) {
			// A run goes before its marks: without them a rejected one would count.
			switch err := files.Remove(r.ID + runSuffix); {
			case errors.Is(err, fs.ErrNotExist): // another process was faster
			case err != nil:
				return err
			default:
				removed = append(removed, r.ID)
			}
		}
		if err := s.removeOrphans(files); err != nil {
			return err
		}
		return files.Tidy(now)
	})
	return removed, err
}

// removeOrphans removes the marks of runs that are not there.
func (s *Store) removeOrphans(files shelf.Files) error {
	names, err := s.names(files, "")
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, name := range names {
		there[name] = true
	}
	var orphans []string
	err = s.fronts(files, names, markSuffix, func(front shelf.Front) {
		if m, _, err := readMark(files, front); err == nil && !there[m.Run+runSuffix] {
			orphans = append(orphans, front.Name)
		}
	})
	for _, name := range orphans {
		if err := files.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return err
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
