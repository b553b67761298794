package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/history"
)

// historyFlag is where runs are kept.
type historyFlag struct{ folder string }

func (f *historyFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.folder, "history", filepath.Join(".loadgate", "history"), "folder of the history")
}

// list reads the history and complains about what cannot be read of it.
func (f *historyFlag) list(env environ.Env) []baseline.Run {
	runs, problems := history.Open(f.folder).List()
	for _, problem := range problems {
		complain(env.Stderr, problem)
	}
	return runs
}

// runs are those of the history that were asked for. What cannot be read of it
// is an error where nothing else is there.
func (f *historyFlag) runs(env environ.Env, filter runFilter) ([]baseline.Run, error) {
	if filter.last < 0 {
		return nil, fmt.Errorf("--last %d: write how many of the newest runs, such as 30", filter.last)
	}
	all, problems := history.Open(f.folder).List()
	err := errors.Join(problems...)
	if len(all) == 0 && err != nil {
		return nil, err
	}
	complain(env.Stderr, err)
	runs := filter.choose(all)
	if len(runs) == 0 && len(all) > 0 {
		return nil,
			fmt.Errorf("none of the %d runs in %s is of that profile, branch and runner; loadgate history list "+
				"shows them", len(all), f.folder)
	}
	return runs, nil
}

// runFilter chooses runs of a history.
type runFilter struct {
	profile, branch, runner string
	last                    int
}

func (f *runFilter) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.profile, "profile", "", "only runs of this profile")
	flags.StringVar(&f.branch, "branch", "", "only runs of this branch")
	flags.StringVar(&f.runner, "runner", "", "only runs on this class of runner")
	flags.IntVar(&f.last, "last", 0, "only so many of the newest (default: all)")
}

func (f *runFilter) choose(runs []baseline.Run) []baseline.Run {
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
