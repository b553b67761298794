package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/drafted"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/tape"
)

func newRecord(env environ.Env) *cobra.Command {
	var to drafted.File
	var o tape.Options
	cmd := &cobra.Command{
		Use:   "record [-- COMMAND ARGS...]",
		Short: "Record what an existing test sends, and write a first thresholds.yaml from it",
		Long: `Record the requests that pass through a proxy on this machine, and write a first
thresholds.yaml from them, as init does. Check its lines with "look:".

The command behind -- is started with HTTP_PROXY, HTTPS_PROXY and the recording's
certificate in its environment, and the recording ends with it. Without a command,
Ctrl-C ends it. With --host, requests to the address that is printed go to that
service: for a test that takes a base URL, and for clients that use no proxy for
this machine, such as Locust, k6, Go programs and browsers.`,
		Example: `  loadgate record -- pytest tests/e2e
  loadgate record --host http://localhost:8000 -- k6 run -e URL=http://127.0.0.1:8899 script.js
  loadgate record --host http://localhost:8000`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && cmd.ArgsLenAtDash() != 0 {
				return failure.WithHint(errors.New("the command to run goes behind --"),
					"loadgate record -- "+strings.Join(args, " "))
			}
			if err := output.CheckNew(to.Path, to.Force); err != nil {
				return err
			}
			if err := output.CheckWritable(to.Path); err != nil { // what is recorded must not be lost
				return err
			}
			o.Command, o.To = args, to.Path
			d, err := tape.Record(cmd.Context(), env, o)
			if err != nil {
				return err
			}
			return to.Write(env, d)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:8899",
		"address of this machine to listen on; port 0 takes a free one")
	flags.StringVarP(&o.Host, "host", "H", "",
		"URL of the service (default: the host that was asked most often); requests to the printed address go there")
	output.AddFileFlag(cmd, &to.Path, "thresholds.yaml")
	flags.BoolVar(&to.Force, "force", false, "overwrite an existing file")
	flags.StringVar(&o.Name, "service", "", "name of the service (default: none)")
	flags.StringVar(&o.Certificate, "ca", "", "file for the certificate that clients must trust for HTTPS "+
		"(default: in a temporary folder); it is removed at the end")
	return cmd
}
