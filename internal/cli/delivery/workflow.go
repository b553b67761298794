package delivery

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
)

// actions is what a step of a GitHub workflow shows besides reports.
type actions struct {
	table content.View // as a terminal is shown it
	plain content.View // as reports are written
	long  content.View // what the table leaves out; the same where nothing is
	all   bool         // the table leaves out nothing
}

// show prints the table so that GitHub takes no line for a command, then what the
// table leaves out in a group that a click opens, and an annotation for every rule
// that did not pass. nonce cannot be guessed.
func (a actions) show(env environ.Env, nonce string) error {
	quiet := func(v content.View) func(w io.Writer) error {
		return func(w io.Writer) error {
			return github.Quiet(w, nonce, func(w io.Writer) error { return writeTable(w, v) })
		}
	}
	err := quiet(a.table)(env.Stdout)
	if err == nil && !a.all {
		err = github.Group(env.Stdout, "every check, and the figures of every endpoint", quiet(a.long))
	}
	if err == nil {
		err = github.Annotate(a.plain, env.Stdout)
	}
	return console.WriteError(err)
}

// writeTable writes the table, which is the first of the formats.
func writeTable(w io.Writer, v content.View) error { return report.Formats()[0].Write(w, v) }

// theEnd is the offset that means the end of the file.
const theEnd = -1

// appendTo appends to a file that a variable names, and returns the offset; it does
// nothing where none is named. The file is cut off at the byte from first. A text
// that cannot be written in full is removed: half of one would break those of other
// commands.
func appendTo(
	env environ.Env, variable string, from int64, write func(w io.Writer, size int64) error,
) (begun int64, err error) {
	path, _ := env.Getenv(variable)
	if path == "" {
		return theEnd, nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return theEnd, failure.CouldNotRun(fmt.Errorf("write %s: %w", variable, failure.WithoutPath(err)))
	}
	info, err := f.Stat()
	if err == nil {
		if begun = info.Size(); from != theEnd && from < begun && info.Mode().IsRegular() {
			begun = from
			err = f.Truncate(from)
		}
	}
	if err == nil {
		if err = write(f, begun); err != nil && info.Mode().IsRegular() {
			err = errors.Join(failure.WithoutPath(err), failure.WithoutPath(f.Truncate(begun)))
		}
	}
	if err := errors.Join(failure.WithoutPath(err), failure.WithoutPath(f.Close())); err != nil {
		return begun, failure.CouldNotRun(fmt.Errorf("write %s: %w", variable, err))
	}
	return begun, nil
}
