package thresholds

import (
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// endsSoon is how long before its end an exception is announced: no gate should fail
// by the calendar without a warning.
const endsSoon = 14 * 24 * time.Hour

// exceptions builds those of a rule, or of the baseline section.
func (b *builder) exceptions(v *grammar.Value) []config.Exception {
	var all []config.Exception
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
			continue // reported already
		}
		e := config.Exception{Reason: entry.Get("reason").Text, Until: grammar.Or(entry.Get("until"), time.Time{}),
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
func (b *builder) ending(e config.Exception, entry *grammar.Value) {
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
