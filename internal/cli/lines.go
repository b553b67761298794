package cli

import (
	"fmt"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"io"
	"strings"
	"time"
)

// complain prints an error, each of its lines as one of loadgate's own.
func complain(w io.Writer, err error) {
	if err == nil || err.Error() == "" {
		return
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(w, "loadgate: "+clean(strings.TrimRight(line, "\n")))
	}
	if hint := failure.HintOf(err); hint != "" {
		fmt.Fprintln(w, "loadgate: hint: "+hint)
	}
}

// say prints one plain line of progress.
func say(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, "loadgate: "+clean(fmt.Sprintf(format, args...)))
}

func clock(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// written turns a failure of standard output into one of the command.
func written(err error) error {
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("write to standard output: %w", failure.WithoutPath(err)))
	}
	return nil
}

// once writes each text once: what is written again as a whole is left out. It is
// not safe for concurrent use.
type once struct {
	to   io.Writer
	told map[string]bool
}

func (o *once) Write(text []byte) (int, error) {
	if o.told[string(text)] {
		return len(text), nil
	}
	o.told[string(text)] = true
	return o.to.Write(text)
}
