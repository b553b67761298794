package ui

import (
	"strings"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
)

// mostLines of the log are kept.
const mostLines = 300

// logWriter adds what a run prints to the log of the page.
type logWriter struct{ *Desk }

func (w logWriter) Write(text []byte) (int, error) {
	d := w.Desk
	d.mu.Lock()
	lines := strings.Split(d.rest+string(text), "\n")
	d.rest = lines[len(lines)-1]
	d.log = append(d.log, lines[:len(lines)-1]...)
	d.log = d.log[max(0, len(d.log)-mostLines):]
	shown := strings.Join(d.log, "\n")
	d.mu.Unlock()
	d.Page.Change(live.Change{Sections: []htmlpage.Section{
		{ID: "log", Title: "Log", Parts: []htmlpage.Part{{Code: shown}}}}})
	return len(text), nil
}
