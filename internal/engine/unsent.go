package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
)

// reader is a part of a step that may contain expressions.
type reader interface{ Uses(name string) bool }

// blame says why a part of a step could not be made: where it reads a captured
// name that has no value, which one, and which steps should have captured it.
func (w *virtualUser) blame(s *step, place string, part reader, err error) error {
	for _, c := range s.captors {
		if value, ok := w.env.Get(c.name); ok && value != nil || !part.Uses(c.name) {
			continue
		}
		if expr.OfNil(err) { // else no value is missing
			return &missingError{captor: c}
		}
	}
	return s.told(place, err)
}

// told is an error of an expression of the step with its place; of a secret step
// the place alone, since the error may quote the request or its answer.
func (s *step) told(place string, err error) error {
	if s.Secret {
		return fmt.Errorf("%s: the expression failed, and why is secret", place)
	}
	return fmt.Errorf("%s: %w", place, err)
}

// missingError is a captured name that has no value.
type missingError struct{ captor }

func (e *missingError) Error() string {
	return fmt.Sprintf("%s has no value: %s captured none", e.name, strings.Join(e.by, ", "))
}

// bodyReader are the expressions of a body.
type bodyReader struct{ *config.Body }

func (b bodyReader) Uses(name string) bool {
	return b.JSON != nil && b.JSON.Uses(name) || b.Text != nil && b.Text.Uses(name) ||
		slices.ContainsFunc(b.Form, func(f config.Field) bool { return f.Value.Uses(name) }) ||
		slices.ContainsFunc(b.Multipart, func(p config.Part) bool { return p.Text != nil && p.Text.Uses(name) })
}

// errLineBreak is a value that would end a header.
var errLineBreak = errors.New("the value holds a line break")
