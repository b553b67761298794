package console

import (
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/cli/failure"
)

// PrintError prints an error, each of its lines as one of loadgate's own.
func PrintError(w io.Writer, err error) {
	if err == nil || err.Error() == "" {
		return
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(w, "loadgate: "+Clean(strings.TrimRight(line, "\n")))
	}
	if hint := failure.HintOf(err); hint != "" {
		fmt.Fprintln(w, "loadgate: hint: "+Clean(hint))
	}
}

// Print prints one plain line of progress.
func Print(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, "loadgate: "+Clean(fmt.Sprintf(format, args...)))
}

// WriteError turns a failure of standard output into one of the command.
func WriteError(err error) error {
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("write to standard output: %w", failure.WithoutPath(err)))
	}
	return nil
}

// OnceWriter writes each text once, and drops a text that is written a second time. It is not safe for
// concurrent use.
type OnceWriter struct {
	w       io.Writer
	written map[string]bool
}

// NewOnceWriter writes to w.
func NewOnceWriter(w io.Writer) *OnceWriter { return &OnceWriter{w, map[string]bool{}} }

// Write writes a text, or nothing where it has been written.
func (o *OnceWriter) Write(text []byte) (int, error) {
	if o.written[string(text)] {
		return len(text), nil
	}
	o.written[string(text)] = true
	return o.w.Write(text)
}
