package input

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/result"
)

// ResultFlags say how results of other tools are read.
type ResultFlags struct {
	Format  string
	Names   []string
	profile string
}

// Add adds --format, --name and --profile.
func (f *ResultFlags) Add(cmd *cobra.Command) {
	f.AddReading(cmd)
	cmd.Flags().StringVar(&f.profile, "profile", "",
		"profile whose rules apply to another tool's result (default: only rules without a profile)")
}

// AddReading adds the flags that say how a file is read.
func (f *ResultFlags) AddReading(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.Format, "format", "",
		"format of another tool's result, one of "+strings.Join(f.formats(), ", ")+" (default: detected)")
	cmd.Flags().StringArrayVar(&f.Names, "name", nil,
		"group all requests that match this pattern under one name, such as 'GET /api/tutors/*' (may be repeated)")
}

// formats are those that a file alone may have.
func (f *ResultFlags) formats() []string {
	var names []string
	for _, k := range importer.Formats() {
		if k.Alone() {
			names = append(names, k.Name)
		}
	}
	return names
}

// Check finds a wrong format before anything is read.
func (f *ResultFlags) Check() error {
	if f.Format == "" || slices.Contains(f.formats(), f.Format) {
		return nil
	}
	if names := formatsOf(f.Format); len(names) > 0 {
		return fmt.Errorf("--format %s: write one of %s", usage.Quote(f.Format), strings.Join(names, ", "))
	}
	return usage.NotOneOf("--format", f.Format, f.formats())
}

// formatsOf are the formats of a tool that is named instead of one.
func formatsOf(tool string) (names []string) {
	for _, k := range importer.Formats() {
		if k.Alone() && strings.EqualFold(k.Tool, tool) {
			names = append(names, k.Name)
		}
	}
	return names
}

// Read reads every file: the shards of a run, or the files of another tool's,
// which are one run. - is standard input.
func (f *ResultFlags) Read(env environ.Env, files []string, s *config.Config) (*result.Result, error) {
	foreign := importer.New(importer.Options{Format: f.Format, Names: collect.NewNames(f.Names, endpointsOf(s))})
	var own []*result.Result
	var errs []error
	imported := 0
	for _, name := range files {
		r, err := f.ReadOne(env, name, foreign)
		switch {
		case err != nil:
			errs = append(errs, err)
		case r != nil:
			own = append(own, r)
		default:
			imported++
			errs = append(errs, f.readBeside(name, foreign))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	switch {
	case imported > 0 && own != nil:
		return nil,
			errors.New("results of loadgate and of another tool cannot be judged together: give one or the other")
	case imported == 0 && f.Names != nil:
		return nil,
			errors.New("--name is for results of other tools: a result of loadgate has the endpoint names of its file")
	case imported == 0:
		return f.withProfile(result.Merge(own...))
	}
	r, err := foreign.Result()
	if err == nil {
		r.Name = s.Name // the file that it is judged by knows which service it was
		markOnce(r, s)
	}
	return f.withProfile(r, err)
}

// markOnce marks what the file has only as start or end steps: no wildcard of a rule
// matches them, whichever tool sent them.
func markOnce(r *result.Result, s *config.Config) {
	known := map[string]metric.Once{}
	for _, g := range s.Groups {
		for step := range g.All() {
			if was, ok := known[step.Endpoint]; !ok || was.Any() {
				known[step.Endpoint] = step.Once
			}
		}
	}
	for i := range r.Endpoints {
		r.Endpoints[i].Once = known[r.Endpoints[i].Name]
	}
}

// withProfile is a result with the profile that another tool's file does not know.
func (f *ResultFlags) withProfile(r *result.Result, err error) (*result.Result, error) {
	switch {
	case err != nil:
		return nil, err
	case f.profile != "" && !r.Source.Foreign():
		return nil, errors.New("--profile is for results of other tools: a result of loadgate names its own")
	case f.profile != "":
		r.Profile, r.Digest = f.profile, r.Digest+" "+f.profile
	}
	return r, nil
}

// endpointsOf are the names of a file's endpoints.
func endpointsOf(s *config.Config) []string {
	var names []string
	for _, g := range s.Groups {
		for step := range g.All() {
			names = append(names, step.Endpoint)
		}
	}
	return names
}

// ReadOne reads a result of loadgate, or gives another tool's to the importer
// and returns nil.
func (f *ResultFlags) ReadOne(env environ.Env, name string, foreign *importer.Importer) (*result.Result, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	in := env.Stdin
	if name != "-" {
		path, err := FileIn(name, output.ResultFile)
		if err != nil {
			return nil, err
		}
		file, err := regular.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read result %s: %w", path, failure.WithoutPath(err))
		}
		defer file.Close()
		in = file
	}
	buffered, err := Unpack(in)
	if err != nil {
		return nil, fmt.Errorf("read result %s: %w", name, failure.WithoutPath(err))
	}
	head, err := buffered.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read result %s: %w", name, failure.WithoutPath(err))
	}
	if result.Own(head) && f.Format == "" {
		return result.Decode(buffered, name)
	}
	return nil, foreign.Add(buffered, name)
}

// readBeside reads what Locust wrote beside a file of figures: it adds to the figures; they are
// usable without it.
func (f *ResultFlags) readBeside(name string, foreign *importer.Importer) error {
	for _, beside := range importer.Beside(name) {
		file, err := regular.Open(beside)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", beside, failure.WithoutPath(err))
		}
		err = foreign.Add(file, beside)
		file.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
