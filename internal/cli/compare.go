package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/result"
)

func newCompare(env environ.Env) *cobra.Command {
	var where record.HistoryFlag
	var all, noColor bool
	var data string
	cmd := &cobra.Command{
		Use:   "compare A B",
		Short: "Compare two results: each figure with its interval, and whether the difference is significant",
		Long: `Show two stored results side by side. A and B are files (result.json, a journal) or runs
of the history ("last", or the beginning of an ID). Nothing is judged: differences do not
change the exit code.`,
		Example: `  loadgate compare yesterday/result.json loadgate-out/result.json
  loadgate compare 20261120 last --all`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			var sides [2]*result.Result
			var errs []error
			var claims delivery.Claims
			for i, name := range args {
				claims.Hold(name, "the result "+usage.Quote(name))
				r, err := where.Result(name)
				sides[i], errs = r, append(errs, err)
			}
			if data != "" {
				errs = append(errs, claims.Claim(data, "the data", "--data "+usage.Quote(data), "file"))
			}
			if err := errors.Join(errs...); err != nil {
				return err
			}
			const confidence = 0.95
			s := terminal.SideBySide{A: sides[0], B: sides[1],
				Contrasts:  regress.Contrasts(sides[0], sides[1], confidence),
				Confidence: confidence}
			if data != "" {
				if err := output.WriteFile(data, s.WriteData); err != nil {
					return err
				}
			}
			o := console.ReportOptions(env, noColor)
			o.All = all
			return console.WriteError(s.Write(env.Stdout, o))
		},
	}
	where.Add(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&all, "all", false, "show every figure, not only the p95 and significant differences")
	flags.BoolVar(&noColor, "no-color", false, "print without colours")
	flags.StringVar(&data, "data", "", "write every figure to this file as JSON")
	return cmd
}
