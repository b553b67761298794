package site

import (
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/board"
	"github.com/loadgate/loadgate/internal/result"
)

// marksPath is where a board's form is sent, relative to the board.
const marksPath = "mark"

// Prefix is where a board is on its server.
const Prefix = "/history/"

// Served is the board of a history, for a server that knows who may see it. It is safe for concurrent use.
type Served struct {
	// List are the runs as they are now, and what of the history cannot be read.
	List func() ([]baseline.Run, []error)
	// Result reads the result of a run.
	Result func(id string) (*result.Result, error)
	// Mark accepts or rejects a run. Its error is shown.
	Mark func(id string, accepted bool, reason, by string) error

	mu      sync.Mutex
	tallies map[string]board.Tally // of runs, which never change
}

// Pages are the addresses of the board.
func (s *Served) Pages() map[string]http.Handler {
	return map[string]http.Handler{
		"GET " + Prefix + "{path...}":   http.HandlerFunc(s.page),
		"POST " + Prefix + marksPath:    http.HandlerFunc(s.mark),
		"GET " + Prefix[:len(Prefix)-1]: http.RedirectHandler(Prefix, http.StatusSeeOther),
	}
}

func (s *Served) page(w http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	if path == "" {
		path = board.IndexPath
	}
	runs, problems := s.List()
	b := board.New(board.Source{Runs: runs, Problems: problems, Result: s.Result, Tally: s.tally}, board.Options{
		Marks:  marksPath,
		Beside: htmlpage.Link{Text: "Live page", Href: htmlpage.Beside("../")}})
	page, ok := b.Page(path)
	if !ok {
		http.Error(w, "the history has no such page", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Security-Policy", htmlpage.HeaderPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Write(w) // a browser that is gone misses nothing
}

// tally counts a run once.
func (s *Served) tally(id string) (board.Tally, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.tallies[id]; ok {
		return t, true
	}
	r, err := s.Result(id)
	if err != nil {
		return board.Tally{}, false
	}
	if s.tallies == nil {
		s.tallies = map[string]board.Tally{}
	}
	s.tallies[id] = board.TallyOf(r)
	return s.tallies[id], true
}

// mostForm bounds what a form sends, in bytes.
const mostForm = 16 << 10

func (s *Served) mark(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	id, word := r.PostForm.Get("run"), r.PostForm.Get("mark")
	runs, problems := s.List()
	switch known := slices.ContainsFunc(runs, func(r baseline.Run) bool { return r.ID == id }); {
	case len(runs) == 0 && len(problems) > 0:
		http.Error(w, errors.Join(problems...).Error(), http.StatusInternalServerError)
		return
	case !known || word != "accept" && word != "reject":
		http.Error(w, "the history has no such run", http.StatusNotFound)
		return
	}
	if err := s.Mark(id, word == "accept", r.PostForm.Get("reason"), r.PostForm.Get("by")); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	http.Redirect(w, r, Prefix+board.RunPath(id), http.StatusSeeOther)
}
