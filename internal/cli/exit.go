package cli

import (
	"errors"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/gate"
)

// verdictError carries an outcome to the exit code; it prints nothing, since
// the table has said it.
type verdictError struct{ outcome gate.Outcome }

func (verdictError) Error() string { return "" }

// decided turns a verdict into the error that ends a command.
func decided(o gate.Outcome) error {
	if o == gate.Pass || o == gate.Warn {
		return nil
	}
	return verdictError{o}
}

// notRunError is a run that could not be made, or an output that could not be
// written.
type notRunError struct{ error }

func (e notRunError) Unwrap() error { return e.error }

// errInterrupted ends a command that a signal stopped after it had written
// everything.
var errInterrupted = errors.New("")

// exitCode is the only place where an error becomes a code.
func exitCode(err error) int {
	var verdict verdictError
	var notRun notRunError
	var notReady *engine.NotReadyError
	switch {
	case err == nil:
		return exitcode.Pass
	case errors.As(err, &verdict):
		return exitcode.Of(verdict.outcome)
	case errors.Is(err, errInterrupted):
		return exitcode.Interrupted
	case errors.As(err, &notRun), errors.As(err, &notReady):
		return exitcode.NotRun
	}
	return exitcode.Usage
}
