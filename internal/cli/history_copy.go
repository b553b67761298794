package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/unit"
)

func newHistoryCopy(env environ.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "copy FROM TO",
		Short: "Copy the runs and marks that another history lacks",
		Long: `Copy the runs and marks that another history lacks. FROM and TO are folders, s3://BUCKET/PREFIX
or postgres://USER@HOST/DATABASE. Nothing is changed or removed, so that a copy may be repeated.`,
		Example: `  loadgate history copy .loadgate/history s3://load-tests/shop
  loadgate history copy s3://load-tests/shop postgres://loadgate@db.example.com/loads`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			var stores [2]*history.Store
			var wrong []error
			for i, name := range []string{"FROM", "TO"} {
				store, err := history.Parse(args[i])
				if err != nil {
					wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
				}
				stores[i] = store
			}
			if err := errors.Join(wrong...); err != nil {
				return err
			}
			c, err := history.Copy(stores[0], stores[1])
			for _, problem := range c.Problems {
				console.PrintError(env.Stderr, problem)
			}
			if err == nil && c.Problems == nil && len(c.Runs)+c.There == 0 {
				return fmt.Errorf("FROM: there is no run in %s", console.Clean(stores[0].Place()))
			}
			if err != nil {
				err = failure.CouldNotRun(fmt.Errorf("copy history: %w", err))
			} else if c.Problems != nil {
				err = failure.CouldNotRun(fmt.Errorf("%s not copied", unit.Counted(len(c.Problems), "file")))
			}
			_, unwritten := fmt.Fprintf(env.Stdout, "copied %s and %s to %s; %s already there\n",
				unit.Counted(len(c.Runs), "run"), unit.Counted(c.Marks, "mark"),
				console.Clean(stores[1].Place()), unit.Counted(c.There, "run"))
			return errors.Join(err, console.WriteError(unwritten))
		},
	}
}
