package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/scaffold"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/unit"
)

// initFlags say what a first file is made from.
type initFlags struct {
	sources    []sourceFlag // as in scaffold.Sources
	demo       bool
	host, name string
	out        string
	force      bool
	foreign    foreignFlags
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

func newInit(env Env) *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a first thresholds.yaml, from OpenAPI, a browser's recording, or what was measured",
		Long: `Write a first thresholds.yaml. It is valid as it is; lines with "look:" want a person's eye.

--openapi takes a description in OpenAPI 3.0, 3.1 or Swagger 2.0, --har a recording that a browser saved
(one kind of user each), --results what Locust or another tool measured: a limit for each
endpoint, and requests too with --host. --demo writes the file of the stand-in.`,
		Example: `  loadgate init --openapi http://localhost:8000/openapi.json
  loadgate init --har checkout.har --har browse.har
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
	cmd.Flags().BoolVar(&f.demo, "demo", false, "the file of the TutorMax stand-in, which run --demo loads")
	cmd.Flags().StringVarP(&f.host, "host", "H", "", "URL of the service (default: as the source says)")
	addFile(cmd, &f.out, "thresholds.yaml")
	cmd.Flags().BoolVar(&f.force, "force", false, "write over a file that is there")
	cmd.Flags().StringVar(&f.name, "service", "", "name of the service (default: as the source says)")
	f.foreign.addReading(cmd)
	return cmd
}

func (f *initFlags) run(ctx context.Context, env Env) error {
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
	text, err := d.Encode()
	if err != nil {
		return err
	}
	if err := writeNew(env, f.out, f.force, text); err != nil || f.out == "-" {
		return err
	}
	s, err := config.Decode(text, f.out, config.Options{LimitsOnly: true})
	if err != nil {
		return err
	}
	return f.tell(env, d, s)
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
		return source, nil, hintError{
			fmt.Errorf("write one of %s and --demo", strings.Join(flags, ", ")), "loadgate init --help shows each",
		}
	}
	return source, names, nil
}

// tell says what was written, what to look at, and what comes next.
func (f *initFlags) tell(env Env, d *draft.Draft, s *config.Config) error {
	var out strings.Builder
	steps, limits := 0, 0
	for _, g := range s.Groups {
		steps += len(g.Start) + len(g.Steps)
	}
	for _, r := range s.Rules {
		limits += len(r.Limits)
	}
	fmt.Fprintf(&out, "%s: %s, %s, %s\n", clean(f.out), unit.Counted(len(s.Groups), "group"),
		unit.Counted(steps, "request"), unit.Counted(limits, "limit"))
	for _, look := range d.Looks() {
		fmt.Fprintf(&out, "  look: %s\n", clean(look))
	}
	next := "loadgate try, then loadgate plan, then loadgate run"
	if len(s.Groups) == 0 {
		next = "loadgate check RESULT"
	}
	if f.out != "thresholds.yaml" {
		next += ", each with " + clean(f.out)
		if len(s.Groups) == 0 {
			next = "loadgate check RESULT --thresholds " + clean(f.out)
		}
	}
	fmt.Fprintf(&out, "next: %s\n", next)
	if flags := allowFlags(s.Target, nil); flags != "" && len(s.Groups) > 0 {
		fmt.Fprintf(&out, "  try and run need your word for a host beyond this machine: %s\n", clean(flags))
	}
	_, err := io.WriteString(env.Stdout, out.String())
	return written(err)
}

func (f *initFlags) draft(ctx context.Context, env Env, s scaffold.Source, names []string) (*draft.Draft, error) {
	o := draft.Options{URL: f.host, Name: f.name}
	if s.FromResult != nil {
		r, err := f.result(env, names[0])
		if err != nil {
			return nil, err
		}
		return s.FromResult(r, o)
	}
	var files []input.File
	for _, name := range names {
		text, err := source(ctx, name)
		if err != nil {
			return nil, err
		}
		file := input.File{Name: strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)), Text: text}
		if isURL(name) {
			file.Origin = originOf(name)
		}
		files = append(files, file)
	}
	return s.FromFiles(files, o)
}

// result reads a result, whose tool may be any that is read.
func (f *initFlags) result(env Env, name string) (*result.Result, error) {
	foreign := importer.New(importer.Options{Format: f.foreign.format, Names: collect.NewNames(f.foreign.names, nil)})
	r, err := f.foreign.readOne(env, name, foreign)
	if err == nil && r == nil {
		r, err = foreign.Result()
	}
	return r, err
}

// Bounds of what a first file is made from.
const (
	largestSource = 64 << 20
	sourceWithin  = 30 * time.Second
)

func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// originOf is an address without its path.
func originOf(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// source reads a file or what an address answers with, to a limit.
func source(ctx context.Context, name string) (text []byte, err error) {
	in, err := open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err = io.ReadAll(io.LimitReader(in, largestSource+1))
	if err == nil && len(text) > largestSource {
		err = fmt.Errorf("it is larger than %d MB", largestSource>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, plain(err))
	}
	return text, nil
}

// open opens a file, or asks an address.
func open(ctx context.Context, name string) (io.ReadCloser, error) {
	if !isURL(name) {
		file, err := regular.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, plain(err))
		}
		return file, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	request.Header.Set("Accept", "application/json, application/yaml;q=0.9, */*;q=0.8")
	answer, err := (&http.Client{Timeout: sourceWithin}).Do(request)
	if err != nil {
		return nil, notRunError{fmt.Errorf("read %s: %w", name, errors.Unwrap(err))}
	}
	if answer.StatusCode != http.StatusOK {
		return nil, notRunError{errors.Join(fmt.Errorf("read %s: it answered %s", name, answer.Status),
			answer.Body.Close())}
	}
	return answer.Body, nil
}
