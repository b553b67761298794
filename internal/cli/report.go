package cli

import (
	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/environ"
)

func newReport(env environ.Env) *cobra.Command {
	c := checkCommand{env: env, out: delivery.Flags{ReportOnly: true}}
	cmd := &cobra.Command{
		Use:   "report RESULT...",
		Short: "Write reports from a stored result; the verdict does not change the exit code",
		Example: `  loadgate report loadgate-out/result.json --html report.html
  loadgate report report_stats.csv -o markdown=summary.md`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return c.run(args) },
	}
	c.add(cmd)
	return cmd
}
