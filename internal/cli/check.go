package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func newCheck(env environ.Env) *cobra.Command {
	c := checkCommand{env: env}
	cmd := &cobra.Command{
		Use:   "check RESULT...",
		Short: "Judge stored results of loadgate or of another tool; merges the shards of a run",
		Example: `  loadgate check loadgate-out/result.json
  loadgate check loadgate-out/journal.ndjson --thresholds stricter.yaml
  loadgate check shard-1.json shard-2.json --record
  loadgate check k6.json --name 'GET /api/tutors/*'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return c.run(args) },
	}
	c.add(cmd)
	return cmd
}

// checkCommand judges stored results. As `report` it writes what the verdict
// is and leaves it to others to act on it.
type checkCommand struct {
	env             environ.Env
	out             delivery.Flags
	record          record.Flags
	thresholds      string
	thresholdsGiven func() bool // thresholds was given
	// confirmation is the result of the run that was made to confirm; empty: the
	// one that loadgate run left beside a single result, if there is one.
	confirmation string
	foreign      input.ResultFlags
}

func (c *checkCommand) add(cmd *cobra.Command) {
	c.out.Add(cmd)
	c.foreign.Add(cmd)
	if c.out.ReportOnly {
		c.record.HistoryFlag.Add(cmd)
	} else {
		c.record.Add(cmd)
	}
	cmd.Flags().StringVar(&c.confirmation, "confirmation", "",
		"result of the confirmation run (default: the one beside RESULT)")
	cmd.Flags().StringVar(&c.thresholds, "thresholds", load.DefaultFile, "file with the limits")
	c.thresholdsGiven = func() bool { return usage.Given(cmd.Flags(), "thresholds") }
}

func (c *checkCommand) run(files []string) error {
	if err := errors.Join(c.out.Check(c.claims(files)), c.foreign.Check()); err != nil {
		return err
	}
	s, err := c.limits(files)
	if err != nil {
		return err
	}
	r, err := c.foreign.Read(c.env, files, s)
	if err != nil {
		return err
	}
	if r.Planned.Smoke && c.record.Record {
		return fmt.Errorf(
			"--record: %s is a smoke run, which measures nothing that later runs could be compared with; "+
				"leave --record out", strings.Join(files, " "))
	}
	var past *baseline.Past
	if !r.Planned.Smoke {
		past = c.record.Past(c.env, c.env.Stderr, s, r)
	}
	c.out.Past = past
	again, err := c.readConfirmation(files)
	if err != nil {
		return err
	}
	v := gate.Judge(evidence.Input{Result: r, Config: s, Past: past, Confirmation: again})
	kept := c.record.Keep(c.env.Stderr, s, cmp.Or(again, r), v)
	return c.out.Write(c.env, r, v, s, delivery.Outcome{Failed: kept})
}

// claims are the files that are read, and those that a run left beside them: no report may overwrite
// them.
func (c *checkCommand) claims(files []string) (claims delivery.Claims) {
	claims.Hold(c.thresholds, "the file with the limits")
	if c.confirmation != "" {
		files = append(slices.Clip(files), c.confirmation)
	}
	for _, file := range files {
		if file, err := input.FileIn(file, output.ResultFile); err == nil {
			for _, name := range runFiles {
				path := filepath.Join(filepath.Dir(file), name)
				claims.Hold(path, "the run's own "+usage.Quote(path))
			}
			claims.Hold(file, "the result "+usage.Quote(file))
		}
	}
	return claims
}

// limits reads the file with the limits: the demo's for a run of the demo, unless
// one is named or found.
func (c *checkCommand) limits(files []string) (*config.Config, error) {
	if !c.thresholdsGiven() {
		if own := load.DemoLimits(c.env, files); own != nil {
			load.PrintDemoFile(c.env)
			return own, nil
		}
	}
	return load.ReadConfig(c.env, c.thresholds, asFlag(files), thresholds.Options{LimitsOnly: true, Unsent: true})
}

// asFlag says how the limits for these results are named where they are not there, or made of the first of them.
func asFlag(files []string) string {
	first := "RESULT"
	if files[0] != "-" { // standard input has been read by then
		first = content.ShellWord(files[0])
	}
	return fmt.Sprintf("name it with --thresholds FILE; loadgate init --results %s writes a first one", first)
}

// readConfirmation reads the confirmation run; nil where there is none.
func (c *checkCommand) readConfirmation(files []string) (*result.Result, error) {
	name := c.confirmation
	if name == "" && len(files) == 1 {
		file, err := input.FileIn(files[0], output.ResultFile)
		if err != nil {
			return nil, err
		}
		beside := filepath.Join(filepath.Dir(file), output.ConfirmationFolder, output.ResultFile)
		for _, there := range []string{beside, beside + ".gz"} {
			if _, err := os.Stat(there); err == nil {
				name = there
				break
			}
		}
	}
	if name == "" {
		return nil, nil
	}
	return input.ReadResult(name)
}
