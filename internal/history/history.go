// Package history is where past runs live: a folder with one immutable file a
// run. It opens the files of the store, and knows nothing of what is compared.
package history

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/result"
)

// Put keeps a run that came to its end, and returns its ID: the time of its
// start and a few random digits.
func (s *Store) Put(run baseline.Run, r *result.Result) (id string, err error) {
	if !run.Whole() {
		return "", errors.New("only a run that came to its end is kept")
	}
	for range mostDraws {
		run.ID = run.Started.UTC().Format("20060102T150405Z") + "-" + randomDigits()
		if err := errors.Join(check(run, run.ID), r.Check()); err != nil {
			return "", err
		}
		text, err := encode(run, r)
		if err != nil {
			return "", err
		}
		if err = s.create(run.ID+runSuffix, text); !errors.Is(err, fs.ErrExist) {
			return run.ID, err
		}
	}
	return "", fmt.Errorf("%s: no name is free", s.folder)
}

// mostDraws is how many IDs are tried before the error is the folder's.
const mostDraws = 3

// List reads the head of every run, oldest first, with the marks of each. What
// cannot be read is a problem of one line, and the rest is used. A folder that
// is not there is an empty one.
func (s *Store) List() (runs []baseline.Run, problems []error) {
	names, err := s.names()
	if err != nil {
		return nil, []error{err}
	}
	marks, problems := s.marks(names)
	for _, name := range names {
		id, ok := strings.CutSuffix(name, runSuffix)
		if !ok {
			continue
		}
		run, err := s.readHead(id)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process has pruned it
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		run.Marks = marks[id]
		runs = append(runs, run)
	}
	slices.SortStableFunc(runs, func(a, b baseline.Run) int { return a.Started.Compare(b.Started) })
	return runs, problems
}

// Get reads a run with its result and marks. The ID may be shortened as long as only one
// run begins with it; "last" is the newest, to the second.
func (s *Store) Get(id string) (baseline.Run, *result.Result, error) {
	id, err := s.find(id)
	if err != nil {
		return baseline.Run{}, nil, err
	}
	run, r, err := s.readRun(id)
	if err != nil {
		return baseline.Run{}, nil, err
	}
	names, err := s.names()
	if err != nil {
		return baseline.Run{}, nil, err
	}
	marks, problems := s.marks(slices.DeleteFunc(names,
		func(name string) bool { return !strings.HasPrefix(name, id+".") }))
	if err := errors.Join(problems...); err != nil {
		return baseline.Run{}, nil, err
	}
	run.Marks = marks[id]
	return run, r, nil
}
