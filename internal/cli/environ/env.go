// Package environ is the process as a value: arguments, streams, environment, clock and
// the signals that end a command. It knows no command, and prints nothing but why a
// signal ended the process.
package environ

import (
	"context"
	"io"
	"time"
)

// Env is what a process has around it. A copy of one that Watch returned belongs to the
// same command.
type Env struct {
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(name string) (value string, set bool)
	Now            func() time.Time
	Seed           func() uint64 // for runs without --seed
	// Executable is the path of a program that calls cli.Main with its arguments:
	// this one. Nil: no process can be started.
	Executable func() (string, error)
	// Exit ends the process at once. It is called after a signal only, from another
	// goroutine, where a command does not end in time. Nil: never.
	Exit func(code int)

	signal  *signalWatch // nil: signals are not watched
	verdict *bool        // whether one was printed; nil: not recorded
}

// Watch is the environment of one command: when ctx ends, which a signal does, the
// process ends, too, by Exit. IgnoreSignals ends the watch.
func (e Env) Watch(ctx context.Context) Env {
	e.signal = newSignalWatch(ctx, e)
	e.verdict = new(bool)
	return e
}

// EndGently says that the command ends by itself from now on when its context does:
// the process waits 5 s for it.
func (e Env) EndGently() { e.signal.endGently() }

// EndLater gives a command that ends by itself so much more time for it.
func (e Env) EndLater(by time.Duration) { e.signal.endLater(by) }

// IgnoreSignals says that no signal ends the process from now on: the command is done,
// or has its own way to end.
func (e Env) IgnoreSignals() { e.signal.stop() }

// NoteVerdict keeps that the command has printed a verdict.
func (e Env) NoteVerdict() {
	if e.verdict != nil {
		*e.verdict = true
	}
}

// HasVerdict reports whether the command has printed a verdict.
func (e Env) HasVerdict() bool { return e.verdict != nil && *e.verdict }

// First is the value of the first of these variables that is set and not empty; empty
// where none is.
func (e Env) First(names ...string) string {
	for _, name := range names {
		if value, ok := e.Getenv(name); ok && value != "" {
			return value
		}
	}
	return ""
}
