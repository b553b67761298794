package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history"
)

func newBaseline(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Say which recorded runs later ones are held against",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newMark(env, true, "accept RUN", "Take a run as the new normal: it counts, whatever its verdict, and runs before it no longer do"),
		newMark(env, false, "reject RUN", "Leave a run out: it never counts, though it passed"),
	)
	return cmd
}

func newMark(env Env, accepted bool, use, short string) *cobra.Command {
	var where historyFlag
	var mark baseline.Mark
	cmd := &cobra.Command{
		Use:   use + " --reason TEXT",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if strings.TrimSpace(mark.Reason) == "" {
				return errors.New("--reason: write why, for those who will ask: --reason 'search is slower by design since #123'")
			}
			mark.Accepted, mark.At = accepted, env.Now()
			mark.By = cmp.Or(mark.By, first(env, []string{"GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER"}))
			id, err := history.Open(where.folder).Mark(args[0], mark)
			if unwritable(err) {
				return notRunError{fmt.Errorf("mark run: %w", err)}
			}
			if err != nil {
				return err
			}
			verb := "rejected"
			if accepted {
				verb = "accepted"
			}
			fmt.Fprintf(env.Stdout, "%s %s\n", verb, clean(id))
			return nil
		},
	}
	where.add(cmd)
	cmd.Flags().StringVar(&mark.Reason, "reason", "", "why; required")
	cmd.Flags().StringVar(&mark.By, "by", "", "who says so (default: the CI system's actor, or the user)")
	return cmd
}

// unwritable says whether an error is one of a file that could not be made.
func unwritable(err error) bool {
	_, path := errors.AsType[*fs.PathError](err)
	_, link := errors.AsType[*os.LinkError](err)
	return path || link
}
