package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

func newTry(env Env) *cobra.Command {
	var f targetFlags
	cmd := &cobra.Command{
		Use:   "try [thresholds.yaml]",
		Short: "Send each step once, and show request, answer and captures",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			t, err := f.open(cmd.Context(), env, fileArgument(args))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, t.close()) }()
			env.ending.gently()
			if err := t.ready(cmd.Context()); err != nil {
				return err
			}
			e := engine.Engine{Dial: t.dial}
			attempts := e.TryOut(cmd.Context(), t.plan, true)
			for _, a := range attempts {
				showAttempt(env.Stdout, a)
			}
			return shown(attempts, cmd.Context().Err())
		},
	}
	f.add(cmd)
	return cmd
}

// tried turns attempts into the error that keeps a run from starting: one
// line for each step that does not fit the service. Steps that fail otherwise are
// told to w, and keep nothing from starting.
func tried(w io.Writer, attempts []engine.Attempt, interrupted error) error {
	if err := unfit(attempts, interrupted); err != nil {
		return err
	}
	for _, a := range attempts {
		if a.Failure != metric.OK && a.Failure.Sent() {
			say(w, "try-out: %s: %s; the run goes on and will judge it", a.Step.Step.Endpoint, a.Detail)
		}
	}
	return nil
}

// shown turns attempts that a person looks at into the error that ends try: a
// step that is silent is one, too.
func shown(attempts []engine.Attempt, interrupted error) error {
	if err := unfit(attempts, interrupted); err != nil {
		return err
	}
	var silent []string
	for _, a := range attempts {
		if a.Unreachable() {
			silent = append(silent, a.Step.Step.Endpoint+": "+a.Detail)
		}
	}
	if len(silent) == 0 {
		return nil
	}
	return notRunError{fmt.Errorf("the target did not answer every step: %s", strings.Join(silent, "; "))}
}

// unfit says why a load of the target would tell nothing.
func unfit(attempts []engine.Attempt, interrupted error) error {
	if interrupted != nil {
		return interrupted
	}
	if a, gone := engine.Gone(attempts); gone {
		return notRunError{fmt.Errorf("the target stopped answering in the try-out: %s: %s", a.Step.Step.Endpoint, a.Detail)}
	}
	var lines []error
	for _, a := range engine.Misfits(attempts) {
		reason, remedy := gate.Explain(a.Failure, a.Status, a.Detail)
		lines = append(lines, fmt.Errorf("%s: %s: %s (%s): %s: %s",
			a.Step.Pos, a.Group, a.Step.Step.Endpoint, a.Detail, reason, remedy))
	}
	if len(lines) == 0 {
		return nil
	}
	return notRunError{hintError{
		errors.Join(append([]error{errors.New("the scenario does not fit the service; nothing was loaded")}, lines...)...),
		"loadgate try shows every request and answer; try: false on a step leaves it out of the try-out",
	}}
}

// showAttempt prints one step as a person reads it.
func showAttempt(w io.Writer, a engine.Attempt) {
	fmt.Fprintf(w, "%s: %s\n", clean(a.Group), clean(a.Step.Step.Endpoint))
	if a.Skipped {
		fmt.Fprintf(w, "  left out: when is false: %s\n\n", clean(a.Step.When.String()))
		return
	}
	if a.URL != "" {
		fmt.Fprintf(w, "  > %s %s\n", clean(a.Method), clean(a.URL))
		for _, f := range a.Header {
			fmt.Fprintf(w, "  > %s: %s\n", clean(f.Name), clean(f.Value))
		}
		indent(w, "  > ", a.Body)
	}
	if a.Status > 0 {
		fmt.Fprintf(w, "  < %s %d in %s\n", a.Proto, a.Status, unit.Of(a.Took))
		indent(w, "  < ", a.Answer)
	}
	for _, f := range a.Captures {
		fmt.Fprintf(w, "  = %s: %s\n", clean(f.Name), clean(f.Value))
	}
	if a.Failure == metric.OK {
		ok := "ok"
		if a.Repeats > 0 {
			ok += ", after " + unit.Counted(a.Repeats, "repeat")
		}
		fmt.Fprintf(w, "  %s\n\n", ok)
		return
	}
	reason, remedy := gate.Explain(a.Failure, a.Status, a.Detail)
	fmt.Fprintf(w, "  FAILED (%s): %s: %s: %s\n\n", a.Failure, clean(a.Detail), clean(reason), clean(remedy))
}

func indent(w io.Writer, prefix, text string) {
	if text == "" {
		return
	}
	for line := range strings.Lines(text) {
		fmt.Fprintln(w, prefix+clean(strings.TrimRight(line, "\r\n")))
	}
}
