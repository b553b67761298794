package board_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/board"
	"github.com/loadgate/loadgate/internal/result"
)

// An endpoint that only failed has no figure of its latency, and is on the board all the same: with its failures.
func TestOnlyFailures(t *testing.T) {
	runs := nights(3)
	for i := range runs {
		runs[i].Figures = runs[i].Figures[:2] // of GET /search
		runs[i].Load = baseline.Load{Course: "c", Around: "a", Asked: []baseline.Asked{
			{Endpoint: "GET /search", Request: "r", Rate: 5}, {Endpoint: "POST /orders", Request: "s", Rate: 5}}}
	}
	b := board.New(board.Source{Runs: runs,
		Result: func(string) (*result.Result, error) { return measured(), nil },
		Tally: func(string) (board.Tally, bool) {
			return board.Tally{Counts: []board.Count{{Endpoint: "GET /search", Requests: 50},
				{Endpoint: "POST /orders", Requests: 41, Failed: 41}}}, true
		}}, board.Options{})
	for p, text := range written(t, b) {
		if strings.HasPrefix(p, "series/") && !strings.Contains(text, `id="endpoint-2"`) {
			t.Errorf("%s has no panel of POST /orders", p)
		}
		row := regexp.MustCompile(`(?s)POST /orders.*?</tr>`).FindString(text)
		if p == board.IndexPath && (strings.Count(row, "–") != 4 || !strings.Contains(row, "100%")) {
			t.Errorf("the row of POST /orders: %s", row)
		}
	}
}

// A server's overview leads back to where its reader came from, and that of files leads nowhere.
func TestBeside(t *testing.T) {
	link := htmlpage.Link{Text: "Live page", Href: htmlpage.Beside("../")}
	for _, o := range []board.Options{{}, {Beside: link}} {
		text := written(t, boardOf(nights(2), o))[board.IndexPath]
		if got := strings.Contains(text, `<a href="../">Live page</a>`); got != (o.Beside == link) {
			t.Errorf("%v: the overview leads back: %v", o, got)
		}
	}
}

// Runs of one minute can be told apart where two are chosen.
func TestChoice(t *testing.T) {
	runs := []baseline.Run{night(0), night(0, func(r *baseline.Run) {
		r.ID, r.Started = "second", r.Started.Add(5*time.Second)
	}), night(1)}
	text := written(t, boardOf(runs, board.Options{}))[board.ComparePath]
	for _, want := range []string{"2026-09-01 01:30:00 · PASS", "2026-09-01 01:30:05 · PASS",
		"2026-09-02 01:30 · PASS"} {
		if !strings.Contains(text, want) {
			t.Errorf("no run is called %q", want)
		}
	}
}

// Nobody takes for empty, or for whole, a history that cannot be read.
func TestProblems(t *testing.T) {
	problems := []error{errors.New("s3://tests/<shop>: connection\x1b refused"), errors.New("two")}
	for n, want := range map[int][]string{0: {"NOT READ", "cannot be read: s3://tests/&lt;shop&gt;: connection"},
		2: {"PASS", "2 files, the first: s3://tests/&lt;shop&gt;"}} {
		b := board.New(board.Source{Runs: nights(n), Problems: problems,
			Result: func(string) (*result.Result, error) { return measured(), nil },
			Tally:  func(string) (board.Tally, bool) { return board.Tally{}, false }}, board.Options{})
		text := written(t, b)[board.IndexPath]
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("the overview of %d runs lacks %q", n, w)
			}
		}
		if strings.Contains(text, "is empty") || strings.Contains(text, "\x1b") {
			t.Errorf("the overview of %d runs: it is called empty, or has a control character", n)
		}
	}
}
