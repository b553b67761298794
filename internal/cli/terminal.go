package cli

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/report"
)

// clean makes untrusted text safe for a terminal or a log.
func clean(text string) string { return report.Terminal(text) }

// fileOf is the file behind standard output or standard error.
func fileOf(w io.Writer) (*os.File, bool) {
	if q, ok := w.(*quietly); ok {
		w = q.w
	}
	file, ok := w.(*os.File)
	return file, ok
}

// isTerminal says whether a person may be looking at w.
func isTerminal(w io.Writer) bool {
	file, ok := fileOf(w)
	return ok && isatty.IsTerminal(file.Fd())
}

// terminalWidth is the width of the terminal at w in cells; 0: none.
func terminalWidth(w io.Writer) int {
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

// useColor decides once: on a terminal, unless the flag or NO_COLOR say no.
func useColor(env environ.Env, never bool) bool {
	no, _ := env.Getenv("NO_COLOR")
	term, _ := env.Getenv("TERM")
	return !never && no == "" && term != "dumb" && isTerminal(env.Stdout)
}

// pageOptions are those of a page for this terminal.
func pageOptions(env environ.Env, noColor bool) report.Options {
	return report.Options{Color: useColor(env, noColor), Width: terminalWidth(env.Stdout)}
}
