// Package importer reads what other load generators wrote, request by request
// where they kept that, into results that are judged like loadgate's own. It
// knows their formats; it does not know what is good. What a file cannot tell, such as whether its
// generator kept its timetable, stays absent, and the gate says so.
package importer

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/loadgate/loadgate/internal/result"
)

// Options says how files are read. The zero value detects their format and
// keeps names as they are.
type Options struct {
	Format string // name of a Kind; empty: detected
	Names  Names
}

// ErrUnknown is a file that is of no format that is known.
var ErrUnknown = errors.New("neither a result of loadgate nor of a tool that it reads")

// Importer reads the files of one run. It is not safe for concurrent use.
type Importer struct {
	options Options
	samples *samples
	figures *figures
	kind    *Kind           // of the first file that stands alone
	first   string          // its name
	last    string          // the file that was read last
	beside  map[string]bool // those that stand beside another
}

// New returns an importer without a file.
func New(o Options) *Importer {
	return &Importer{options: o, samples: newSamples(o.Names), figures: newFigures(o.Names), beside: map[string]bool{}}
}

// Add reads a file, gzip included, in memory that does not grow with its
// requests. filename is for messages only. All files of a run are of one format.
// The error wraps ErrUnknown where the format cannot be told.
func (im *Importer) Add(r io.Reader, filename string) error {
	in := bufio.NewReaderSize(r, 256<<10)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("read %s: it begins like gzip, and is none", filename)
		}
		in = bufio.NewReaderSize(unzipped, 256<<10)
	}
	in = lined(decoded(in))
	in, kind, err := kindOf(in, im.options.Format)
	if err != nil {
		return fmt.Errorf("read %s: %w", filename, plainly(err))
	}
	im.last = filename
	switch {
	case kind.beside != "" && im.beside[filename]: // it was given, too
		return nil
	case kind.beside != "":
		im.beside[filename] = true
	case im.kind == nil:
		im.kind, im.first = &kind, filename
	case im.kind.Name != kind.Name:
		return fmt.Errorf("read %s: it is %s, and %s is %s: judge one format at a time",
			filename, kind.Name, im.first, im.kind.Name)
	case kind.Keeps == Percentiles:
		return fmt.Errorf("read %s: percentiles of several files cannot be joined: %s",
			filename, cmp.Or(kind.Advice, "judge them one at a time"))
	}
	if kind.requests != nil {
		err = kind.requests(in, im.samples)
	} else {
		err = kind.figures(in, im.figures)
	}
	if err != nil {
		return fmt.Errorf("read %s as %s: %w", filename, kind.Name, plainly(err))
	}
	return nil
}

// Result is what the files say together.
func (im *Importer) Result() (*result.Result, error) {
	if im.kind == nil {
		return nil, fmt.Errorf("read %s: %s", im.last, alone(im.last))
	}
	doc := im.kind.document()
	var err error
	if im.kind.requests != nil {
		err = im.samples.fill(doc)
	} else {
		err = im.figures.fill(doc, im.kind.rounding)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s as %s: %w", im.first, im.kind.Name, plainly(err))
	}
	return doc, nil
}

// Decode reads a run of one file.
func Decode(r io.Reader, filename string, o Options) (*result.Result, error) {
	im := New(o)
	if err := im.Add(r, filename); err != nil {
		return nil, err
	}
	return im.Result()
}

// Beside names the files that may stand beside one and say more of the same run.
func Beside(filename string) []string { return companionsOf(filename) }
