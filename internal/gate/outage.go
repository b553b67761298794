package gate

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
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

// outage is a stretch of the measured time in which most requests of some
// endpoints failed.
type outage struct {
	group    group
	every    bool // all requests of the run together
	from, to int  // slots since the start of the run
	requests int64
	failed   int64
}

// lasts says whether it is an outage, and no blip.
func (o outage) lasts(slot time.Duration) bool {
	return time.Duration(o.to-o.from)*slot >= outageTime && o.requests >= outageRequests
}

func (o outage) overlaps(other outage) bool { return o.from < other.to && other.from < o.to }

// outagesOf finds the outages and blips of the measured time: those of all
// requests together, and those of endpoints that the former do not cover,
// joined where they overlap.
func (e *evidence) outagesOf() []outage {
	if e.summed || e.window.Slots == 0 {
		return nil
	}
	asked := e.working()
	found := e.stretches(asked, true)
	for _, ep := range asked {
		for _, o := range e.stretches(group{ep}, false) {
			at := slices.IndexFunc(found, o.overlaps)
			switch {
			case at < 0:
				found = append(found, o)
			case !found[at].every:
				joined := &found[at]
				joined.from, joined.to = min(joined.from, o.from), max(joined.to, o.to)
				joined.group = append(joined.group, o.group...)
				joined.requests, joined.failed = joined.requests+o.requests, joined.failed+o.failed
			}
		}
	}
	slices.SortStableFunc(found, func(a, b outage) int { return cmp.Compare(a.from, b.from) })
	return found
}

// working are the endpoints that were asked in the measured time, without those
// that never worked: these would make every other second one in which half of
// all requests fail.
func (e *evidence) working() group {
	var asked group
	for _, ep := range e.endpoints {
		t := e.tally(group{ep}, e.window, intended)
		if !ep.Start && t.requests > 0 && float64(t.failed) < neverWorked*float64(t.requests) {
			asked = append(asked, ep)
		}
	}
	return asked
}

// stretches are the outages and blips of a group taken together. What the
// generator's machine refused itself, and what ended while it stood still, is no
// failure of the service.
func (e *evidence) stretches(g group, every bool) []outage {
	seconds := e.tally(g, e.window, intended).bySecond(e.ownFailures)
	var found []outage
	for _, s := range stat.Stretches(seconds) {
		o := outage{
			group: slices.Clone(g), every: every, from: e.window.First + s.From, to: e.window.First + s.To,
			requests: int64(s.N), failed: int64(s.Hits),
		}
		if float64(s.To-s.From) < neverWorked*float64(len(seconds)) && (o.lasts(e.window.Slot) ||
			o.requests >= blipRequests) {
			found = append(found, o)
		}
	}
	return found
}

// ownFailures are those of a second that the generator's machine made itself.
func (e *evidence) ownFailures(s second) int64 {
	if e.generator.exhausted {
		return s.refused
	}
	return 0
}

// outages tells of stretches in which a part of the service failed. Those that
// break a limit on failures alone fail the run, in the row of that limit; here
// they say when, and what.
func outages(e *evidence) []Check {
	if e.silenced() {
		return nil // which says more
	}
	var checks []Check
	for _, o := range e.outages {
		c := Check{Subject: "outage", Outcome: Warn, Shown: true, Requests: o.requests}
		if !o.lasts(e.window.Slot) {
			c.Subject = "blip"
		}
		if e.outageBreaks(o) {
			c.Outcome = Fail
		}
		who := "of all endpoints"
		if !o.every {
			c.Endpoints = o.group.names()
			who = named(c.Endpoints)
		}
		c.Reason = fmt.Sprintf("%s: %s of %s failed, %s", e.stretchText(o.from, o.to), unit.Grouped(o.failed),
			requests(o.requests), who)
		c.Remedy = "look at the service's log, and at what it depends on, at " +
			e.wall(time.Duration(o.from)*e.window.Slot)
		if f, ok := e.firstFailure(o); ok {
			reason, remedy := Explain(f.Kind, f.Status, f.Detail)
			c.Reason += fmt.Sprintf("; first answer: %s, %s", label(f), reason)
			if remedy != "" {
				c.Remedy += "; " + remedy
			}
		}
		checks = append(checks, c)
	}
	return checks
}

// stretchText is a stretch of slots as people read it, by the clock.
func (e *evidence) stretchText(from, to int) string {
	slot := e.window.Slot
	text := e.wall(time.Duration(from) * slot)
	if to >= e.window.First+e.window.Slots {
		return text + " to the end"
	}
	return text + "–" + e.wall(time.Duration(to)*slot)
}

// named is a few endpoints in words.
func named(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
}

// firstFailure is the failure that an outage began with: of those that were seen
// in it, the earliest, or else the most frequent.
func (e *evidence) firstFailure(o outage) (first result.Failure, ok bool) {
	begin, end := time.Duration(o.from)*e.window.Slot, time.Duration(o.to)*e.window.Slot
	inside := func(f result.Failure) bool { return f.First >= begin && f.First < end }
	for _, ep := range o.group {
		for _, f := range ep.Failures {
			if f.Last < begin || f.First >= end || !f.Kind.Sent() {
				continue
			}
			better := inside(f) && (!inside(first) || f.First < first.First) || inside(f) == inside(first) &&
				f.Count > first.Count
			if !ok || better {
				first, ok = f, true
			}
		}
	}
	return first, ok
}

// outageIn is the outage of which the failures of a group alone reach a limit on
// their share, in (0,1]; false: there is none.
func (e *evidence) outageIn(g group, limit float64) (outage, bool) {
	if e.ongoing || limit <= 0 {
		return outage{}, false
	}
	t := e.tally(g, e.window, intended)
	for _, o := range e.outages {
		if !o.lasts(e.window.Slot) {
			continue
		}
		failed := int64(0)
		for _, s := range t.seconds[o.from-e.window.First : o.to-e.window.First] {
			failed += s.failed - e.ownFailures(s)
		}
		if (o.every || o.group.meets(g)) && float64(failed) >= limit*float64(t.requests) {
			return o, true
		}
	}
	return outage{}, false
}

// outageBreaks says whether the outage alone breaks a limit of the file.
func (e *evidence) outageBreaks(o outage) bool {
	for _, rule := range e.config.Rules {
		if !rule.Applies(e.result.Profile) {
			continue
		}
		for _, l := range rule.Limits {
			if !l.Metric.Share() || !l.HasFail {
				continue
			}
			f := figure{metric: l.Metric}
			for _, g := range e.limited(rule) {
				if by, ok := e.outageIn(g, f.turn(l.Fail)); ok && by.from == o.from && by.to == o.to {
					return true
				}
			}
		}
	}
	return false
}

// limited are the groups that each have to keep a rule's limit on failures, start
// steps left out.
func (e *evidence) limited(rule config.Rule) []group {
	all := slices.DeleteFunc(e.matching(rule), func(ep *result.Endpoint) bool { return ep.Start })
	var groups []group
	if rule.Scope != config.Each && len(all) > 0 {
		groups = append(groups, all)
	}
	if rule.Scope != config.Combined {
		for _, ep := range all {
			groups = append(groups, group{ep})
		}
	}
	return groups
}
