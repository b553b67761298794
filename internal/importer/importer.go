// Package importer makes results, which are judged like loadgate's own, from files of other
// load generators. It detects the format of a file; the packages below it read the formats.
// What a file does not record, such as whether its generator kept its timetable, stays
// missing, and the gate says so.
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

// Options control how files are read. The zero value detects their format and keeps the
// names of their endpoints.
type Options struct {
	Format string // name of a format; empty: detected
	Names  collect.Names
}

// ErrUnknown is a file of an unknown format.
var ErrUnknown = errors.New("neither a result of loadgate nor of a tool that it reads")

// Importer reads the files of one run. It is not safe for concurrent use.
type Importer struct {
	options Options
	samples *collect.Samples
	figures *collect.Figures
	format  *collect.Format // of the first file that is judged alone
	first   string          // the name of that file
	last    string          // the name of the file that was read last
	beside  map[string]bool // the names of files that add to another
}

// New returns an importer without a file.
func New(o Options) *Importer {
	return &Importer{options: o, samples: collect.NewSamples(o.Names),
		figures: collect.NewFigures(o.Names), beside: map[string]bool{}}
}

// Add reads a file, which may be packed with gzip, in memory that does not grow with its
// requests. filename is for messages only. All files of a run have one format. The error
// wraps ErrUnknown if the format cannot be detected.
func (im *Importer) Add(r io.Reader, filename string) error {
	in := bufio.NewReaderSize(r, 256<<10)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("read %s: it begins like gzip, and is not", filename)
		}
		in = bufio.NewReaderSize(unzipped, 256<<10)
	}
	in = textfile.Newlines(charset.UTF8(in))
	in, format, err := detect(in, im.options.Format)
	if err != nil {
		return fmt.Errorf("read %s: %w", filename, textfile.Explain(err))
	}
	im.last = filename
	switch {
	case format.Beside != "" && im.beside[filename]: // it was given, too
		return nil
	case format.Beside != "":
		im.beside[filename] = true
	case im.format == nil:
		im.format, im.first = &format, filename
	case im.format.Name != format.Name:
		return fmt.Errorf("read %s: it is %s, and %s is %s: judge one format at a time",
			filename, format.Name, im.first, im.format.Name)
	case format.Keeps == collect.Percentiles:
		return fmt.Errorf("read %s: percentiles of several files cannot be joined: %s",
			filename, cmp.Or(format.Advice, "judge them one at a time"))
	}
	if format.ReadRequests != nil {
		err = format.ReadRequests(in, im.samples)
	} else {
		err = format.ReadFigures(in, im.figures)
	}
	if err != nil {
		return fmt.Errorf("read %s as %s: %w", filename, format.Name, textfile.Explain(err))
	}
	return nil
}

// Result is the result of all files together. It may be called once.
func (im *Importer) Result() (*result.Result, error) {
	if im.format == nil {
		return nil, fmt.Errorf("read %s: %s", im.last, locust.Advise(im.last))
	}
	doc := im.format.Document()
	var err error
	if im.format.ReadRequests != nil {
		err = im.samples.Fill(doc)
	} else {
		err = im.figures.Fill(doc, im.format.ShareRounding)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s as %s: %w", im.first, im.format.Name, textfile.Explain(err))
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

// Beside names the files that a tool may have written next to one, and that say more about
// the same run.
func Beside(filename string) []string { return locust.Companions(filename) }
