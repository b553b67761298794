// Package mistake is what is wrong in a file: each mistake with its place and what to write
// instead, one line each. It knows nothing of what the file is about.
package mistake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// List gathers what is wrong while a file is read, each once. The zero value is empty.
// It is not safe for concurrent use.
type List struct {
	All    Errors         // so far, in the order of discovery
	known  map[Error]bool // those of list: that of a login is found by each group that begins with it
	more   bool           // others were not looked for
	lost   []string       // paths of values that are unreadable, as Lose says
	stray  []string       // paths of objects, as Stray says
	mended []Pos          // as Mend says
}

// Count is how many mistakes there are so far.
func (m *List) Count() int { return len(m.All) }

// Mend marks the place of a text that was made readable, whose mistake is reported elsewhere in it.
func (m *List) Mend(pos Pos) { m.mended = append(m.mended, pos) }

// ReportedAt reports whether the file as a whole has a mistake at a place, such as one of YAML.
func (m *List) ReportedAt(pos Pos) bool {
	return slices.Contains(m.mended, pos) ||
		slices.ContainsFunc(m.All, func(e *Error) bool { return e.Path == "" && e.Pos == pos })
}

const (
	// Most are reported of one file; the rest are counted.
	Most = 100
	// maxSearched limits the unknown names for which all names of the file are searched
	// for one that was meant, among the steps and among the patterns of rules. Both go
	// through the file from its top, so that those that are reported are found.
	maxSearched = 3 * Most
)

// Enough reports whether the search may end: so many mistakes were added since there were
// that many.
func (m *List) Enough(since int) bool {
	m.more = m.more || len(m.All)-since >= maxSearched
	return len(m.All)-since >= maxSearched
}

// Forget removes the mistakes that were added since there were so many.
func (m *List) Forget(since int) {
	for _, e := range m.All[since:] {
		delete(m.known, *e)
	}
	m.All = m.All[:since]
}

// Add appends a mistake at a place of the file, and at a path of keys; "" is the file as a
// whole. One that is there already is not added again.
func (m *List) Add(pos Pos, path, format string, args ...any) { m.add(New(pos, path, format, args...)) }

// AddValue adds a mistake of one value or name, as OfValue says.
func (m *List) AddValue(pos Pos, path, format string, args ...any) {
	e := New(pos, path, format, args...)
	e.value = true
	m.add(e)
}

// AddAbsence adds a mistake of a key or name that is not there, as OfAbsence says.
func (m *List) AddAbsence(pos Pos, path, format string, args ...any) {
	e := New(pos, path, format, args...)
	e.lacking = true
	m.add(e)
}

// AddMissing adds a mistake of a use of a name that is not there; name says whose too. All uses of
// one are one mistake: the first is reported, and names the lines of the others.
func (m *List) AddMissing(name string, pos Pos, path, format string, args ...any) {
	e := New(pos, path, format, args...)
	e.missing = name
	m.add(e)
}

func (m *List) add(e *Error) {
	if m.known[*e] {
		return
	}
	m.All = append(m.All, e)
	if m.known == nil {
		m.known = map[Error]bool{}
	}
	m.known[*e] = true
}

// Err returns everything that was added, in file order and with secrets
// masked; nil when that is nothing.
func (m *List) Err(mask func(text string, more ...string) string) error {
	if len(m.All) == 0 {
		return nil
	}
	for _, e := range m.All {
		e.Message = mask(e.Message)
	}
	slices.SortStableFunc(m.All, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	m.All = oncePerName(m.All)
	if more := len(m.All) - Most; more > 0 {
		text := "and %d more mistakes; fix these first"
		if m.more {
			text = "and more than %d others; fix these first"
		}
		m.All = append(m.All[:Most],
			&Error{Pos: Pos{File: m.All[0].Pos.File}, Message: fmt.Sprintf(text, more)})
	}
	return m.All
}

// oncePerName keeps the first of the mistakes that come from one missing name, in the order of the file.
func oncePerName(all Errors) (kept Errors) {
	first, lines := map[string]*Error{}, map[*Error][]int{}
	for _, e := range all {
		one := first[e.missing]
		switch {
		case e.missing == "":
			kept = append(kept, e)
		case one == nil:
			first[e.missing], kept = e, append(kept, e)
		case e.Pos.Line != one.Pos.Line && !slices.Contains(lines[one], e.Pos.Line):
			lines[one] = append(lines[one], e.Pos.Line)
		}
	}
	for e, others := range lines {
		also := "; it"
		if strings.HasSuffix(e.Message, "?") {
			also = " It"
		}
		e.Message += also + " is used in " + listed(others) + " too"
	}
	return kept
}

// listed is some lines in words: the first few of them.
func listed(lines []int) string {
	const most = 5
	text := "line "
	if len(lines) > 1 {
		text = "lines "
	}
	for i, line := range lines[:min(len(lines), most)] {
		switch {
		case i > 0 && i == len(lines)-1:
			text += " and "
		case i > 0:
			text += ", "
		}
		text += fmt.Sprint(line)
	}
	if more := len(lines) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// Lose marks the value at a path as unreadable, because of a mistake of the file as a whole that is
// reported already.
func (m *List) Lose(path string) { m.lost = append(m.lost, path) }

// Lost reports whether anything is unreadable.
func (m *List) Lost() bool { return len(m.lost) > 0 }

// Stray marks the object at a path as one that has exactly one unknown key, which stands for
// another that is not known.
func (m *List) Stray(path string) { m.stray = append(m.stray, path) }

// Strays reports whether a key that an object lacks may be an unknown one of it, which is reported
// already.
func (m *List) Strays(path string) bool { return slices.Contains(m.stray, path) }

// Under reports whether something is wrong or unreadable at a path or below it: what follows from
// that is no mistake of its own.
func (m *List) Under(path string) bool {
	below := func(of string) bool {
		rest, ok := strings.CutPrefix(of, path)
		return ok && (rest == "" || path == "" || rest[0] == '.' || rest[0] == '[')
	}
	return slices.ContainsFunc(m.lost, below) ||
		slices.ContainsFunc(m.All, func(e *Error) bool { return below(e.Path) })
}
