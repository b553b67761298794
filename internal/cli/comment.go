package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/cli/notice"
	"github.com/loadgate/loadgate/internal/notify"
)

// summaryFile is the Markdown of a run that is put into a comment.
const summaryFile = "summary.md"

func newComment(env environ.Env) *cobra.Command {
	c := commentCommand{env: env}
	cmd := &cobra.Command{
		Use:   "comment [summary.md]",
		Short: "Post a Markdown file as one comment on the pull request and keep it up to date",
		Long: `Post a Markdown file as one comment on the pull request. The next run finds the comment
by an invisible mark at its end, and replaces it.

The token is read from GITHUB_TOKEN, or from the variable that --token-env names. It needs
permission to write to pull requests (permissions: pull-requests: write). docs/notify.md
has an example.`,
		Example: `  loadgate comment loadgate-out/summary.md
  loadgate comment loadgate-out/summary.md --name light --pr 12`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file := filepath.Join("loadgate-out", summaryFile)
			if len(args) == 1 {
				file = args[0]
			}
			return c.run(cmd.Context(), file)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.name, "name", "loadgate", "name of this gate; each name has its own comment")
	flags.IntVar(&c.number, "pr", 0, "number of the pull request (default: the one that the CI run belongs to)")
	flags.StringVar(&c.tokenEnv, "token-env", "GITHUB_TOKEN", "environment variable that holds the token")
	return cmd
}

// commentCommand keeps one comment on a pull request.
type commentCommand struct {
	env            environ.Env
	name, tokenEnv string
	number         int
}

func (c *commentCommand) run(ctx context.Context, file string) error {
	if _, err := notify.NewComment(c.name, ""); err != nil {
		return fmt.Errorf("--name: %w", err)
	}
	if c.number < 0 {
		return fmt.Errorf("--pr %d: write the number of a pull request", c.number)
	}
	token, err := notice.SecretOf(c.env, "--token-env", c.tokenEnv)
	if err != nil {
		return err
	}
	pull, ok := c.pull()
	switch {
	case !ok:
		_, err := fmt.Fprintln(c.env.Stdout, "no comment: this run belongs to no pull request")
		return console.WriteError(err)
	case token == "":
		_, err := fmt.Fprintf(c.env.Stdout, "no comment: %s holds no token\n",
			notice.Variable("--token-env", c.tokenEnv))
		return console.WriteError(err)
	}
	if err := pull.Check(); err != nil {
		return err
	}
	comment, err := c.read(file)
	if err != nil {
		return err
	}
	var client notify.Client
	placed, err := client.Comment(ctx, pull, token, comment)
	if err != nil {
		return notice.DeliveryError(fmt.Errorf("comment on %s: %w", pull, err), commentAdvice)
	}
	verb := "wrote"
	if placed.Updated {
		verb = "updated"
	}
	_, err = fmt.Fprintf(c.env.Stdout, "%s the comment on %s %s\n", verb, pull, console.Clean(placed.Page))
	return console.WriteError(err)
}

// pull is the pull request of this run; false: it belongs to none.
func (c *commentCommand) pull() (notify.Pull, bool) {
	var event []byte
	if c.number == 0 {
		// An event that cannot be read names no pull request; the ref may.
		event, _ = input.ReadBounded(c.env.First("GITHUB_EVENT_PATH"))
	}
	return notify.DetectPull(c.env.Getenv, event, c.number)
}

func (c *commentCommand) read(file string) (notify.Comment, error) {
	file, err := input.FileIn(file, summaryFile)
	if err != nil {
		return notify.Comment{}, err
	}
	text, err := input.ReadBounded(file)
	if err != nil {
		return notify.Comment{}, failure.WithHint(fmt.Errorf("read comment %s: %w", file, failure.WithoutPath(err)),
			"loadgate run -o markdown="+file+" writes it")

	}
	return notify.NewComment(c.name, string(text))
}

func commentAdvice(status int) string {
	switch {
	case status == 401 || status == 403 || status == 404:
		return "grant the job's token permissions: pull-requests: write; builds of forks get one that only reads"
	case status == 0:
		return "see whether this machine reaches it, needs HTTPS_PROXY, or has a wrong GITHUB_API_URL"
	case status == 429 || status >= 500:
		return "GitHub is busy or down; run loadgate comment again later"
	}
	return ""
}
