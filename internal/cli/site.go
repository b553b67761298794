package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/cli/site"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/board"
)

func newHistorySite(env environ.Env) *cobra.Command {
	var where record.HistoryFlag
	var filter record.Filter
	var commits string
	cmd := &cobra.Command{
		Use:   "site FOLDER",
		Short: "Write the history as a static site: every endpoint over time, every run, two side by side",
		Long: `Write pages that a browser opens from the folder or from any web server, such as GitHub
Pages: an overview, the figures of each series of runs over time, each run, and two runs
side by side. Written again, it makes only the pages of new runs, and removes those of
runs that are gone. It touches no file that it did not write.`,
		Example: `  loadgate history site public
  loadgate history site public --branch main --link-base https://github.com/acme/shop`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			o := board.Options{Made: buildinfo.Version()}
			if commits != "" {
				if o.Commits = htmlpage.Web(commits); o.Commits.String() == "" {
					return fmt.Errorf("--link-base %s: write the address of the repository, such as "+
						"https://github.com/acme/shop, without credentials", usage.Quote(commits))
				}
			}
			runs, err := where.Runs(env, filter)
			if err != nil {
				return err
			}
			text, err := site.Write(env, where.Open().Result, runs, args[0], o)
			_, wrote := io.WriteString(env.Stdout, text)
			return errors.Join(err, console.WriteError(wrote))
		},
	}
	where.Add(cmd)
	filter.Add(cmd)
	cmd.Flags().StringVar(&commits, "link-base", "", "repository that commits are links to: URL/commit/ID")
	return cmd
}
