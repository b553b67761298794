package site_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/site"
	"github.com/loadgate/loadgate/internal/report/board"
	"github.com/loadgate/loadgate/internal/result"
)

// A mark is kept for a run of the history; a history that cannot be read is not one without the run.
func TestMark(t *testing.T) {
	known := []baseline.Run{{ID: "20261122T120000Z-000001"}}
	for _, row := range []struct {
		name     string
		runs     []baseline.Run
		problems []error
		run      string
		word     string
		status   int
		said     string
	}{
		{"a run", known, nil, known[0].ID, "accept", http.StatusSeeOther, ""},
		{"beside a damaged one", known, []error{errors.New("run b is damaged")}, known[0].ID, "reject",
			http.StatusSeeOther, ""},
		{"no such run", known, nil, "last", "accept", http.StatusNotFound, "no such run"},
		{"no such word", known, nil, known[0].ID, "remove", http.StatusNotFound, "no such run"},
		{"no history", nil, []error{errors.New("the server is gone")}, known[0].ID, "accept",
			http.StatusInternalServerError, "the server is gone"},
	} {
		marked := ""
		s := &site.Served{
			List: func() ([]baseline.Run, []error) { return row.runs, row.problems },
			Mark: func(id string, accepted bool, reason, by string) error {
				marked = id + reason + by
				return nil
			},
		}
		form := url.Values{"run": {row.run}, "mark": {row.word}, "reason": {" busy"}, "by": {" ann"}}
		r := httptest.NewRequest(http.MethodPost, site.Prefix+"mark", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.Pages()["POST "+site.Prefix+"mark"].ServeHTTP(w, r)
		if w.Code != row.status || !strings.Contains(w.Body.String(), row.said) {
			t.Errorf("%s: %d %s", row.name, w.Code, w.Body)
		}
		if kept := row.status == http.StatusSeeOther; kept != (marked == row.run+" busy ann") {
			t.Errorf("%s: kept %q", row.name, marked)
		}
	}
}

// A result that cannot be read is one line, however many pages miss it.
func TestUnreadableResults(t *testing.T) {
	var runs []baseline.Run
	for day := range 5 {
		runs = append(runs, baseline.Run{ID: fmt.Sprintf("2026112%dT120000Z-000001", day), Name: "shop",
			Started: time.Date(2026, 11, 20+day, 12, 0, 0, 0, time.UTC)})
	}
	var stderr strings.Builder
	_, err := site.Write(environ.Env{Stderr: &stderr},
		func(string) (*result.Result, error) { return nil, errors.New("it is cut off") },
		runs, t.TempDir(), board.Options{})
	if lines := strings.Count(stderr.String(), "lacks the charts: it is cut off\n"); err != nil || lines != len(runs) {
		t.Errorf("%v, and %d lines of %d runs:\n%s", err, lines, len(runs), &stderr)
	}
}
