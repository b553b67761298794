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

	"github.com/loadgate/loadgate/internal/importer/charset"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/locust"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// Options says how files are read. The zero value detects their format and
// keeps names as they are.
type Options struct {
	Format string // name of a Format; empty: detected
	Names  collect.Names
}

// ErrUnknown is a file that is of no format that is known.
var ErrUnknown = errors.New("neither a result of loadgate nor of a tool that it reads")

// Importer reads the files of one run. It is not safe for concurrent use.
type Importer struct {
	options Options
	samples *collect.Samples
	figures *collect.Figures
	kind    *collect.Format // of the first file that stands alone
	first   string          // its name
	last    string          // the file that was read last
	beside  map[string]bool // those that stand beside another
}

// New returns an importer without a file.
func New(o Options) *Importer {
	return &Importer{options: o, samples: collect.NewSamples(o.Names),
		figures: collect.NewFigures(o.Names), beside: map[string]bool{}}
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
	in = textfile.Newlines(charset.UTF8(in))
	in, kind, err := kindOf(in, im.options.Format)
	if err != nil {
		return fmt.Errorf("read %s: %w", filename, textfile.Explain(err))
	}
	im.last = filename
	switch {
	case kind.Beside != "" && im.beside[filename]: // it was given, too
		return nil
	case kind.Beside != "":
		im.beside[filename] = true
	case im.kind == nil:
		im.kind, im.first = &kind, filename
	case im.kind.Name != kind.Name:
		return fmt.Errorf("read %s: it is %s, and %s is %s: judge one format at a time",
			filename, kind.Name, im.first, im.kind.Name)
	case kind.Keeps == collect.Percentiles:
		return fmt.Errorf("read %s: percentiles of several files cannot be joined: %s",
			filename, cmp.Or(kind.Advice, "judge them one at a time"))
	}
	if kind.ReadRequests != nil {
		err = kind.ReadRequests(in, im.samples)
	} else {
		err = kind.ReadFigures(in, im.figures)
	}
	if err != nil {
		return fmt.Errorf("read %s as %s: %w", filename, kind.Name, textfile.Explain(err))
	}
	return nil
}

// Result is what the files say together.
func (im *Importer) Result() (*result.Result, error) {
	if im.kind == nil {
		return nil, fmt.Errorf("read %s: %s", im.last, locust.Advise(im.last))
	}
	doc := im.kind.Document()
	var err error
	if im.kind.ReadRequests != nil {
		err = im.samples.Fill(doc)
	} else {
		err = im.figures.Fill(doc, im.kind.ShareRounding)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s as %s: %w", im.first, im.kind.Name, textfile.Explain(err))
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
func Beside(filename string) []string { return locust.Companions(filename) }
