package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
)

func newVersion(env environ.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print version, commit, Go and platform",
		Example: `  loadgate version`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(env.Stdout, buildinfo.About())
			return console.WriteError(err)
		},
	}
}
