package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/spec"
)

func newValidate(env Env) *cobra.Command {
	var host string
	var limits bool
	cmd := &cobra.Command{
		Use:   "validate [thresholds.yaml]",
		Short: "Check the file; every mistake with its place and what to write",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file := fileArgument(args)
			s, err := loadSpec(env, file, asArgument, spec.Options{Host: host, LimitsOnly: limits, Unsent: true})
			if err != nil {
				return err
			}
			var errs []error
			for _, p := range s.Profiles {
				_, err := plan.New(s, plan.Options{Profile: p.Name})
				errs = append(errs, err)
			}
			if err := errors.Join(errs...); err != nil {
				return err
			}
			word, _ := env.Getenv("LOADGATE_ALLOW")
			tellNeeds(env.Stderr, s, said([]string{word}, host))
			_, err = fmt.Fprintf(env.Stdout, "%s: ok; profiles: %d, user groups: %d, rules: %d\n",
				file, len(s.Profiles), len(s.Groups), len(s.Rules))
			return err
		},
	}
	cmd.Flags().StringVarP(&host, "host", "H", "", "URL of the service, instead of target.url")
	cmd.Flags().BoolVar(&limits, "limits", false, "the file may have limits alone, for loadgate check on what another tool measured")
	return cmd
}

func newSchema(env Env) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of thresholds.yaml, for editors",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			schema, err := spec.Schema()
			if err != nil {
				return err
			}
			_, err = env.Stdout.Write(schema)
			return err
		},
	}
}

func newVersion(env Env) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(env.Stdout, version())
			return err
		},
	}
}
