// Package history is where past runs live: one immutable file a run, in a folder or on a
// server. It says what a run, a mark and a damaged file are, whatever keeps them, and knows
// nothing of what is compared.
package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history/shelf"
	"github.com/loadgate/loadgate/internal/result"
)

// Put keeps a run that came to its end, and returns its ID: the time of its
// start and a few random digits.
func (s *Store) Put(run baseline.Run, r *result.Result) (id string, err error) {
	if !run.Whole() {
		return "", errors.New("only a run that came to its end is kept")
	}
	err = s.use(func(files shelf.Files) error {
		id, err = s.put(files, run, r)
		return err
	})
	return id, err
}

func (s *Store) put(files shelf.Files, run baseline.Run, r *result.Result) (id string, err error) {
	for range mostDraws {
		run.ID = second(run.Started) + randomDigits()
		if err := errors.Join(check(run, run.ID), r.Check()); err != nil {
			return "", err
		}
		text, front, err := encode(run, r)
		if err != nil {
			return "", err
		}
		made, err := fileOf(run, text, front)
		if err != nil {
			return "", err
		}
		if err = files.Create(made); !errors.Is(err, fs.ErrExist) {
			return run.ID, err
		}
	}
	return "", fmt.Errorf("%s: no name is free", s.Place())
}

// mostDraws is how many IDs are tried before the error is the store's.
const mostDraws = 3

// fileOf is the file of a run, with what can be asked of it.
func fileOf(run baseline.Run, text []byte, front int) (shelf.File, error) {
	about, err := json.Marshal(run)
	kind := run.Kind()
	return shelf.File{Name: run.ID + runSuffix, Content: text, Head: front, About: shelf.About{
		Run: run.ID, Time: run.Started, Digest: run.Digest, Host: run.Host(), Runner: kind.Class,
		Branch: run.Origin.Branch, Commit: run.Origin.Commit, Outcome: run.Verdict, JSON: about,
	}}, err
}

// List reads the head of every run, oldest first, with the marks of each. What
// cannot be read is a problem of one line, and the rest is used. A place that
// is not there is an empty one.
func (s *Store) List() (runs []baseline.Run, problems []error) { return s.list("") }

// At is List of the runs that began in the second of a time.
func (s *Store) At(began time.Time) (runs []baseline.Run, problems []error) {
	return s.list(second(began))
}

// second begins the ID of each run that began in it.
func second(began time.Time) string { return began.UTC().Format("20060102T150405Z") + "-" }

func (s *Store) list(prefix string) (runs []baseline.Run, problems []error) {
	err := s.use(func(files shelf.Files) error {
		names, err := s.names(files, prefix)
		if err != nil {
			return err
		}
		var marks map[string][]baseline.Mark
		if marks, problems, err = s.marks(files, names); err != nil {
			return err
		}
		runs, err = s.heads(files, names, func(err error) { problems = append(problems, err) })
		for i := range runs {
			runs[i].Marks = marks[runs[i].ID]
		}
		return err
	})
	if err != nil {
		return nil, append(problems, err)
	}
	slices.SortStableFunc(runs, func(a, b baseline.Run) int { return a.Started.Compare(b.Started) })
	return runs, problems
}

// Get reads a run with its result and marks. The ID may be shortened as long as only one
// run begins with it; "last" is the newest, to the second. A mark that cannot be read is a problem of one line.
func (s *Store) Get(id string) (run baseline.Run, r *result.Result, problems []error, err error) {
	err = s.read(id, func(files shelf.Files, d decoded) error {
		run, r = d.run, d.result
		run.Marks, problems, err = s.marksOf(files, run.ID)
		return err
	})
	return run, r, problems, err
}

// Result reads the result of a run, by an ID as for Get.
func (s *Store) Result(id string) (r *result.Result, err error) {
	err = s.read(id, func(_ shelf.Files, d decoded) error {
		r = d.result
		return nil
	})
	return r, err
}

// read reads the file of a run, by an ID as for Get, and calls then.
func (s *Store) read(id string, then func(shelf.Files, decoded) error) error {
	return s.use(func(files shelf.Files) error {
		id, err := s.find(files, id)
		if err != nil {
			return err
		}
		d, _, err := s.whole(files, id)
		if err != nil {
			return err
		}
		return then(files, d)
	})
}
