package alert

import (
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/reason"
)

// Event is what one receiver has to be told, and the mark that remembers it.
type Event struct {
	Kind Kind
	Says reason.Reason // the zero value where it is over: Was has the words of then
	Was  string
	Over bool
	Run  baseline.Run // to be marked
	Told baseline.Told
	// after is the time of the mark that this one comes after, which may be of a clock that is ahead.
	after time.Time
}

// Key is by which a receiver knows the event again.
func (e Event) Key() string { return e.Told.Key }

// told is the newest mark of one state.
type told struct {
	baseline.Mark
	run baseline.Run
}

// Due are the events that a receiver was not told, by the marks of the runs: first what is over, then what began.
// The same runs give the same keys, so that two processes that ask at one time send one alert.
func (w Watch) Due(runs []baseline.Run, states []State, to string) []Event {
	last := map[string]told{}
	for _, r := range baseline.Ordered(runs) {
		for _, m := range r.Marks {
			if m.Told == nil || m.Told.To != to || !slices.Contains(w.scopes(), m.Told.Scope) {
				continue
			}
			if before, ok := last[m.Told.What]; !ok || !m.At.Before(before.At) {
				last[m.Told.What] = told{m, r}
			}
		}
	}
	var over, begun []Event
	current := map[string]bool{}
	for _, s := range states {
		current[s.what] = true
		before, known := last[s.what]
		switch {
		case known && !before.Told.Over && !s.news(before):
			continue
		case known && !before.Told.Over:
			over = append(over, before.over())
		}
		e := Event{Kind: s.Kind, Says: s.Says, Run: s.Run, after: before.At}
		key := "loadgate-" + hash(s.what, s.Run.ID, s.names())
		e.Told = baseline.Told{Scope: s.scope, What: s.what, Key: key, To: to}
		for _, sub := range s.subjects {
			e.Told.Subjects = append(e.Told.Subjects, sub.name)
		}
		begun = append(begun, e)
	}
	for _, t := range last {
		if !t.Told.Over && !current[t.Told.What] {
			over = append(over, t.over())
		}
	}
	slices.SortFunc(over, func(a, b Event) int { return strings.Compare(a.Told.What, b.Told.What) })
	return append(over, begun...)
}

// over ends what was told. The mark goes to the run that has the first one, so that none is pruned alone.
func (t told) over() Event {
	e := Event{Was: t.Reason, Over: true, Run: t.run, Told: *t.Told, after: t.At}
	kind, _, _ := strings.Cut(t.Told.Scope, " ")
	e.Kind, e.Told.Over = Kind(kind), true
	return e
}

// news says whether there is more to tell than before: another endpoint, or a change after the run that had the mark.
func (s State) news(before told) bool {
	return slices.ContainsFunc(s.subjects, func(sub subject) bool {
		return !slices.Contains(before.Told.Subjects, sub.name) || sub.since.After(before.run.Started)
	})
}

func (s State) names() string {
	var names []string
	for _, sub := range s.subjects {
		names = append(names, sub.name)
	}
	return joined(names...)
}

// Mark is what remembers an event that was told in these words. It is newer than the mark before, whatever the time.
func (e Event) Mark(words string, at time.Time) baseline.Mark {
	if !at.After(e.after) {
		at = e.after.Add(time.Nanosecond)
	}
	return baseline.Mark{Reason: words, By: "loadgate history alert", At: at, Told: &e.Told}
}
