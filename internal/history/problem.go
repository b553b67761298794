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
	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Every problem is one line with the file and what to do. Content of a file is quoted, and
// short.

// Why a file is not used.
var (
	errForeign = errors.New("it was not written by loadgate; remove it")
	errCut     = errors.New("it is cut off; remove it")
	errDamaged = errors.New("it is damaged; remove it")
)

// unreadable explains an error while a file is unpacked.
func unreadable(err error) error {
	if _, ok := errors.AsType[*shelf.Error](err); ok {
		return err // the file may be sound
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errCut
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return errDamaged
	}
	if _, ok := errors.AsType[flate.CorruptInputError](err); ok {
		return errDamaged
	}
	return fmt.Errorf("%w; remove it", withoutPath(err))
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
		return fmt.Errorf("it belongs to run %s, not to the one in its name; remove it", quoted(run.ID))
	case run.Started.IsZero() || run.Digest == "":
		return errors.New("it does not say when it ran, or under which load; remove it")
	}
	number := func(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }
	for _, a := range run.Load.Asked {
		if !number(a.Rate) || a.Endpoint == "" {
			return fmt.Errorf("it has an impossible rate of %s; remove it", quoted(a.Endpoint))
		}
	}
	for _, f := range run.Figures {
		if !(f.Value > 0) || !number(f.Value) || !number(f.Err) ||
			!number(f.Sent) || f.Requests < 0 || f.Endpoint == "" {
			return fmt.Errorf("it has an impossible %s of %s; remove it", f.Metric.Name(), quoted(f.Endpoint))
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

// ServerError says that the server of a store did not do what it was asked for: it cannot be
// reached, refused it, or did not answer in time. Its text has one line, and no credentials.
type ServerError struct{ text string }

func (e *ServerError) Error() string { return e.text }

// placed makes an error of a server one that names the place.
func (s *Store) placed(err error) error {
	server, ok := errors.AsType[*shelf.Error](err)
	if !ok {
		return err
	}
	if server == err { // nobody has said yet what was tried
		return &ServerError{s.Place() + ": " + server.Text}
	}
	return &ServerError{err.Error()}
}

// serverError is the first error of a server among these.
func serverError(all []error) error {
	for _, err := range all {
		if _, ok := errors.AsType[*ServerError](err); ok {
			return err
		}
	}
	return nil
}
