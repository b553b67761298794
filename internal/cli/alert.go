package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/notice"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/metric"
)

func newHistoryAlert(env environ.Env) *cobra.Command {
	c := notice.Alert{Env: env}
	cmd := &cobra.Command{
		Use:   "alert",
		Short: "Tell people once that runs became slower for good, have no baseline any more, or stopped",
		Long: `Tell people that the level of a figure changed for the worse, that the next run has no
baseline any more, or that there was no run for a week: once each, and once more when it
is over. The history keeps what was sent, as a mark of a run.

Addresses and keys are secrets: the webhook's is read from LOADGATE_WEBHOOK or from the
variable that --webhook-env names, the keys from LOADGATE_PAGERDUTY_KEY and
LOADGATE_OPSGENIE_KEY. docs/history.md and docs/notify.md have more.`,
		Example: `  loadgate history alert --branch main
  loadgate history alert --format pagerduty --format slack --silent-for 2d
  loadgate history alert --dry-run --metric p99 --least 10%`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.Run(cmd.Context()) },
	}
	c.Where.Add(cmd)
	c.Filter.AddKinds(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&c.Formats, "format", []string{"slack"},
		"what the receiver takes: "+strings.Join(notice.FormatNames(), ", ")+" (may be repeated)")
	flags.StringVar(&c.WebhookEnv, "webhook-env", "LOADGATE_WEBHOOK", notice.WebhookUsage)
	flags.StringVar(&c.Link, "link", "",
		"page that the message links to (default: the CI job's page, if its system names it)")
	flags.StringVar(&c.SilentFor, "silent-for", "7d", "report a profile that had no run for this long")
	flags.StringVar(&c.Metric, "metric", metric.P95.Name(),
		"figure whose level is watched: "+strings.Join(record.ComparedNames(), ", "))
	flags.StringVar(&c.Least, "least", "5%", "smallest change of the level to report")
	flags.BoolVar(&c.DryRun, "dry-run", false, "print what would be sent; sends and keeps nothing")
	return cmd
}
