package mistake

import (
	"fmt"
	"strings"
)

// Error is one mistake in a file: where it is, what is wrong and what to
// write instead.
type Error struct {
	Pos     Pos
	Path    string // keys from the top, thresholds.login.p95; empty for the file as a whole
	Message string

	value   bool
	lacking bool
	missing string // the name that is used and not there, as AddMissing says
}

// OfValue reports whether one value or name is wrong where it stands, which no other indentation mends.
func (e *Error) OfValue() bool { return e.value }

// OfAbsence reports whether a key or name is not there that must be.
func (e *Error) OfAbsence() bool { return e.lacking }

// Error prints thresholds.yaml:LINE:COLUMN: path: what is wrong; what to write.
func (e *Error) Error() string {
	var b strings.Builder
	for _, part := range []string{e.Pos.String(), e.Path} {
		if part != "" {
			b.WriteString(part + ": ")
		}
	}
	b.WriteString(e.Message)
	return b.String()
}

// New makes a mistake of one line: long values are cut, and characters that control a
// terminal are written as escapes.
func New(pos Pos, path, format string, args ...any) *Error {
	return &Error{Pos: pos, Path: shorten(oneLineCut(path)),
		Message: shorten(oneLineCut(fmt.Sprintf(format, args...)))}
}

// Errors is every mistake of a file, in the order of the file; never empty
// when Decode returns it. Beyond a hundred the last one says how many more
// there are.
type Errors []*Error

// Error prints one mistake a line.
func (list Errors) Error() string {
	lines := make([]string, len(list))
	for i, e := range list {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the mistakes for errors.As.
func (list Errors) Unwrap() []error {
	errs := make([]error, len(list))
	for i, e := range list {
		errs[i] = e
	}
	return errs
}
