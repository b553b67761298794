package cli

import (
	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/report"
)

func newPlan(env environ.Env) *cobra.Command {
	choice := targetFlags{load: loadFlags{whole: true, unsent: true}}
	load := &choice.load
	var noColor bool
	cmd := &cobra.Command{
		Use:   "plan [thresholds.yaml]",
		Short: "Show how many requests each endpoint will get and which rules they can settle; sends nothing",
		Long: `plan shows how many requests each endpoint will get, which rules they can settle,
and which can never hold. It ends with the best code that the run itself could end
with: 0, 1 when a rule can never hold, 3 when one can never be decided.

With --shard it speaks of the whole run all the same: the shards are judged together.`,
		Example: `  loadgate plan
  loadgate plan perf/thresholds.yaml --profile light -u 50 -t 5m`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := load.plan(env, choice.file(args), load.host)
			if err != nil {
				return err
			}
			tellNeeds(env.Stderr, p.Config, said(load.allowed, load.host))
			t := report.Timetable{Plan: p, Forecasts: p.Forecast()}
			o := report.Options{Color: useColor(env, noColor), Width: terminalWidth(env.Stdout)}
			if err := t.Write(env.Stdout, o); err != nil {
				return failure.CouldNotRun(err)
			}
			return failure.OfVerdict(t.Final())
		},
	}
	load.add(cmd)
	cmd.Flags().BoolVar(&choice.demo, "demo", false, "plan the stand-in's own file where there is no thresholds.yaml")
	cmd.Flags().BoolVar(&noColor, "no-color", false, "no colour")
	return cmd
}
