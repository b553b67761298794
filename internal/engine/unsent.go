package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
)

// captor is a name that steps of a group capture, with their endpoints.
type captor struct {
	name string
	by   []string
}

// captors are the names that the steps of a group capture, in the order of the
// file.
func captors(g *plan.Group) []captor {
	var all []captor
	for _, list := range [][]plan.Step{g.Start, g.Steps} {
		for _, s := range list {
			for _, c := range s.Capture {
				i := slices.IndexFunc(all, func(have captor) bool { return have.name == c.Name })
				if i < 0 {
					i, all = len(all), append(all, captor{name: c.Name})
				}
				if !slices.Contains(all[i].by, s.Step.Endpoint) {
					all[i].by = append(all[i].by, s.Step.Endpoint)
				}
			}
		}
	}
	return all
}

// reader is a part of a step that expressions stand in.
type reader interface{ Uses(name string) bool }

// blame says why a part of a step could not be made: where it reads a captured
// name that has no value, which one, and which steps should have captured it.
func (w *virtualUser) blame(s *step, place string, part reader, err error) error {
	for _, c := range s.captors {
		if value, ok := w.env.Get(c.name); ok && value != nil || !part.Uses(c.name) {
			continue
		}
		if strings.Contains(err.Error(), "nil") { // else it is not for want of a value
			return &missingError{captor: c}
		}
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

// holds says whether a request of a row is the first that the user did not
// send.
func (w *virtualUser) holds(row int) bool {
	if slices.Contains(w.held, row) {
		return false
	}
	w.held = append(w.held, row)
	return true
}
