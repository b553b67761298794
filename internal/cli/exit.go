package cli

import (
	"errors"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The exit codes are an interface: adding one is a minor release, changing
// one is a major.
const (
	exitPass         = 0   // warnings included
	exitFail         = 1   // a limit was crossed
	exitUsage        = 2   // a flag or an input is wrong
	exitInconclusive = 3   // the run cannot be judged
	exitNotRun       = 4   // the target was never ready, or an output cannot be written
	exitInterrupted  = 130 // what was measured is written
)

// verdictError carries an outcome to the exit code; it prints nothing, since
// the table has said it.
type verdictError struct{ outcome verdict.Outcome }

func (verdictError) Error() string { return "" }

// decided turns a verdict into the error that ends a command.
func decided(o verdict.Outcome) error {
	if o == verdict.Pass || o == verdict.Warn {
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
	var judged verdictError
	var notRun notRunError
	var notReady *engine.NotReadyError
	switch {
	case err == nil:
		return exitPass
	case errors.As(err, &judged) && judged.outcome == verdict.Fail:
		return exitFail
	case errors.As(err, &judged):
		return exitInconclusive
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.As(err, &notRun), errors.As(err, &notReady):
		return exitNotRun
	}
	return exitUsage
}
