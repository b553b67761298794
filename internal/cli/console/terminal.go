// Package console prints on standard output and standard error: lines of loadgate's own,
// safe for a terminal, in its width and colours. It does not know what it prints.
package console

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// Clean makes untrusted text safe for a terminal or a log, behind words of loadgate's own.
func Clean(text string) string { return typeset.Clean(text) }

// CleanLine is Clean for text that begins a line.
func CleanLine(text string) string { return typeset.CleanLine(Clean(text)) }

// fileOf is the file behind standard output or standard error.
func fileOf(w io.Writer) (*os.File, bool) {
	if p, ok := w.(*PipeWriter); ok {
		w = p.w
	}
	file, ok := w.(*os.File)
	return file, ok
}

// IsTerminal says whether a person may be looking at w.
func IsTerminal(w io.Writer) bool {
	file, ok := fileOf(w)
	return ok && isatty.IsTerminal(file.Fd())
}

// Width is the width of the terminal at w in cells; 0: none.
func Width(w io.Writer) int {
	file, ok := fileOf(w)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// UseColor decides once: on a terminal, unless the flag or NO_COLOR say no.
func UseColor(env environ.Env, never bool) bool {
	no, _ := env.Getenv("NO_COLOR")
	term, _ := env.Getenv("TERM")
	return !never && no == "" && term != "dumb" && IsTerminal(env.Stdout)
}

// ReportOptions are those of a page for this terminal.
func ReportOptions(env environ.Env, noColor bool) content.Options {
	return content.Options{Color: UseColor(env, noColor), Width: Width(env.Stdout)}
}
