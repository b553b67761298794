package delivery

import (
	crypto "crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// judging are the commands that a step of a workflow waits for: they end with a verdict, or say of a file whether it
// can come to one.
var judging = []string{"run", "check", "ab", "capacity", "validate", "plan", "try"}

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
	given := usage.AskedReports(cmd, env.Args, env.Getenv, err)
	if _, overwrites := errors.AsType[overwriteError](err); overwrites {
		given = nil // the JUnit file may be the one
	}
	misread := usage.Misread(err)
	for _, text := range given {
		if format, file, err := usage.ParseReport(text); err == nil && format.Name == "junit" {
			if misread && !replaceable(file) {
				failed = append(failed,
					fmt.Errorf("write %s: it is no report of JUnit, and is kept", usage.Quote(file)))
				continue
			}
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

// replaceable reports whether a report may take the place of a file. Where the command line was not read to its end,
// nobody has checked that it is none that the command reads: only an older report is replaced then.
func replaceable(file string) bool {
	if output.IsDevice(file) {
		return true
	}
	f, err := regular.Open(file)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close()
	head := make([]byte, 200)
	n, err := io.ReadFull(f, head)
	return errors.Is(err, io.EOF) || strings.Contains(string(head[:n]), "<testsuites")
}

// problems are the mistakes of a file, each with its place, or the lines of
// another error.
func problems(err error) []github.Problem {
	if inner := errors.Unwrap(err); inner != nil && inner.Error() == err.Error() {
		return problems(inner) // what is around it says of which kind it is, or has a hint
	}
	var all []github.Problem
	if mistakes, ok := err.(thresholds.Errors); ok {
		for _, m := range mistakes {
			all = append(all, github.Problem{Pos: m.Pos, Text: m.Error()})
		}
		return all
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		if list := several.Unwrap(); errors.Join(list...).Error() == err.Error() {
			for _, one := range list {
				all = append(all, problems(one)...)
			}
			return all
		}
	}
	for line := range strings.Lines(err.Error()) {
		text := strings.TrimRight(line, "\n")
		all = append(all, github.Problem{Pos: placeIn(text), Text: text})
	}
	return all
}

// place is how a line begins that is about a place in a file: FILE:LINE:COLUMN.
var place = regexp.MustCompile(`^([^:\s]+):(\d+):\d+: `)

// placeIn is the place that a line begins with; the zero value: with none.
func placeIn(text string) mistake.Pos {
	m := place.FindStringSubmatch(text)
	if m == nil {
		return mistake.Pos{}
	}
	line, err := strconv.Atoi(m[2])
	if err != nil {
		return mistake.Pos{} // the number is larger than any file has lines
	}
	return mistake.Pos{File: m[1], Line: line}
}
