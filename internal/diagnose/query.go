package diagnose

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Queries of one request from which it is asked whether one would do, and how
// many endpoints are told by name.
const (
	manyCalls = 5
	mostTold  = 3
)

// manyQueries is one request that makes many queries where one would do: N+1. By
// what the try-out counted in the database, or by what the answers tell.
func manyQueries(e *evidence.Run, x *surplus) []verdict.Cause {
	var found []verdict.Cause
	told := map[string]bool{}
	for _, t := range e.Result.Tried {
		if t.Calls < manyCalls || told[t.Endpoint] {
			continue
		}
		told[t.Endpoint] = true
		calls := reason.TriedCalls.With(reason.Args{"calls": t.Calls, "query": shortQuery(t.Query)})
		found = append(found, fact(nPlusOne(t.Endpoint, calls, inAll(e, t)...), x.at(t.Endpoint)))
	}
	type counted struct {
		name  string
		each  float64
		calls int64
		time  time.Duration // for each request
	}
	var all []counted
	for _, ep := range e.Endpoints {
		for _, t := range ep.Server {
			if t.Requests > 0 && !told[ep.Name] && float64(t.Calls) >= manyCalls*float64(t.Requests) {
				all = append(all, counted{ep.Name, float64(t.Calls) / float64(t.Requests),
					t.Calls, t.Time / time.Duration(t.Requests)})
				told[ep.Name] = true
			}
		}
	}
	slices.SortStableFunc(all, func(a, b counted) int { return cmp.Compare(b.calls, a.calls) })
	for _, c := range all[:min(len(all), mostTold)] {
		calls := reason.TimedCalls.With(reason.Args{
			"each": math.Round(10*c.each) / 10, "calls": c.calls, "time": c.time,
		})
		found = append(found, fact(nPlusOne(c.name, calls), x.at(c.name)))
	}
	return found
}

func nPlusOne(endpoint string, calls reason.Reason, also ...reason.Reason) verdict.Cause {
	return verdict.Cause{
		Because: reason.ManyQueries.With(reason.Args{"endpoint": endpoint, "calls": calls}), Also: also,
		Endpoints: []string{endpoint},
	}
}

// inAll is how often the statement was called in the run.
func inAll(e *evidence.Run, t result.Tried) []reason.Reason {
	for _, s := range e.Result.Statements {
		if s.Query == t.Query && s.Calls > 0 {
			return []reason.Reason{reason.CallsInRun.With(reason.Args{"calls": s.Calls, "time": s.Time})}
		}
	}
	return nil
}

// shortQuery is a statement on one line, cut.
func shortQuery(query string) string {
	const most = 120
	text := strings.Join(strings.Fields(query), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return text
}

// mostOf is the share of the time from which something is the cost.
const mostOf = 0.5

// databaseCost says where the time of a slow run goes, where it goes into
// statements: by the database's own count of the time in them, and by what
// answers tell.
func databaseCost(e *evidence.Run, x *surplus) []verdict.Cause {
	if !x.slowness() {
		return nil
	}
	var found []verdict.Cause
	if c, ok := statementCost(e); ok {
		found = append(found, inSlow(c, x))
	}
	type part struct {
		name     string
		of, mean time.Duration
	}
	var all []part
	for _, ep := range e.Endpoints {
		mean, ok := e.Tally(evidence.Group{ep}, e.Window, estimate.Intended).Latency.Mean()
		each := databaseTime(ep)
		if ok && each > 0 && float64(each) >= mostOf*float64(mean) {
			all = append(all, part{ep.Name, each, mean})
		}
	}
	slices.SortStableFunc(all, func(a, b part) int { return cmp.Compare(b.mean, a.mean) })
	if len(all) == 0 {
		return found
	}
	explained, over := 0.0, sum(x.slow).over
	for _, p := range all {
		explained += x.endpoints[p.name].over * min(1, float64(p.of)/float64(p.mean))
	}
	var names []string
	var parts []reason.Reason
	for _, p := range all[:min(len(all), mostTold)] {
		names = append(names, p.name)
		parts = append(parts, reason.TimeAtEndpoint.With(reason.Args{"time": p.of, "mean": p.mean, "endpoint": p.name}))
	}
	return append(found, observed(verdict.Cause{
		Endpoints: names,
		Because:   reason.DatabaseTimeOwn.With(reason.Args{"count": len(all), "endpoints": parts}),
	}, size{explained / max(over, 1), verdict.OfSlow, over > 0}))
}

// databaseTime is the time in the database that answers of an endpoint report, for each
// request; 0: they report none. Of several timings it is the longest, as one may be a part of
// another.
func databaseTime(ep *result.Endpoint) time.Duration {
	var longest time.Duration
	for _, t := range ep.Server {
		name := strings.ToLower(t.Name)
		database := strings.Contains(name, "db") || strings.Contains(name, "sql") ||
			strings.Contains(name, "database")
		if database && t.Requests > 0 {
			longest = max(longest, t.Time/time.Duration(t.Requests))
		}
	}
	return longest
}

// inSlow drops the size of a cause where no request is above its limit.
func inSlow(c verdict.Cause, x *surplus) verdict.Cause {
	if !x.any() {
		c.Size = verdict.Value{}
	}
	return c
}

// statementCost is the statements that took most of the database's time.
func statementCost(e *evidence.Run) (verdict.Cause, bool) {
	var spent time.Duration
	for _, s := range e.Result.Statements {
		spent += s.Time
	}
	var waited time.Duration // of all requests together
	for _, ep := range e.Endpoints {
		for _, s := range ep.Slots {
			waited += s.Phases.FirstByte + s.Phases.Body
		}
	}
	if spent <= 0 || waited <= 0 || float64(spent) < mostOf*float64(waited) {
		return verdict.Cause{}, false
	}
	var parts []reason.Reason
	for _, s := range e.Result.Statements[:min(len(e.Result.Statements), mostTold)] {
		parts = append(parts, reason.StatementTime.With(reason.Args{
			"time": s.Time, "calls": s.Calls, "query": shortQuery(s.Query),
		}))
	}
	return verdict.Cause{
		Because: reason.DatabaseTime.With(reason.Args{
			"spent": spent, "waited": waited, "share": evidence.Share(float64(spent) / float64(waited)),
			"statements": parts,
		}),
		Size: verdict.Measured(evidence.Share(min(1, float64(spent)/float64(waited)))), Of: verdict.OfSlow,
	}, true
}
