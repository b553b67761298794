package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Error is one mistake in a file: where it is, what is wrong and what to
// write instead.
type Error struct {
	Pos     Pos
	Path    string // keys from the top, thresholds.login.p95; empty for the file as a whole
	Message string
}

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

// mistakes gathers what is wrong while a file is read.
type mistakes struct {
	list    Errors
	told    map[Error]bool      // those of list
	anchors map[*yaml.Node]bool // that were told: a choice of shapes looks at its node twice
	more    bool                // others were not looked for
}

const (
	maxMistakes = 100 // are reported of one file; the rest are counted
	// maxSearched are looked for among the steps, and among the patterns of rules: for
	// each of them all names of the file are searched for one that was meant. Both go
	// through the file from its top, so that those that are reported are found.
	maxSearched = 3 * maxMistakes
)

// enough says whether so many mistakes were found since there were some that the
// search may end.
func (m *mistakes) enough(since int) bool {
	m.more = m.more || len(m.list)-since >= maxSearched
	return len(m.list)-since >= maxSearched
}

// twice says whether a mistake was told already: that of a login is found by
// each group that begins with it.
func (m *mistakes) twice(e *Error) bool { return m.told[*e] }

// forget takes back what was told since there were so many mistakes.
func (m *mistakes) forget(since int) {
	for _, e := range m.list[since:] {
		delete(m.told, *e)
	}
	m.list = m.list[:since]
}

func (m *mistakes) add(pos Pos, path, format string, args ...any) {
	if e := (&Error{Pos: pos, Path: shorten(tidy(path)),
		Message: shorten(tidy(fmt.Sprintf(format, args...)))}); !m.twice(e) {
		m.list = append(m.list, e)
		if m.told == nil {
			m.told = map[Error]bool{}
		}
		m.told[*e] = true
	}
}

// shorten cuts the middle out of a long text: the remedy stands at the end.
func shorten(text string) string {
	const head, tail = 400, 200 // bytes
	if len(text) <= head+tail {
		return text
	}
	return strings.ToValidUTF8(text[:head], "") + " … " + strings.ToValidUTF8(text[len(text)-tail:], "")
}

// err returns everything that was added, in file order and with secrets
// masked; nil when that is nothing.
func (m *mistakes) err(mask func(text string, more ...string) string) error {
	if len(m.list) == 0 {
		return nil
	}
	for _, e := range m.list {
		e.Message = mask(e.Message)
	}
	slices.SortStableFunc(m.list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	if more := len(m.list) - maxMistakes; more > 0 {
		text := "and %d more mistakes; mend these first"
		if m.more {
			text = "and more than %d others; mend these first"
		}
		m.list = append(m.list[:maxMistakes],
			&Error{Pos: Pos{File: m.list[0].Pos.File}, Message: fmt.Sprintf(text, more)})
	}
	return m.list
}

// under says whether something is wrong at a path or below it: what follows
// from that is no mistake of its own.
func (m *mistakes) under(path string) bool {
	return slices.ContainsFunc(m.list, func(e *Error) bool {
		rest, ok := strings.CutPrefix(e.Path, path)
		return ok && (rest == "" || path == "" || rest[0] == '.' || rest[0] == '[')
	})
}
