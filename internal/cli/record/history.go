package record

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// HistoryFlag is where runs are kept. What was typed may hold a password and is shown to nobody.
type HistoryFlag struct{ location string }

// Add adds --history.
func (f *HistoryFlag) Add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.location, "history", filepath.Join(".loadgate", "history"),
		"folder, s3://BUCKET/PREFIX or postgres://… with the recorded runs")
}

// Open opens the history.
func (f *HistoryFlag) Open() *history.Store { return history.Open(f.location) }

// Place is where the history is, as it may be shown.
func (f *HistoryFlag) Place() string { return f.Open().Place() }

// list reads the history and complains about what cannot be read.
func (f *HistoryFlag) list(env environ.Env) []baseline.Run {
	runs, problems := f.Open().List()
	for _, problem := range problems {
		console.PrintError(env.Stderr, problem)
	}
	return runs
}

// Runs are those of the history that were asked for. What cannot be read
// is an error where nothing else is there.
func (f *HistoryFlag) Runs(env environ.Env, filter Filter) ([]baseline.Run, error) {
	if filter.last < 0 {
		return nil, fmt.Errorf("--last %d: write how many of the newest runs, such as 30", filter.last)
	}
	all, problems := f.Open().List()
	err := errors.Join(problems...)
	if len(all) == 0 && err != nil {
		return nil, err
	}
	console.PrintError(env.Stderr, err)
	runs := filter.choose(all)
	if len(runs) == 0 && len(all) > 0 {
		return nil,
			fmt.Errorf("none of the %d runs in %s has that profile, branch and runner; loadgate history list "+
				"shows them", len(all), f.Place())
	}
	return runs, nil
}

// Filter chooses runs of a history.
type Filter struct {
	profile, branch, runner string
	last                    int
}

// Add adds --profile, --branch, --runner and --last.
func (f *Filter) Add(cmd *cobra.Command) {
	f.AddKinds(cmd)
	cmd.Flags().IntVar(&f.last, "last", 0, "only this many of the newest runs (default: all)")
}

// AddKinds adds --profile, --branch and --runner.
func (f *Filter) AddKinds(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.profile, "profile", "", "only runs of this profile")
	flags.StringVar(&f.branch, "branch", "", "only runs of this branch")
	flags.StringVar(&f.runner, "runner", "", "only runs on this class of runner")
}

// Kinds names the runs that are chosen, but for their profile.
func (f *Filter) Kinds() string {
	var parts []string
	if f.branch != "" {
		parts = append(parts, "branch="+f.branch)
	}
	if f.runner != "" {
		parts = append(parts, "runner="+f.runner)
	}
	return strings.Join(parts, " ")
}

func (f *Filter) choose(runs []baseline.Run) []baseline.Run {
	var chosen []baseline.Run
	for _, r := range runs {
		of := func(want, is string) bool { return want == "" || want == is }
		if of(f.profile, r.Profile) && of(f.branch, r.Origin.Branch) && of(f.runner, r.Origin.Runner.Class()) {
			chosen = append(chosen, r)
		}
	}
	if f.last > 0 {
		chosen = chosen[max(0, len(chosen)-f.last):]
	}
	return chosen
}

// Result reads a stored result: a file, or a run of the history.
func (f *HistoryFlag) Result(name string) (*result.Result, error) {
	r, err := input.ReadResult(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	r, err = f.Open().Result(name)
	var missing *history.NotFoundError
	if errors.As(err, &missing) {
		return nil, fmt.Errorf("%s: no such file, and %w", name, missing)
	}
	return r, err
}

// ComparedNames are the metrics that runs are compared by.
func ComparedNames() []string {
	var names []string
	for _, m := range metric.Compared() {
		names = append(names, m.Name())
	}
	return names
}
