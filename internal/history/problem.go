package history

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
)

// Every problem is one line with the file and what to do. Content of a file is quoted, and
// short.

// Why a file is not used.
var (
	errForeign = errors.New("it was not written by loadgate; take it away")
	errCut     = errors.New("it is cut off; take it away")
	errDamaged = errors.New("it is damaged; take it away")
)

// unreadable explains an error while a file is unpacked.
func unreadable(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errCut
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return errDamaged
	}
	if _, ok := errors.AsType[flate.CorruptInputError](err); ok {
		return errDamaged
	}
	return fmt.Errorf("%w; take it away", withoutPath(err))
}

// checkSchema accepts the only version, and distinguishes a newer one from other files.
func checkSchema(got, want string) error {
	name, _, _ := strings.Cut(want, "/")
	switch {
	case got == want:
		return nil
	case strings.HasPrefix(got, name+"/"):
		return fmt.Errorf("schema %s is newer than this loadgate, which reads %q; update loadgate", quoted(got), want)
	}
	return errForeign
}

// quoted is a text of a file for a message, cut to what a line holds.
func quoted(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}

// check returns what is wrong with a head. A head that passes can be compared without
// further checks.
func check(run baseline.Run, id string) error {
	switch {
	case run.ID != id:
		return fmt.Errorf("it is of run %s, not of the one in its name; take it away", quoted(run.ID))
	case run.Started.IsZero() || run.Digest == "":
		return errors.New("it does not say when it ran, or under which load; take it away")
	}
	number := func(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }
	for _, a := range run.Load.Asked {
		if !number(a.Rate) || a.Endpoint == "" {
			return fmt.Errorf("it has a rate of %s that cannot be; take it away", quoted(a.Endpoint))
		}
	}
	for _, f := range run.Figures {
		if !(f.Value > 0) || !number(f.Value) || !number(f.Err) ||
			!number(f.Sent) || f.Requests < 0 || f.Endpoint == "" {
			return fmt.Errorf("it has a %s of %s that cannot be; take it away", f.Metric.Name(), quoted(f.Endpoint))
		}
	}
	return nil
}

// withoutPath is an error without the path, which the message has already.
func withoutPath(err error) error {
	if of, ok := errors.AsType[*fs.PathError](err); ok {
		return of.Err
	}
	return err
}
