package config

import (
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// Exception leaves endpoints out of a rule, or out of the comparison with
// earlier runs. They are sent and measured all the same.
type Exception struct {
	Patterns []string // as those of a rule
	Reason   string   // one line; never empty after Decode
	Until    time.Time
	// Ended says that Until has come, by Options.Now: the rule holds for the
	// endpoints again.
	Ended bool
	Pos   mistake.Pos // of the first pattern
}

// Day is the day from which on an exception counts no longer, as the file has
// it; empty: it has no end.
func (e Exception) Day() string {
	if e.Until.IsZero() {
		return ""
	}
	return e.Until.Format(time.DateOnly)
}

// endsSoon is how long before its end an exception is told of: a gate should not
// fail by the calendar before anybody was told.
const endsSoon = 14 * 24 * time.Hour

// exceptions builds those of a rule, or of the baseline section.
func (b *builder) exceptions(v *grammar.Value) []Exception {
	var all []Exception
	lines := map[string]int{}
	for _, entry := range entries(v) {
		patterns := entry.Get("endpoint").List()
		for _, pattern := range patterns {
			if line, twice := lines[pattern.Text]; twice {
				b.Add(pattern.Pos, pattern.Path, "%q is left out in line %d already; keep one", pattern.Text, line)
				continue
			}
			lines[pattern.Text] = pattern.Pos.Line
		}
		if len(patterns) == 0 || entry.Get("reason") == nil {
			continue // told already
		}
		e := Exception{Reason: entry.Get("reason").Text, Until: grammar.Or(entry.Get("until"), time.Time{}),
			Pos: patterns[0].Pos}
		e.Patterns = entry.Get("endpoint").Texts()
		if !e.Until.IsZero() {
			e.Ended = b.options.Now.IsZero() || !b.options.Now.Before(e.Until)
			b.ending(e, entry)
		}
		all = append(all, e)
	}
	return all
}

// entries are the items of a list that may be written without brackets when it
// has one.
func entries(v *grammar.Value) []*grammar.Value {
	if v != nil && v.Kind == grammar.ObjectKind {
		return []*grammar.Value{v}
	}
	return v.List()
}

// ending warns of an exception that counts no longer, or soon will not.
func (b *builder) ending(e Exception, entry *grammar.Value) {
	until, name := entry.Get("until"), mistake.Show(e.Patterns[0])
	switch left := e.Until.Sub(b.options.Now); {
	case b.options.Now.IsZero():
	case e.Ended:
		b.warn(until, "the exception of %s ended on %s (%s): the limits hold for it again; "+
			"delete the exception, or write a later until", name, e.Day(), mistake.Show(e.Reason))
	case left <= endsSoon:
		b.warn(until, "the exception of %s ends on %s (%s): from then on the limits hold for it again",
			name, e.Day(), mistake.Show(e.Reason))
	}
}

func (b *builder) warn(v *grammar.Value, format string, args ...any) {
	b.config.Warnings = append(b.config.Warnings,
		mistake.New(v.Pos, v.Path, format, args...))
}

// exceptional finds exceptions that cannot be meant: of nothing, of what the
// rule does not speak of, or of all that it speaks of. Speaks says whether the
// rule speaks of an endpoint, exceptions aside.
func (b *builder) exceptional(v *grammar.Value, known []Step, speaks func(name string, start, transaction bool) bool,
	whose string) {
	var patterns []*grammar.Value
	for _, entry := range entries(v) {
		patterns = append(patterns, entry.Get("endpoint").List()...)
	}
	if len(patterns) == 0 || b.Under(v.Path) {
		return
	}
	for _, pattern := range patterns {
		told := b.Count()
		if b.pattern(pattern, known); b.Count() > told {
			continue
		}
		spoken, name := false, ""
		b.everything(known, func(row string, start, transaction bool) {
			if matches([]string{pattern.Text}, row, start, transaction) {
				spoken, name = spoken || speaks(row, start, transaction), row
			}
		})
		if !spoken {
			b.Add(pattern.Pos, pattern.Path, "%s does not speak of %s; leave the exception out",
				whose, mistake.Show(name))
		}
	}
	if b.Under(v.Path) {
		return
	}
	left := 0
	b.everything(known, func(row string, start, transaction bool) {
		if speaks(row, start, transaction) && !matches(texts(patterns), row, start, transaction) {
			left++
		}
	})
	if left == 0 {
		b.Add(v.Pos, v.Path, "leaves out all that %s speaks of; keep something, or delete it", whose)
	}
}

// nothingCompared refuses an exception of everything in the baseline section,
// whatever endpoints and transactions there are: it would switch the comparison off.
func (b *builder) nothingCompared(v *grammar.Value) {
	for _, entry := range entries(v) {
		for _, pattern := range entry.Get("endpoint").List() {
			if strings.Trim(pattern.Text, "*") == "" && !b.Under(v.Path) {
				b.Add(pattern.Pos, pattern.Path,
					"%q leaves out all that is compared; keep something, or leave the baseline section out",
					pattern.Text)
			}
		}
	}
}

// everything calls f with every endpoint and transaction of the file.
func (b *builder) everything(known []Step, f func(name string, start, transaction bool)) {
	for _, step := range known {
		f(step.Endpoint, step.Start, false)
	}
	for _, t := range b.config.Transactions {
		f(t.Name, false, true)
	}
}

func texts(list []*grammar.Value) []string {
	var all []string
	for _, v := range list {
		all = append(all, v.Text)
	}
	return all
}

// matches says whether one of the patterns is the name, or fits it. Only * is
// special: it stands for any text. Start steps and transactions are matched by
// their whole name alone.
func matches(patterns []string, name string, start, transaction bool) bool {
	for _, pattern := range patterns {
		if pattern == name || !start && !transaction && glob(pattern, name) {
			return true
		}
	}
	return false
}

// exceptionOf is the exception of an endpoint or transaction, one that counts
// before one that has ended; false: there is none.
func exceptionOf(list []Exception, name string, start, transaction bool) (found Exception, ok bool) {
	for _, e := range list {
		if matches(e.Patterns, name, start, transaction) && (!ok || found.Ended && !e.Ended) {
			found, ok = e, true
		}
	}
	return found, ok
}

// ExceptionOf is the exception of what the rule would speak of, one that counts
// before one that has ended; false: there is none. transaction: the name is of one.
func (r Rule) ExceptionOf(name string, start, transaction bool) (Exception, bool) {
	if !matches(r.Patterns, name, start, transaction) {
		return Exception{}, false
	}
	return exceptionOf(r.Except, name, start, transaction)
}

// Whole is the rule without its exceptions.
func (r Rule) Whole() Rule {
	r.Except = nil
	return r
}

// speaks says whether the rule speaks of an endpoint or transaction.
func (r Rule) speaks(name string, start, transaction bool) bool {
	if !matches(r.Patterns, name, start, transaction) {
		return false
	}
	e, ok := exceptionOf(r.Except, name, start, transaction)
	return !ok || e.Ended
}
