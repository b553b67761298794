package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/gauges"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/selfmon"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func newValidate(env environ.Env) *cobra.Command {
	var host string
	var limits bool
	cmd := &cobra.Command{
		Use:   "validate [thresholds.yaml]",
		Short: "Check thresholds.yaml and list every mistake with its line and what to write",
		Example: `  loadgate validate
  loadgate validate perf/thresholds.yaml --limits`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file := load.FileArgument(args)
			s, err := load.ReadConfig(env, file, load.AsArgument,
				thresholds.Options{Host: host, LimitsOnly: limits, Unsent: true})
			if err != nil {
				return err
			}
			if err := runnable(env, s); err != nil {
				return err
			}
			word, _ := env.Getenv("LOADGATE_ALLOW")
			load.PrintNeeds(env.Stderr, s, load.CallerAllows([]string{word}, host))
			_, err = fmt.Fprintf(env.Stdout, "%s: ok; profiles: %d, user groups: %d, rules: %d\n",
				console.CleanLine(file), len(s.Profiles), len(s.Groups), len(s.Rules))
			return console.WriteError(err)
		},
	}
	cmd.Flags().StringVarP(&host, "host", "H", "", "URL of the service, instead of target.url")
	cmd.Flags().BoolVar(&limits, "limits", false,
		"accept a file with only limits, for loadgate check on another tool's results")
	return cmd
}

// runnable finds, without a network, what would keep a run of any profile from
// beginning.
func runnable(env environ.Env, s *config.Config) error {
	var errs []error
	reported := map[string]bool{} // one mistake may stop many profiles
	wrong := func(err error) {
		if err != nil && !reported[err.Error()] {
			reported[err.Error()] = true
			errs = append(errs, err)
		}
	}
	for _, profile := range s.Profiles {
		o := plan.Options{Profile: profile.Name, MostUsers: selfmon.MostUsers(false)}
		if _, err := plan.New(s, o); err != nil {
			wrong(load.InFile(s.File, err))
		}
	}
	if s.Target.URL != "" {
		_, err := target.ClientOf(env, s)
		wrong(err)
	}
	if len(s.Profiles) > 0 { // else nothing is run, and nothing watched
		g, err := gauges.Open(env, &plan.Plan{Config: placed(s)}, io.Discard)
		if g != nil {
			g.Close()
		}
		wrong(err)
	}
	return errors.Join(errs...)
}

// placed is the file without the resources whose place is not known here: it needs a variable that is not set, which
// is no mistake.
func placed(s *config.Config) *config.Config {
	if len(s.Unset) == 0 {
		return s
	}
	known := *s
	known.Resources = slices.DeleteFunc(slices.Clone(s.Resources), func(r config.Resource) bool {
		switch r.From {
		case metric.FromPostgres:
			return r.DSN == ""
		case metric.FromMetricsPage, metric.FromPrometheus, metric.FromRedis, metric.FromJSON:
			return r.URL == ""
		case metric.FromProcess, metric.FromCgroup: // it may be what listens on the target's port
			return s.Target.URL == ""
		}
		return false
	})
	return &known
}

func newSchema(env environ.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of thresholds.yaml, for editors",
		Example: `  loadgate schema > thresholds.schema.json`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			schema, err := thresholds.Schema()
			if err != nil {
				return err
			}
			_, err = env.Stdout.Write(schema)
			return console.WriteError(err)
		},
	}
}
