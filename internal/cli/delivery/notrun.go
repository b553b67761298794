package delivery

import (
	crypto "crypto/rand"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/report/github"
)

// judging are the commands that end with a verdict, or should have.
var judging = []string{"run", "check", "ab", "capacity"}

// NotRun tells others than people that a command ended without the verdict it is
// for: the JUnit file that was asked for, and in a workflow annotations, summary
// and outputs. Without it, exit codes 2 and 4 would say nothing there.
func NotRun(env environ.Env, cmd *cobra.Command, err error) error {
	code := failure.ExitCode(err)
	if cmd == nil || !slices.Contains(judging, cmd.Name()) || err == nil || err.Error() == "" || env.HasVerdict() {
		return nil
	}
	n := github.NotRun{Command: cmd.Name(), ExitCode: code, Problems: problems(err)}
	var failed []error
	given, _ := cmd.Flags().GetStringArray("output")
	if _, overwrites := errors.AsType[overwriteError](err); overwrites {
		given = nil // the JUnit file may be the one
	}
	for _, text := range given {
		if format, file, err := usage.ParseReport(text); err == nil && format.Name == "junit" {
			// That a file is unwritable has been reported where that is the problem.
			if failure := output.WriteFile(file, n.WriteJUnit); code != exitcode.NotRun {
				failed = append(failed, failure)
			}
		}
	}
	if !env.InActions() {
		return errors.Join(failed...)
	}
	nonce := crypto.Text()
	_, summary := appendTo(env, "GITHUB_STEP_SUMMARY", theEnd, func(w io.Writer, size int64) error {
		return n.WriteSummary(w, github.SummaryLimit-size)
	})
	_, outputs := appendTo(env, "GITHUB_OUTPUT", theEnd, func(w io.Writer, _ int64) error {
		return github.WriteOutputs(w, nonce, n.Outputs())
	})
	return errors.Join(append(failed, n.Annotate(env.Stdout), summary, outputs)...)
}

// problems are the mistakes of a file, each with its place, or the lines of
// another error.
func problems(err error) []github.Problem {
	var all []github.Problem
	if mistakes, ok := errors.AsType[config.Errors](err); ok {
		for _, m := range mistakes {
			all = append(all, github.Problem{Pos: m.Pos, Text: m.Error()})
		}
		return all
	}
	for line := range strings.Lines(err.Error()) {
		all = append(all, github.Problem{Text: strings.TrimRight(line, "\n")})
	}
	return all
}
