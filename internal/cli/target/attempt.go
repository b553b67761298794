package target

import (
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// ShowAttempt prints one step as a person reads it.
func ShowAttempt(w io.Writer, a engine.Attempt) {
	fmt.Fprintln(w, console.CleanLine(a.Group+": "+a.Step.Step.Endpoint))
	switch {
	case a.Skipped && a.Empty:
		fmt.Fprintf(w, "  left out: each is empty: %s\n\n", console.Clean(a.Step.List().String()))
		return
	case a.Skipped:
		fmt.Fprintf(w, "  left out: when is false: %s\n\n", console.Clean(a.Step.When.String()))
		return
	}
	switch {
	case a.Withheld:
		what := console.Clean(a.Method)
		if a.Step.Talk != nil {
			what = "a WebSocket"
		}
		fmt.Fprintf(w, "  not sent: the file is drafted, and %s may write\n\n", what)
		return
	case a.Lacks != "":
		fmt.Fprintf(w, "  not sent: %s\n\n", console.Clean(a.Lacks))
		return
	}
	if a.URL != "" {
		fmt.Fprintf(w, "  > %s %s\n", console.Clean(a.Method), console.Clean(a.URL))
		for _, f := range a.Header {
			fmt.Fprintf(w, "  > %s: %s\n", console.Clean(f.Name), console.Clean(f.Value))
		}
		indent(w, "  > ", a.Body)
	}
	if a.Status > 0 {
		fmt.Fprintf(w, "  < %s %d in %s\n", a.Proto, a.Status, unit.Of(a.Took))
		indent(w, "  < ", a.Answer)
	}
	for _, f := range a.Captures {
		fmt.Fprintf(w, "  = %s: %s\n", console.Clean(f.Name), console.Clean(f.Value))
	}
	if a.Failure == metric.OK {
		ok := "ok"
		if a.Repeats > 0 {
			ok += ", after " + unit.Counted(a.Repeats, "repeat")
		}
		fmt.Fprintf(w, "  %s\n\n", ok)
		return
	}
	reason, remedy := Why(a)
	if a.Failure == metric.Redirect {
		// the reason says where it leads
		fmt.Fprintf(w, "  FAILED (%s): %s: %s\n\n", a.Failure, console.Clean(reason), console.Clean(remedy))
		return
	}
	fmt.Fprintf(w, "  FAILED (%s): %s: %s: %s\n\n", a.Failure,
		console.Clean(a.Detail), console.Clean(reason), console.Clean(remedy))
}

func indent(w io.Writer, prefix, text string) {
	if text == "" {
		return
	}
	for line := range strings.Lines(text) {
		fmt.Fprintln(w, prefix+console.Clean(strings.TrimRight(line, "\r\n")))
	}
}
