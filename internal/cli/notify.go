package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/cli/notice"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/notify"
	"github.com/loadgate/loadgate/internal/regular"
)

func newNotify(env environ.Env) *cobra.Command {
	c := notifyCommand{env: env}
	cmd := &cobra.Command{
		Use:   "notify [verdict.json]",
		Short: "Post a summary of a stored verdict: to Slack, Teams, PagerDuty, Opsgenie, or as JSON",
		Long: `Post a summary of a stored verdict to a webhook, or page people.

The address of the webhook is a secret. It is read from the environment variable
LOADGATE_WEBHOOK, or from the one that --webhook-env names. pagerduty and opsgenie take a
key, from LOADGATE_PAGERDUTY_KEY or LOADGATE_OPSGENIE_KEY. docs/notify.md has examples.`,
		Example: `  loadgate notify
  loadgate notify --format teams --on always --webhook-env TEAMS_WEBHOOK
  loadgate notify --on change --previous last/verdict.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file := filepath.Join("loadgate-out", output.VerdictFile)
			if len(args) == 1 {
				file = args[0]
			}
			return c.run(cmd.Context(), file)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.format, "format", "slack", "what the receiver takes: "+strings.Join(notice.FormatNames(), ", "))
	flags.StringVar(&c.webhookEnv, "webhook-env", "LOADGATE_WEBHOOK",
		notice.WebhookUsage)
	flags.StringVar(&c.on, "on", "fail",
		"when to post: fail (the exit code was not 0), change (of the exit code, see --previous), always")
	flags.StringVar(&c.previous, "previous", "",
		"verdict.json of the run before, for --on change; a missing one counts as a change")
	flags.StringVar(&c.link, "link", "",
		"page that the message links to (default: the CI job's page, if its system names it)")
	return cmd
}

// notifyCommand posts a stored verdict.
type notifyCommand struct {
	env                                    environ.Env
	format, webhookEnv, on, previous, link string
}

func (c *notifyCommand) run(ctx context.Context, file string) error {
	if strings.Contains(file, "://") {
		return failure.WithHint(errors.New("the argument is a verdict.json, not an address"),
			"the address of a webhook is a secret: put it into LOADGATE_WEBHOOK")

	}
	format, to, err := c.options()
	if err != nil {
		return err
	}
	v, err := readVerdict(file)
	if err != nil {
		return err
	}
	due, why, err := c.due(v)
	if err != nil {
		return err
	}
	if !due {
		_, err := fmt.Fprintf(c.env.Stdout, "nothing to post: %s\n", why)
		return console.WriteError(err)
	}
	var client notify.Client
	if err := client.SendVerdict(ctx, to, v, notice.PageOf(c.env, c.link)); err != nil {
		return notice.DeliveryError(fmt.Errorf("post to %w", err), notice.AdviceOf(format))
	}
	_, err = fmt.Fprintf(c.env.Stdout, "posted to %s: %s\n", console.Clean(to.String()), why)
	return console.WriteError(err)
}

// options checks everything that was given, before anything is used.
func (c *notifyCommand) options() (format notify.Format, to notify.Receiver, err error) {
	var errs []error
	format, err = notice.FormatNamed(c.format)
	known := err == nil
	errs = append(errs, err)
	if on := []string{"fail", "change", "always"}; !slices.Contains(on, c.on) {
		errs = append(errs, usage.NotOneOf("--on", c.on, on))
	}
	if c.previous != "" && c.on != "change" {
		errs = append(errs, fmt.Errorf("--previous %s: it is only for --on change", c.previous))
	}
	if c.link != "" {
		if err := notify.CheckLink(c.link); err != nil {
			errs = append(errs, fmt.Errorf("--link: %w", err))
		}
	}
	if known {
		to, err = notice.ReceiverOf(c.env, format, c.webhookEnv)
		errs = append(errs, err)
	}
	return format, to, errors.Join(errs...)
}

// due says whether there is something to post, and why.
func (c *notifyCommand) due(v *notify.Verdict) (due bool, why string, err error) {
	state := fmt.Sprintf("exit code %d", v.ExitCode)
	switch c.on {
	case "always":
		return true, state, nil
	case "fail":
		return !v.Passed(), state, nil
	}
	if c.previous == "" {
		return true, state + ", and no --previous to compare it with", nil
	}
	before, err := readVerdict(c.previous)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, state + ", and no verdict before it", nil
	case err != nil:
		return false, "", err
	case v.Changed(before):
		return true, fmt.Sprintf("%s, %d before", state, before.ExitCode), nil
	}
	return false, state + ", as before", nil
}

func readVerdict(name string) (*notify.Verdict, error) {
	name, err := input.FileIn(name, output.VerdictFile)
	if err != nil {
		return nil, err
	}
	f, err := regular.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read verdict %s: %w", name, failure.WithoutPath(err))
	}
	defer f.Close()
	in, err := input.Unpack(f)
	if err != nil {
		return nil, fmt.Errorf("read verdict %s: %w", name, failure.WithoutPath(err))
	}
	return notify.DecodeVerdict(in, name)
}
