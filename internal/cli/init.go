package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/drafted"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/scaffold"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	sources "github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
)

// initFlags say what a first file is made from.
type initFlags struct {
	sources    []sourceFlag // as in scaffold.Sources
	demo       bool
	host, name string
	to         drafted.File
	foreign    input.ResultFlags
}

// sourceFlag holds what is given of one source; at most one field is set.
type sourceFlag struct {
	one  string
	many []string
}

func (s sourceFlag) given() []string {
	if s.one != "" {
		return []string{s.one}
	}
	return s.many
}

func newInit(env environ.Env) *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a first thresholds.yaml from OpenAPI, a recording, Locust, JMeter, k6, Postman or a result",
		Long: `Write a first thresholds.yaml. Check its lines with "look:".

--openapi reads a description in OpenAPI 3.0, 3.1 or Swagger 2.0. --har reads recordings
that a browser saved, one kind of user each. Their files are valid as they are.

--locustfile reads a script of Locust: its classes of users, tasks, weights and waits.
python3 parses it, and nothing of it is run. --jmx reads a test plan of JMeter.
--k6 reads the text of a script of k6, and runs nothing of it. --postman reads a collection
of Postman. What has no equal in thresholds.yaml is a comment with its line.

--results reads what Locust or another tool measured, and writes a limit for each
endpoint: a file of limits alone, which check and validate --limits read, and run does
not. With --host it has the requests too. --demo writes the demo's own file.`,
		Example: `  loadgate init --openapi http://localhost:8000/openapi.json
  loadgate init --har checkout.har --har browse.har
  loadgate init --locustfile locustfile.py
  loadgate init --jmx plan.jmx
  loadgate init --k6 script.js
  loadgate init --postman collection.json
  loadgate init --results report_stats.csv
  loadgate init --demo`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), env) },
	}
	f.sources = make([]sourceFlag, len(scaffold.Sources))
	for i, s := range scaffold.Sources {
		if s.Many {
			cmd.Flags().StringArrayVar(&f.sources[i].many, s.Flag, nil, s.Usage)
		} else {
			cmd.Flags().StringVar(&f.sources[i].one, s.Flag, "", s.Usage)
		}
	}
	cmd.Flags().BoolVar(&f.demo, "demo", false, "write the demo's own file, which run --demo uses")
	cmd.Flags().StringVarP(&f.host, "host", "H", "", "URL of the service (default: the one in the source)")
	output.AddFileFlag(cmd, &f.to.Path, "thresholds.yaml")
	cmd.Flags().BoolVar(&f.to.Force, "force", false, "overwrite an existing file")
	cmd.Flags().StringVar(&f.name, "service", "", "name of the service (default: the one in the source)")
	f.foreign.AddReading(cmd)
	return cmd
}

func (f *initFlags) run(ctx context.Context, env environ.Env) error {
	source, names, err := f.source()
	if err != nil {
		return err
	}
	if f.demo {
		return f.writeDemo(env)
	}
	d, err := f.draft(ctx, env, source, names)
	if err != nil {
		return err
	}
	return f.to.Write(env, d)
}

// source is the source that is given, and its files; with --demo there is none.
func (f *initFlags) source() (source scaffold.Source, names []string, err error) {
	var flags []string
	given := 0
	for i, s := range scaffold.Sources {
		flags = append(flags, "--"+s.Flag)
		if all := f.sources[i].given(); len(all) > 0 {
			source, names = s, all
			given++
		}
	}
	if f.demo {
		given++
	}
	if given != 1 {
		return source, nil, failure.WithHint(
			fmt.Errorf("give exactly one of %s or --demo", strings.Join(flags, ", ")),
			"loadgate init --help shows each")
	}
	return source, names, nil
}

func (f *initFlags) draft(ctx context.Context, env environ.Env,
	s scaffold.Source, names []string) (*draft.Draft, error) {
	o := draft.Options{URL: f.host, Name: f.name}
	if s.FromResult != nil {
		r, err := f.result(env, names[0])
		if err != nil {
			return nil, err
		}
		return s.FromResult(r, o)
	}
	var files []sources.File
	for _, name := range names {
		text, err := input.ReadSource(ctx, name)
		if err != nil {
			return nil, err
		}
		if s.Through != nil {
			if text, err = input.Through(ctx, s.Through, name, text); err != nil {
				return nil, err
			}
		}
		file := sources.File{Text: text}
		if input.IsURL(name) {
			file.Origin, name = partsOf(name)
		}
		file.Name = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		files = append(files, file)
	}
	return s.FromFiles(files, o)
}

// result reads a result, whose tool may be any that is read.
func (f *initFlags) result(env environ.Env, name string) (*result.Result, error) {
	foreign := importer.New(importer.Options{Format: f.foreign.Format, Names: collect.NewNames(f.foreign.Names, nil)})
	r, err := f.foreign.ReadOne(env, name, foreign)
	if err == nil && r == nil {
		r, err = foreign.Result()
	}
	return r, err
}

// partsOf are the scheme and the host of an address, and its path, or its host where it has none.
// Its user, its password and its query, which may hold a token, do not get into the file.
func partsOf(address string) (origin, name string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	if name = strings.Trim(u.Path, "/"); name == "" {
		name = u.Hostname()
	}
	return u.Scheme + "://" + u.Host, name
}

// writeDemo writes the stand-in's own file.
func (f *initFlags) writeDemo(env environ.Env) error {
	if f.host != "" || f.name != "" {
		return errors.New("--demo excludes --host and --service: the demo is its own target")
	}
	s, err := load.DemoConfig(env, thresholds.Options{Unsent: true})
	if err != nil {
		return err
	}
	if err := output.WriteNew(env, f.to.Path, f.to.Force, []byte(loadgate.DemoFile)); err != nil || f.to.Path == "-" {
		return err
	}
	file := ""
	if f.to.Path != load.DefaultFile {
		file = console.Clean(f.to.Path) + " "
	}
	_, err = fmt.Fprintf(env.Stdout, "%s: %s, %s\nnext: loadgate run %s--demo --profile demo\n",
		console.Clean(f.to.Path), unit.Counted(len(s.Groups), "group"), unit.Counted(len(s.Rules), "rule"), file)
	return console.WriteError(err)
}
