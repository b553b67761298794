package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/spec"
)

// foreignFlags say how results of other tools are read.
type foreignFlags struct {
	format string
	names  []string
}

func (f *foreignFlags) add(cmd *cobra.Command) {
	var formats []string
	for _, k := range importer.Kinds() {
		formats = append(formats, k.Name)
	}
	cmd.Flags().StringVar(&f.format, "format", "", "format of another tool's result, one of "+strings.Join(formats, ", ")+" (default: detected)")
	cmd.Flags().StringArrayVar(&f.names, "name", nil, "give all requests that fit one name, such as 'GET /api/tutors/*' (may be repeated)")
}

// read reads every file, whichever it holds, and merges them; - is standard
// input.
func (f *foreignFlags) read(env Env, files []string, s *spec.Spec) (*result.Result, error) {
	names := importer.NewNames(f.names, endpointsOf(s))
	var all []*result.Result
	var errs []error
	foreign := false
	for _, name := range files {
		r, err := f.readOne(env, name, names, s)
		all, errs = append(all, r), append(errs, err)
		foreign = foreign || r != nil && r.Source != ""
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if foreign && len(all) > 1 {
		return nil, hintError{errors.New("results of another tool are judged one at a time"),
			"join them into one file before: a line is a request, and a head of columns stands once"}
	}
	return result.Merge(all...)
}

// endpointsOf are the names of a file's endpoints.
func endpointsOf(s *spec.Spec) []string {
	var names []string
	for _, g := range s.Groups {
		for _, steps := range [][]spec.Step{g.Start, g.Steps} {
			for _, step := range steps {
				names = append(names, step.Endpoint)
			}
		}
	}
	return names
}

func (f *foreignFlags) readOne(env Env, name string, names importer.Names, s *spec.Spec) (*result.Result, error) {
	in := env.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read result %s: %w", name, plain(err))
		}
		defer file.Close()
		in = file
	}
	buffered := bufio.NewReaderSize(in, 64<<10)
	head, err := buffered.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read result %s: %w", name, plain(err))
	}
	if result.Own(head) && f.format == "" {
		return result.Decode(buffered, name)
	}
	r, err := importer.Decode(buffered, name, importer.Options{Format: f.format, Names: names})
	if err == nil {
		r.Name = s.Name // the file that it is judged by knows which service it was
	}
	return r, err
}
