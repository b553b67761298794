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
			env.EndLater(t.TearDownWithin())
			if err := t.Wait(cmd.Context(), env.Stderr); err != nil {
				return t.WithHint(cmd.Context(), err)
			}
			attempts, err := t.SetUp(cmd.Context())
			if err == nil {
				e := engine.Engine{Dial: t.Dial, Setup: t.Setup}
				attempts = append(attempts, e.TryOut(cmd.Context(), t.Plan, true)...)
			}
			after, _ := t.TearDown(cmd.Context(), env.Stderr)
			attempts = append(attempts, after...)
			var out strings.Builder
			for _, a := range attempts {
				target.ShowAttempt(&out, a)
			}
			printWithheld(&out, t.Plan.Config.File, attempts)
			_, unwritten := io.WriteString(env.Stdout, out.String())
			if err == nil {
				err = tryError(attempts, cmd.Context().Err())
			}
			return errors.Join(t.WithHint(cmd.Context(), err), console.WriteError(unwritten))
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
