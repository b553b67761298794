// Package alert says which states of a series of runs people should know: a level that changed for the worse, a
// baseline that no longer counts, a time without runs; and which of them they were not told yet. It sends nothing
// and knows no receiver.
package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
)

// Watch is what is looked for.
type Watch struct {
	Now       time.Time
	SilentFor time.Duration // without a run, from which it is a state
	Metric    metric.Metric // whose level is watched
	Least     float64       // the smallest change for the worse, as a share
	// Runs names the runs that are watched, such as a branch: alerts of other watches are not touched.
	Runs string
}

// Kind is what kind of state it is.
type Kind string

// The kinds.
const (
	Slower     Kind = "change"
	NoBaseline Kind = "baseline"
	Silent     Kind = "silent"
)

// State is one that people should know.
type State struct {
	Kind     Kind
	Says     reason.Reason
	Run      baseline.Run // the newest of the series
	subjects []subject
	scope    string
	what     string
}

// subject is an endpoint whose level changed, and with which run.
type subject struct {
	name  string
	since time.Time
}

// series are runs that belong together, oldest first. Another load is in the series too: an edit of the file does not
// begin another one.
type series []baseline.Run

// grouped are the runs by what key says of them, in the order in which each series began.
func grouped(runs []baseline.Run, key func(baseline.Run) string) (all []series) {
	at := map[string]int{}
	for _, r := range baseline.Ordered(runs) {
		k := key(r)
		i, known := at[k]
		if !known {
			i = len(all)
			at[k], all = i, append(all, nil)
		}
		all[i] = append(all[i], r)
	}
	return all
}

func gate(r baseline.Run) string { return joined(r.Name, r.Profile) }

// places are the series of each host and class of runner; of all hosts where the newest run may be compared with any.
// Each has a key, which names it as long as there are runs like its newest.
func places(runs []baseline.Run) (all []series, keys []string) {
	for _, s := range grouped(runs, func(r baseline.Run) string { return joined(gate(r), r.Kind().Class) }) {
		class := s.newest().Kind().Class
		host := baseline.Run.Host
		if s.newest().AnyHost {
			host = func(baseline.Run) string { return baseline.AnyHost }
		}
		for _, one := range grouped(s, host) {
			all, keys = append(all, one), append(keys, joined(gate(one.newest()), host(one.newest()), class))
		}
	}
	return all, keys
}

func joined(parts ...string) string { return strings.Join(parts, "\x00") }

func (s series) newest() baseline.Run { return s[len(s)-1] }

// States are those of the runs, in the order of the series.
func (w Watch) States(runs []baseline.Run) []State {
	var all []State
	add := func(kind Kind, key string, s series, says reason.Reason, subjects []subject) {
		if says.Given() {
			scope := w.scope(kind)
			all = append(all, State{Kind: kind, Says: says, Run: s.newest(), subjects: subjects, scope: scope,
				what: hash(scope, key)})
		}
	}
	at, keys := places(runs)
	for i, s := range at {
		says, subjects := w.slower(s)
		add(Slower, keys[i], s, says, subjects)
		add(NoBaseline, keys[i], s, noBaseline(s), nil)
	}
	for _, s := range grouped(runs, gate) {
		add(Silent, gate(s.newest()), s, w.silent(s), nil)
	}
	return all
}

// scope says what a kind of state is watched in: the same question to the same runs.
func (w Watch) scope(kind Kind) string {
	parts := []string{string(kind)}
	if kind == Slower {
		parts = append(parts, w.Metric.Name())
	}
	if w.Runs != "" {
		parts = append(parts, w.Runs)
	}
	return strings.Join(parts, " ")
}

func (w Watch) scopes() []string {
	var all []string
	for _, kind := range []Kind{Slower, NoBaseline, Silent} {
		all = append(all, w.scope(kind))
	}
	return all
}

// silent is a series without a run for too long. A profile that ran less often than a comparison takes is no
// series that is missed.
func (w Watch) silent(s series) reason.Reason {
	begun := s // but not by a clock that is ahead: nothing is known of the time since
	for len(begun) > 0 && begun.newest().Started.After(w.Now) {
		begun = begun[:len(begun)-1]
	}
	if len(s) < baseline.Fewest || len(begun) == 0 {
		return reason.Reason{}
	}
	last := begun.newest().Started
	since := w.Now.Sub(last)
	if since < w.SilentFor {
		return reason.Reason{}
	}
	args := reason.Args{"at": last.UTC()}
	if days := int(since / (24 * time.Hour)); days > 0 {
		args["days"] = days
	} else {
		args["hours"] = int(since / time.Hour)
	}
	return reason.AlertSilent.With(args)
}

// noBaseline is a series whose next run is not compared, although it has enough runs that count. That people have
// accepted a run, and with it a new beginning, is no such state.
func noBaseline(s series) reason.Reason {
	counting := 0
	for _, r := range s {
		if mark, marked := r.Mark(); r.Counts() || marked && !mark.Accepted {
			counting++ // or did, until somebody rejected it
		}
	}
	next := s.newest()
	next.Started = next.Started.Add(time.Nanosecond)
	past := baseline.Select(s, baseline.Query{Run: next})
	accepted := slices.ContainsFunc(past.Left, func(l baseline.Left) bool { return l.Why == reason.PastBeforeAccepted })
	if counting < baseline.Fewest || len(past.Runs) >= baseline.Fewest || accepted {
		return reason.Reason{}
	}
	args := reason.Args{"fewest": baseline.Fewest, "count": len(past.Runs)}
	var left []reason.Reason
	for _, l := range past.Left {
		left = append(left, reason.AlertLeft.With(reason.Args{"count": l.Runs, "why": l.Why.Plain()}))
	}
	if left != nil {
		args["left"] = left
	}
	return reason.AlertNoBaseline.With(args)
}

// hash is a short name for several words.
func hash(words ...string) string {
	sum := sha256.Sum256([]byte(joined(words...)))
	return hex.EncodeToString(sum[:16])
}
