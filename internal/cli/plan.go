package cli

import (
	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/cli/workers"
	"github.com/loadgate/loadgate/internal/report/terminal"
)

func newPlan(env environ.Env) *cobra.Command {
	choice := target.Flags{Load: load.Flags{IgnoreShard: true, SendsNothing: true}}
	flags := &choice.Load
	var noColor bool
	var machines string
	cmd := &cobra.Command{
		Use:   "plan [thresholds.yaml]",
		Short: "Show how many requests each endpoint will get and which rules they can settle; sends nothing",
		Long: `Show how many requests each endpoint will get, which rules they can settle, and which
rules can never pass. Sends nothing. The exit code is the best one that the run could
end with: 0, 1 if a rule can never pass, or 3 if a rule can never be decided.

With --shard it still shows the whole run, since all shards are judged together.`,
		Example: `  loadgate plan
  loadgate plan perf/thresholds.yaml --profile light -u 50 -t 5m
  loadgate plan --profile peak --workers auto`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := flags.Plan(env, choice.File(args), flags.Host)
			if err != nil {
				return err
			}
			load.PrintNeeds(env.Stderr, p.Config, load.CallerAllows(flags.Allowed, flags.Host))
			t := terminal.Timetable{Plan: p, Forecasts: p.Forecast()}
			switch machines {
			case "":
			case "auto":
				t.Cores = workers.Cores()
			default:
				if t.Workers, err = workers.Count(p, machines); err != nil {
					return err
				}
			}
			if err := t.Write(env.Stdout, console.ReportOptions(env, noColor)); err != nil {
				return console.WriteError(err)
			}
			return failure.OfVerdict(t.Final())
		},
	}
	flags.Add(cmd)
	cmd.Flags().BoolVar(&choice.Demo, "demo", false, "use the demo's own file if there is no thresholds.yaml")
	cmd.Flags().StringVar(&machines, "workers", "",
		"show the load of each worker for this many; auto estimates how many machines like this one are needed")
	cmd.Flags().BoolVar(&noColor, "no-color", false, "print without colours")
	return cmd
}
