package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
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
		found = append(found,
			fact(nPlusOne(t.Endpoint, fmt.Sprintf("one request of the try-out made %d calls of: %s%s", t.Calls,
				shortQuery(t.Query), inAll(e, t))), x.at(t.Endpoint)))
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
		found = append(found, fact(nPlusOne(c.name,
			fmt.Sprintf("its answers tell of %s queries a request, %s in all, and of %s for them (Server-Timing)",
				strings.TrimSuffix(fmt.Sprintf("%.1f", c.each), ".0"),
				unit.Grouped(c.calls), unit.Of(c.time))), x.at(c.name)))
	}
	return found
}

func nPlusOne(endpoint, evidence string) verdict.Cause {
	return verdict.Cause{
		Title: "N+1 queries at " + endpoint, Endpoints: []string{endpoint}, Evidence: evidence,
		Next: "fetch them with one query (a join, IN, or the eager loading of the mapper)",
	}
}

// inAll is how often the statement was called in the run.
func inAll(e *evidence.Run, t result.Tried) string {
	for _, s := range e.Result.Statements {
		if s.Query == t.Query && s.Calls > 0 {
			return fmt.Sprintf("; in the run it was called %s times, for %s in all",
				unit.Grouped(s.Calls), unit.Of(s.Time))
		}
	}
	return ""
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
		for _, t := range ep.Server {
			name := strings.ToLower(t.Name)
			database := strings.Contains(name, "db") || strings.Contains(name, "sql") ||
				strings.Contains(name, "database")
			if !ok || !database || t.Requests == 0 {
				continue
			}
			if each := t.Time / time.Duration(t.Requests); float64(each) >= mostOf*float64(mean) {
				all = append(all, part{ep.Name, each, mean})
			}
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
	var names, parts []string
	for _, p := range all[:min(len(all), mostTold)] {
		names = append(names, p.name)
		parts = append(parts, fmt.Sprintf("%s of %s at %s", unit.Of(p.of), unit.Of(p.mean), p.name))
	}
	return append(found, observed(verdict.Cause{
		Title: "the time goes into the database", Endpoints: names,
		Evidence: fmt.Sprintf("by their Server-Timing %d endpoints spend half of their time there or more: %s",
			len(all), strings.Join(parts, ", ")),
		Next: "EXPLAIN (ANALYZE, BUFFERS) their queries; look for missing indexes and for queries that repeat",
	}, size{explained / max(over, 1), OfSlow, over > 0}))
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
	var parts []string
	for _, s := range e.Result.Statements[:min(len(e.Result.Statements), mostTold)] {
		parts = append(parts, fmt.Sprintf("%s in %s calls of: %s",
			unit.Of(s.Time), unit.Grouped(s.Calls), shortQuery(s.Query)))
	}
	return verdict.Cause{
		Title: "the time goes into the database",
		Evidence: fmt.Sprintf("statements took %s of the %s that requests waited (%s): %s",
			unit.Of(spent), unit.Of(waited),
			evidence.Share(float64(spent)/float64(waited)), strings.Join(parts, "; ")),
		Next: "EXPLAIN (ANALYZE, BUFFERS) the first of them; look for missing indexes",
		Size: verdict.Measured(evidence.Share(min(1, float64(spent)/float64(waited)))), Of: OfSlow,
	}, true
}
