package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

func newTry(env environ.Env) *cobra.Command {
	var f target.Flags
	cmd := &cobra.Command{
		Use:   "try [thresholds.yaml]",
		Short: "Send each step once and show the request, the answer and the captured values",
		Example: `  loadgate try
  loadgate try perf/thresholds.yaml --host http://localhost:8000 --profile light`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			t, err := f.Open(cmd.Context(), env, f.File(args))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, t.Close()) }()
			env.EndGently()
			if err := t.Wait(cmd.Context(), env.Stderr); err != nil {
				return t.WithHint(cmd.Context(), err)
			}
			e := engine.Engine{Dial: t.Dial}
			attempts := e.TryOut(cmd.Context(), t.Plan, true)
			var out strings.Builder
			for _, a := range attempts {
				showAttempt(&out, a)
			}
			printWithheld(&out, t.Plan.Config.File, attempts)
			_, unwritten := io.WriteString(env.Stdout, out.String())
			return errors.Join(t.WithHint(cmd.Context(), tryError(attempts, cmd.Context().Err())),
				console.WriteError(unwritten))
		},
	}
	f.Load.AddTry(cmd)
	f.AddDemo(cmd)
	return cmd
}

// tryError turns attempts that a person looks at into the error that ends try: a
// step that is silent or that the service breaks at is one, too.
func tryError(attempts []engine.Attempt, interrupted error) error {
	misfit := target.CheckFits(attempts, interrupted)
	if _, gone := engine.Gone(attempts); gone || interrupted != nil {
		return misfit
	}
	var silent, failed []string
	for _, a := range attempts {
		switch line := a.Step.Step.Endpoint + ": " + a.Detail; {
		case a.Unreachable():
			silent = append(silent, line)
		case a.Failure != metric.OK && a.Failure.Sent() && !a.Misfit():
			failed = append(failed, line)
		}
	}
	var lines []error
	if len(silent) > 0 {
		lines = append(lines, fmt.Errorf("the target did not answer every step: %s", strings.Join(silent, "; ")))
	}
	if len(failed) > 0 {
		lines = append(lines, fmt.Errorf("not every step succeeded: %s", strings.Join(failed, "; ")))
	}
	if lines == nil {
		return misfit
	}
	return errors.Join(misfit, failure.CouldNotRun(errors.Join(lines...)))
}

// printWithheld says what of a drafted file was not sent, and how to go on.
func printWithheld(w io.Writer, file string, attempts []engine.Attempt) {
	withheld, lacking := 0, 0
	for _, a := range attempts {
		if a.Withheld {
			withheld++
		} else if a.Lacks != "" {
			lacking++
		}
	}
	if withheld == 0 {
		return
	}
	also := ""
	if lacking > 0 {
		need := "need"
		if lacking == 1 {
			need = "needs"
		}
		also = fmt.Sprintf(", nor %s that %s values from them", unit.Counted(lacking, "step"), need)
	}
	fmt.Fprintf(w, "%s is drafted: only GET and HEAD were sent, not %s that may write%s\n",
		console.Clean(file), unit.Counted(withheld, "step"), also)
	fmt.Fprintln(w, "next: look at them in the file, delete the line drafted: true, and run loadgate try again")
}

// showAttempt prints one step as a person reads it.
func showAttempt(w io.Writer, a engine.Attempt) {
	fmt.Fprintln(w, console.CleanLine(a.Group+": "+a.Step.Step.Endpoint))
	if a.Skipped {
		fmt.Fprintf(w, "  left out: when is false: %s\n\n", console.Clean(a.Step.When.String()))
		return
	}
	switch {
	case a.Withheld:
		fmt.Fprintf(w, "  not sent: the file is drafted, and %s may write\n\n", console.Clean(a.Method))
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
	reason, remedy := target.Why(a)
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
