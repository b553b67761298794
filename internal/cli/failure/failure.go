// Package failure has the errors that end a command: each leads to an exit code, and may
// carry a hint. It knows what kind an error is, and never prints it.
package failure

import (
	"errors"
	"io/fs"
	"os"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/verdict"
)

// ErrInterrupted ends a command that a signal stopped after it had written
// everything. It has no text.
var ErrInterrupted = errors.New("")

// ExitCode is the exit code for the error that ends a command; that of a pass for nil.
// It is the only place where an error becomes a code, and an error of no other kind is
// one of usage.
func ExitCode(err error) int {
	var verdict verdictError
	var run runError
	var notReady *engine.NotReadyError
	var server *history.ServerError
	switch {
	case err == nil:
		return exitcode.Pass
	case errors.As(err, &verdict):
		return exitcode.Of(verdict.outcome)
	case errors.Is(err, ErrInterrupted):
		return exitcode.Interrupted
	case errors.As(err, &run), errors.As(err, &notReady), errors.As(err, &server):
		return exitcode.NotRun
	}
	return exitcode.Usage
}

// verdictError carries an outcome to the exit code; it prints nothing, since
// the table has said it.
type verdictError struct{ outcome verdict.Outcome }

func (verdictError) Error() string { return "" }

// OfVerdict is the error that ends a command with the code of a final outcome; nil for
// a pass. It has no text, since the table has said it.
func OfVerdict(final verdict.Outcome) error {
	if exitcode.Of(final) == exitcode.Pass {
		return nil
	}
	return verdictError{final}
}

// IsVerdict reports whether an error is one of OfVerdict.
func IsVerdict(err error) bool {
	_, ok := errors.AsType[verdictError](err)
	return ok
}

// runError is a run that could not be made, or an output that could not be written.
type runError struct{ error }

func (e runError) Unwrap() error { return e.error }

// CouldNotRun marks an error as one of the run and not of usage: a run that could not
// be made, or a file that could not be written. Nil stays nil.
func CouldNotRun(err error) error {
	if err == nil {
		return nil
	}
	return runError{err}
}

// hintError is an error with advice on a line of its own.
type hintError struct {
	error
	hint string
}

func (e hintError) Unwrap() error { return e.error }

// WithHint adds advice that is printed on a line of its own. Nil stays nil.
func WithHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return hintError{err, hint}
}

// HintOf is the advice of an error; empty: it has none.
func HintOf(err error) string {
	with, _ := errors.AsType[hintError](err)
	return with.hint
}

// WithoutPath takes the path out of a file error whose message names it already.
func WithoutPath(err error) error {
	switch err := err.(type) {
	case *fs.PathError:
		return err.Err
	case *os.LinkError:
		return err.Err
	}
	return err
}
