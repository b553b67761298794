// Package site is the pages of a history: written into a folder, or served to a browser.
package site

import (
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/report/board"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// talliesPath is the file of a site with what was counted of each run, so that the next site need not read the
// results again.
const talliesPath = "tallies.json"

// site is a board on its way into a folder.
type site struct {
	env     environ.Env
	read    func(id string) (*result.Result, error)
	tree    *output.Tree
	kept    map[string]board.Tally // of the site before
	tallies map[string]board.Tally
	recent  [2]loaded       // results, the newest first
	lacking map[string]bool // runs whose result cannot be read
}

type loaded struct {
	id     string
	result *result.Result
	err    error
}

// Write writes the pages of runs into a folder and says in a line what it did. Read reads the result of a run.
func Write(env environ.Env, read func(id string) (*result.Result, error), runs []baseline.Run, folder string,
	o board.Options) (string, error) {
	tree, err := output.OpenTree(folder)
	if err != nil {
		return "", err
	}
	defer tree.Close()
	s := &site{env: env, read: read, tree: tree, tallies: map[string]board.Tally{}, lacking: map[string]bool{}}
	if text, ok := tree.Read(talliesPath); ok {
		s.kept = board.ReadTallies(text)
	}
	b := board.New(board.Source{Runs: runs, Result: s.result, Tally: s.tally}, o)
	made, pages := 0, b.Pages()
	paths := []string{talliesPath}
	for _, p := range pages {
		paths = append(paths, p.Path)
	}
	if err := tree.Plan(paths); err != nil {
		return "", err
	}
	for _, p := range pages {
		for _, id := range p.Runs {
			s.count(id)
		}
		if tree.Kept(p.Path, p.Key) {
			continue
		}
		if err := tree.Write(p.Path, s.key(p), p.Write); err != nil {
			return "", err
		}
		made++
	}
	if err := tree.Write(talliesPath, "",
		func(w io.Writer) error { return board.WriteTallies(w, s.tallies) }); err != nil {
		return "", err
	}
	removed, err := tree.Finish()
	return fmt.Sprintf("%s: %s of %s, %d written, %d removed\n", console.Clean(folder),
		unit.Counted(len(pages), "page"), unit.Counted(len(runs), "run"), made, removed), err
}

// key is the key of a page, and none of one that lacks a result: that may be readable the next time.
func (s *site) key(p board.Page) string {
	for _, id := range p.Runs {
		if _, err := s.result(id); err != nil {
			return ""
		}
	}
	return p.Key
}

// count makes sure that a run is counted.
func (s *site) count(id string) {
	if _, done := s.tallies[id]; done {
		return
	}
	if t, ok := s.kept[id]; ok {
		s.tallies[id] = t
		return
	}
	if r, err := s.result(id); err == nil {
		s.tallies[id] = board.TallyOf(r)
	}
}

func (s *site) tally(id string) (board.Tally, bool) {
	t, ok := s.tallies[id]
	return t, ok
}

// result reads a result, and complains once of one that cannot be read.
func (s *site) result(id string) (*result.Result, error) {
	for _, l := range s.recent {
		if l.id == id {
			return l.result, l.err
		}
	}
	r, err := s.read(id)
	if err != nil && !s.lacking[id] {
		s.lacking[id] = true
		console.PrintError(s.env.Stderr, fmt.Errorf("run %s: its page lacks the charts: %w",
			strings.TrimSpace(console.Clean(id)), err))
	}
	s.recent = [2]loaded{{id, r, err}, s.recent[0]}
	return r, err
}
