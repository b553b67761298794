package ui

import (
	"strings"
	"sync"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
)

// mostLines of the log are kept.
const mostLines = 300

// runLog is what a run prints, on the page. It is safe for concurrent use.
type runLog struct {
	page *live.Page

	mu    sync.Mutex
	lines []string
	rest  string // of a line that is not whole
}

// empty forgets what an earlier run printed.
func (l *runLog) empty() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines, l.rest = nil, ""
}

func (l *runLog) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(l.rest+string(text), "\n")
	l.rest = lines[len(lines)-1]
	l.lines = append(l.lines, lines[:len(lines)-1]...)
	l.lines = l.lines[max(0, len(l.lines)-mostLines):]
	l.page.Change(live.Change{Sections: []htmlpage.Section{
		{ID: "log", Title: "Log", Parts: []htmlpage.Part{{Code: strings.Join(l.lines, "\n")}}}}})
	return len(text), nil
}
