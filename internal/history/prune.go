package history

import (
	"os"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
)

// Prune removes all but the newest runs of each load, branch and class of
// runner, with their marks, and what a crash has left. The newest accepted run
// of each stays: the baseline begins with it. It returns the IDs of the runs
// that went, oldest first. Files that cannot be read stay: a newer loadgate may
// have written them.
func (s *Store) Prune(keep int, now time.Time) (removed []string, err error) {
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	runs, _ := s.List()
	type kind struct{ digest, branch, class string }
	kindOf := func(r baseline.Run) kind { return kind{r.Digest, r.Origin.Branch, r.Origin.Runner.Class()} }
	seen, accepted := map[kind]int{}, map[kind]bool{}
	gone := map[string]bool{}
	for i := len(runs) - 1; i >= 0; i-- {
		r, k := runs[i], kindOf(runs[i])
		seen[k]++
		mark, marked := r.Mark()
		begins := marked && mark.Accepted && !accepted[k]
		accepted[k] = accepted[k] || begins
		if seen[k] > keep && !begins {
			gone[r.ID] = true
		}
	}
	for _, name := range names {
		id, _, _ := strings.Cut(name, ".")
		switch {
		case gone[id] || s.abandoned(name, now):
			if err := os.Remove(s.path(name)); err != nil {
				return removed, err
			}
			if strings.HasSuffix(name, runSuffix) {
				removed = append(removed, id)
			}
		}
	}
	return removed, s.sync()
}

// abandoned says whether a file was left by a writer that is no longer there.
func (s *Store) abandoned(name string, now time.Time) bool {
	if !strings.HasPrefix(name, leftover) {
		return false
	}
	info, err := os.Stat(s.path(name))
	return err == nil && now.Sub(info.ModTime()) > leftoverAge
}
