package evidence

import (
	"cmp"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// What makes a stretch of failing seconds worth a finding: an outage lasts, a
// blip is many requests in however short a time. What fails nearly all the time
// never worked, and is no outage.
const (
	outageTime     = 3 * time.Second
	outageRequests = 10
	blipRequests   = 20
	neverWorked    = 0.9 // of the measured time
)

// outagesOf finds the outages and blips of the measured time: those of all
// requests together, and those of endpoints that the former do not cover,
// joined where they overlap.
func outagesOf(e *Run) []Outage {
	if e.Summed || e.Window.Slots == 0 {
		return nil
	}
	asked := working(e)
	found := stretches(e, asked, true)
	for _, ep := range asked {
		for _, o := range stretches(e, Group{ep}, false) {
			found = withOutage(found, o)
		}
	}
	slices.SortStableFunc(found, func(a, b Outage) int { return cmp.Compare(a.From, b.From) })
	return found
}

// withOutage adds an outage of one endpoint: joined with those of other endpoints that it
// overlaps, and not at all where it overlaps one of all requests.
func withOutage(found []Outage, o Outage) []Outage {
	if slices.ContainsFunc(found, func(other Outage) bool { return other.Every && other.overlaps(o) }) {
		return found
	}
	return joinedTo(found, o, func(o *Outage, other Outage) bool {
		if !other.overlaps(*o) {
			return false
		}
		o.From, o.To = min(other.From, o.From), max(other.To, o.To)
		o.Requests, o.Failed = o.Requests+other.Requests, o.Failed+other.Failed
		o.Group = o.Group.with(other.Group)
		return true
	})
}

// working are the endpoints that were asked in the measured time, without those
// that never worked: these would make every other second one in which half of
// all requests fail.
func working(e *Run) Group {
	var asked Group
	for _, ep := range e.Endpoints {
		t := e.Tally(Group{ep}, e.Window, estimate.Intended)
		if !ep.Once.Any() && t.Requests > 0 && float64(t.Failed) < neverWorked*float64(t.Requests) {
			asked = append(asked, ep)
		}
	}
	return asked
}

// stretches are the outages and blips of a group taken together. What the
// generator's machine refused itself, and what ended while it stood still, is no
// failure of the service.
func stretches(e *Run, g Group, every bool) []Outage {
	seconds := e.Tally(g, e.Window, estimate.Intended).BySecond(e.OwnFailures)
	var found []Outage
	for _, s := range stat.Stretches(seconds) {
		o := Outage{
			Group: slices.Clone(g), Every: every, From: e.Window.First + s.From, To: e.Window.First + s.To,
			Requests: int64(s.N), Failed: int64(s.Hits),
		}
		if float64(s.To-s.From) < neverWorked*float64(len(seconds)) && (o.Lasts(e.Window.Slot) ||
			o.Requests >= blipRequests) {
			found = append(found, o)
		}
	}
	return found
}

// OwnFailures are those of a second that the generator's machine made itself.
func (e *Run) OwnFailures(s estimate.Second) int64 {
	if e.Generator.Exhausted {
		return s.Refused
	}
	return 0
}

// StretchOf is a stretch of slots by the clock.
func (e *Run) StretchOf(from, to int) reason.Reason {
	slot := e.Window.Slot
	args := reason.Args{"from": e.Wall(time.Duration(from) * slot)}
	if to < e.Window.First+e.Window.Slots {
		args["until"] = e.Wall(time.Duration(to) * slot)
	}
	return reason.TimeStretch.With(args)
}

// FirstFailure is the earliest failure of those that began in an outage, or else the most
// frequent of those that were seen in it.
func FirstFailure(e *Run, o Outage) (first result.Failure, ok bool) {
	begin, end := time.Duration(o.From)*e.Window.Slot, time.Duration(o.To)*e.Window.Slot
	inside := func(f result.Failure) bool { return f.First >= begin && f.First < end }
	for _, ep := range o.Group {
		for _, f := range ep.Failures {
			if f.Last < begin || f.First >= end || !f.Kind.Sent() {
				continue
			}
			better := f.Count > first.Count
			switch {
			case inside(f) != inside(first):
				better = inside(f)
			case inside(f) && f.First != first.First:
				better = f.First < first.First
			}
			if !ok || better {
				first, ok = f, true
			}
		}
	}
	return first, ok
}

// OutageIn is the outage of which the failures of a group alone reach a limit on
// their share, in (0,1]; false: there is none.
func (e *Run) OutageIn(g Group, limit float64) (Outage, bool) {
	at := slices.IndexFunc(e.Outages, func(o Outage) bool { return e.Reaches(o, g, limit) })
	if at < 0 {
		return Outage{}, false
	}
	return e.Outages[at], true
}

// Reaches says whether the failures of a group in an outage alone reach a limit on their share
// of its requests in the whole run, in (0,1].
func (e *Run) Reaches(o Outage, g Group, limit float64) bool {
	if e.Ongoing || limit <= 0 || !o.Lasts(e.Window.Slot) || !o.Every && !o.Group.Meets(g) {
		return false
	}
	t := e.Tally(g, e.Window, estimate.Intended)
	failed := int64(0)
	for _, s := range t.Seconds[o.From-e.Window.First : o.To-e.Window.First] {
		failed += s.Failed - e.OwnFailures(s)
	}
	return float64(failed) >= limit*float64(t.Requests)
}
