package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/export"
)

func newExport(env environ.Env) *cobra.Command {
	var flags load.Flags
	var out string
	var force bool
	var names []string
	for _, t := range export.Tools() {
		names = append(names, t.Name)
	}
	cmd := &cobra.Command{
		Use:   "export " + strings.Join(names, "|") + " [thresholds.yaml]",
		Short: "Write the users of thresholds.yaml as a k6 or Locust script",
		Long: `Write the same users, steps, think times, load, setup and teardown as a script of
another tool, for fleets that run that tool. loadgate check reads its results, with the same names of
endpoints. The script begins with a list of what differs.`,
		Example: `  loadgate export k6 --file load.js
  k6 run --out json=k6.json.gz load.js && loadgate check k6.json.gz
  loadgate export locust --profile light --file locustfile.py`,
		Args:      cobra.RangeArgs(1, 2),
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			for _, t := range export.Tools() {
				if t.Name == args[0] {
					return writeScript(env, &flags, t, load.FileArgument(args[1:]), out, force)
				}
			}
			return usage.NotOneOf("export", args[0], names)
		},
	}
	cmd.Flags().StringVarP(&flags.Host, "host", "H", "", "URL of the service, instead of target.url")
	flags.AddLoad(cmd)
	output.AddFileFlag(cmd, &out, "-")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite an existing file")
	return cmd
}

func writeScript(env environ.Env, flags *load.Flags, t export.Tool, file, out string, force bool) error {
	p, err := flags.Plan(env, file, flags.Host)
	if err != nil {
		return err
	}
	var script bytes.Buffer
	differences, err := t.Write(&script, p)
	if err != nil {
		return fmt.Errorf("export %w", err)
	}
	if err := output.WriteNew(env, out, force, script.Bytes()); err != nil || out == "-" {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s, for %s\n", console.Clean(out), p.Profile, t.Name)
	for _, d := range differences {
		fmt.Fprintf(&text, "  not the same: %s\n", console.Clean(d))
	}
	fmt.Fprintf(&text, "next: %s\n", t.Run(console.Clean(out), p))
	_, err = io.WriteString(env.Stdout, text.String())
	return console.WriteError(err)
}
