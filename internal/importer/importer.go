// Package importer reads what other load generators wrote, request by request,
// into results that are judged like loadgate's own. It knows their formats; it
// does not know what is good. What a file cannot tell, such as whether its
// generator kept its timetable, stays absent, and the gate says so.
package importer

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/result"
)

// Kind is one format.
type Kind struct {
	Name string // as in --format NAME
	Tool string // whose it is
	// sniff says whether the beginning of a file is of this format.
	sniff func(head string) bool
	// read hands every request of a file to samples. Its errors name a line.
	read func(r *bufio.Reader, s *samples) error
}

// Kinds lists the formats in the order in which they are tried. Each call
// returns a new slice.
func Kinds() []Kind {
	return []Kind{
		{"k6-json", "k6", sniffK6JSON, readK6JSON},
		{"k6-csv", "k6", sniffK6CSV, readK6CSV},
		{"vegeta-json", "Vegeta", sniffVegetaJSON, readVegetaJSON},
		{"vegeta-csv", "Vegeta", sniffVegetaCSV, readVegetaCSV},
		{"jtl", "JMeter", sniffJTL, readJTL},
	}
}

// Options says how a file is read. The zero value detects the format and keeps
// names as they are.
type Options struct {
	Format string // name of a Kind; empty: detected
	Names  Names
}

// ErrUnknown is a file that is of no format that is known.
var ErrUnknown = errors.New("neither a result of loadgate nor of a tool that it reads")

// headSize is how much of a file its format is told from.
const headSize = 4096

// Decode reads a file in memory that does not grow with its requests, gzip
// included. filename is for messages only. The error wraps ErrUnknown where the
// format cannot be told.
func Decode(r io.Reader, filename string, o Options) (*result.Result, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", filename, err)
		}
		in = bufio.NewReaderSize(unzipped, 64<<10)
	}
	kind, err := kindOf(in, o.Format)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", filename, err)
	}
	s := newSamples(o.Names)
	if err := kind.read(in, s); err != nil {
		return nil, fmt.Errorf("read %s as %s: %w", filename, kind.Name, err)
	}
	doc, err := s.result(kind)
	if err != nil {
		return nil, fmt.Errorf("read %s as %s: %w", filename, kind.Name, err)
	}
	return doc, nil
}

func kindOf(in *bufio.Reader, format string) (Kind, error) {
	head, err := in.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return Kind{}, err
	}
	if len(head) == 0 {
		return Kind{}, errors.New("the file is empty")
	}
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
		if k.Name == format || format == "" && k.sniff(string(head)) {
			return k, nil
		}
	}
	if format != "" {
		return Kind{}, fmt.Errorf("format %q: write one of %s", format, strings.Join(names, ", "))
	}
	return Kind{}, fmt.Errorf("%w: name it with --format, one of %s", ErrUnknown, strings.Join(names, ", "))
}
