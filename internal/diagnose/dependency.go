package diagnose

import (
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// fewestMissed is how many looks in a row have to fail before what they look at
// counts as gone.
const fewestMissed = 2

// gone is a stretch in which something that the service needs did not answer.
type gone struct {
	*result.Resource
	last  time.Duration // when it was last seen
	from  time.Duration // when it was first missed
	until time.Duration // when it was seen again; 0: never
	said  string        // what went wrong
}

// dependencyGone is a database, a cache or another service that answered, and
// then did not.
func dependencyGone(e *evidence.Run, x *surplus) []verdict.Cause {
	if e.Unresponsive() {
		return nil // the target itself is gone, and what is beside it may be too
	}
	var found []verdict.Cause
	var told []string
	for i := range e.Result.Resources {
		r := &e.Result.Resources[i]
		what, of := Dependency(r)
		g, ok := unanswered(e, r)
		if !of || !ok || slices.Contains(told, string(r.From)+r.Place) {
			continue
		}
		told = append(told, string(r.From)+r.Place)
		slots := map[int]bool{}
		until := g.until
		if until == 0 {
			until = e.Result.Elapsed + e.Window.Slot
		}
		e.Cover(slots, g.last, until)
		args := reason.Args{"dependency": what, "from": e.Wall(g.from), "problem": g.said}
		if g.until > 0 {
			args["until"] = e.Wall(g.until)
		}
		c := verdict.Cause{Because: reason.DependencyGone.With(args)}
		if f, names, ok := failedIn(e, slots); ok {
			c.Also = []reason.Reason{reason.FailuresThen.With(reason.Args{
				"label": evidence.Label(f), "from": e.Wall(f.First), "endpoints": names,
			})}
			c.Endpoints = names
		}
		found = append(found, fact(c, x.within(func(slot int) bool { return slots[slot] })...))
	}
	return found
}

// Dependency is what a resource belongs to, where that is not the service itself
// or the machine.
func Dependency(r *result.Resource) (name string, ok bool) {
	switch r.From {
	case metric.FromRedis:
		return "Redis", true
	case metric.FromPostgres:
		return "PostgreSQL", true
	case metric.FromMetricsPage, metric.FromJSON: // a path is the target's own
		return r.Name, strings.Contains(r.Place, "://")
	}
	return "", false
}

// unanswered is the longest stretch of looks that failed, after one that did not.
func unanswered(e *evidence.Run, r *result.Resource) (most gone, ok bool) {
	g, looks, seen, longest := gone{Resource: r}, 0, false, 0
	keep := func() {
		if seen && looks >= fewestMissed && looks > longest {
			most, ok, longest = g, true, looks
		}
	}
	for _, reading := range r.Readings {
		if reading.Problem == "" {
			if looks > 0 {
				g.until = reading.At
				keep()
			}
			g, looks, seen = gone{Resource: r, last: reading.At}, 0, true
			continue
		}
		if looks++; looks == 1 {
			g.from, g.said = reading.At, reading.Problem
		}
	}
	keep()
	return most, ok
}

// failedIn is the earliest failure that began in some slots, and the endpoints where any did.
func failedIn(e *evidence.Run, slots map[int]bool) (first result.Failure, names []string, ok bool) {
	for _, ep := range e.Endpoints {
		for _, f := range ep.Failures {
			if !f.Kind.Sent() || !slots[int(f.First/e.Window.Slot)] {
				continue
			}
			if !slices.Contains(names, ep.Name) {
				names = append(names, ep.Name)
			}
			if !ok || f.First < first.First {
				first, ok = f, true
			}
		}
	}
	return first, names, ok
}

// UnreadRemedy is what to do about looks that failed: mend the probe, but where
// they failed while the service did, mend that.
func UnreadRemedy(e *evidence.Run, w evidence.Watched) []reason.Reason {
	first := reason.FixProbe
	if DownWith(e, w) {
		first = reason.ServiceDownToo
	}
	return []reason.Reason{first.Plain(), reason.ReadFrom.With(reason.Args{"place": evidence.PlaceOf(w)})}
}

// DownWith says whether most of the looks that failed fell into a time in which
// the service failed or was silent itself.
func DownWith(e *evidence.Run, w evidence.Watched) bool {
	q, silent := e.Unanswered()
	down := 0
	for _, p := range w.Problems {
		slot := int(p.At / e.Window.Slot)
		within := func(o evidence.Outage) bool { return slot >= o.From-1 && slot <= o.To }
		if silent && p.At >= q.From-w.Every || slices.ContainsFunc(e.Outages, within) {
			down++
		}
	}
	return 2*down > len(w.Problems)
}
