package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/demo"
)

func newDemo(env environ.Env) *cobra.Command {
	var f target.DemoFlags
	var listen string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Serve the TutorMax demo service, with switches to make it slow, failing or leaking",
		Long: `Serve the TutorMax demo service until Ctrl-C. The switches make it misbehave.

LENGTH@START is a part of the load: 5s@30s lasts 5 s and begins 30 s into the load, and
@30s never ends. The load begins with the first two concurrent requests, or with the
hundredth; /health, /metrics and /openapi.json do not count. It begins only once: what a
switch has broken stays broken for the next load.`,
		Example: `  loadgate demo
  loadgate demo --listen 127.0.0.1:8001 --slow 'GET /api/tutors=600ms'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := f.Options()
			if err != nil {
				return err
			}
			env.EndGently()
			server, err := demo.Listen(cmd.Context(), listen, o)
			if err != nil {
				return failure.CouldNotRun(err)
			}
			fmt.Fprintf(env.Stdout, "TutorMax stand-in on %s (API: %s/openapi.json); Ctrl-C ends it\n",
				server.URL(), server.URL())
			err = server.Wait()
			if errors.Is(err, context.Canceled) || cmd.Context().Err() != nil {
				return nil
			}
			return err
		},
	}
	f.Add(cmd, "")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8000", "address to listen on; port 0 takes a free one")
	return cmd
}
