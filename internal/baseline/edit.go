package baseline

import (
	"cmp"
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/reason"
)

// By how much planned rates may differ for figures to be compared (statistics,
// "After an edit").
const (
	rateTolerance = 0.10 // of all requests together, and of an endpoint that gets more requests
	leastOwnRate  = 0.50 // of an endpoint that gets fewer
	rounding      = 1e-9
)

// endpoint finds an endpoint, or a transaction, of a load by its name.
func (l Load) endpoint(endpoint string, transaction bool) (Asked, bool) {
	at := slices.IndexFunc(l.Asked, func(a Asked) bool {
		return a.Endpoint == endpoint &&
			a.Transaction == transaction
	})
	if at < 0 {
		return Asked{}, false
	}
	return l.Asked[at], true
}

// rate is that of all requests together.
func (l Load) rate() float64 {
	sum := 0.0
	for _, a := range l.Asked {
		if !a.Transaction {
			sum += a.Rate
		}
	}
	return sum
}

// known says whether the load is known in parts.
func (l Load) known() bool { return l.Course != "" }

// sameCourse says whether two loads have the same times and stages and, within the tolerance,
// send as many requests in all. Their single requests may differ.
func (l Load) sameCourse(older Load) bool {
	switch {
	case !l.known() || l.Course != older.Course:
		return false
	case l.Free || older.Free:
		return l.Around == older.Around
	}
	return math.Abs(l.rate()/older.rate()-1) <= rateTolerance+rounding
}

// sameEndpoint finds an endpoint in an older load, under its name there.
func (l Load) sameEndpoint(a Asked, older Load) (Asked, bool) {
	if was, ok := older.endpoint(a.Endpoint, a.Transaction); ok || a.Was == "" {
		return was, ok
	}
	return older.endpoint(a.Was, a.Transaction)
}

// comparable says whether an endpoint gets the same requests as in an older load of the same
// course, and about as many.
func (l Load) comparable(now, was Asked) bool {
	if now.Request != was.Request {
		return false
	}
	ratio := now.Rate / was.Rate
	return l.Free || ratio >= leastOwnRate-rounding && ratio <= 1+rateTolerance+rounding
}

// counterpart returns the name of the endpoint in an older run whose figures can be compared with
// an endpoint's, and the factor by which its planned rate has changed since; false: there is none.
func (r Run) counterpart(older Run, endpoint string, transaction bool) (name string, rate float64, ok bool) {
	if r.Digest == older.Digest {
		return endpoint, 1, true
	}
	now, ok := r.Load.endpoint(endpoint, transaction)
	if !ok || !r.Load.sameCourse(older.Load) {
		return "", 1, false
	}
	was, ok := r.Load.sameEndpoint(now, older.Load)
	if !ok || !r.Load.comparable(now, was) {
		return "", 1, false
	}
	if r.Load.Free {
		return was.Endpoint, 1, true
	}
	return was.Endpoint, now.Rate / was.Rate, true
}

// overlaps says whether runs of different loads have an endpoint that can be compared.
func (r Run) overlaps(older Run) bool {
	return slices.ContainsFunc(r.Load.Asked, func(a Asked) bool {
		_, _, ok := r.counterpart(older, a.Endpoint, a.Transaction)
		return ok
	})
}

// Edits says how many of the runs that count were made with another load than the new one, and
// what is different since the newest of them, by the names of the endpoints.
func (p *Past) Edits() (runs int, changes []reason.Reason) {
	var newest Run
	for _, r := range p.Runs[p.from():] {
		if r.Digest != p.run.Digest {
			runs, newest = runs+1, r
		}
	}
	if runs == 0 {
		return 0, nil
	}
	edit := func(code reason.Code, endpoint string, args reason.Args) {
		args["endpoint"] = endpoint
		changes = append(changes, code.With(args))
	}
	kept := map[string]bool{} // the older load's names that the new one has, or has under another name
	for _, now := range p.run.Load.Asked {
		was, ok := p.run.Load.sameEndpoint(now, newest.Load)
		kept[was.Endpoint] = true
		switch {
		case !ok:
			edit(reason.EditNew, now.Endpoint, reason.Args{})
		case now.Request != was.Request:
			edit(reason.EditChanged, now.Endpoint, reason.Args{})
		case !p.run.Load.comparable(now, was):
			edit(reason.EditRate, now.Endpoint, reason.Args{"times": now.Rate / was.Rate})
		case now.Endpoint != was.Endpoint:
			edit(reason.EditRenamed, now.Endpoint, reason.Args{"was": was.Endpoint})
		}
	}
	for _, was := range newest.Load.Asked {
		if !kept[was.Endpoint] {
			edit(reason.EditGone, was.Endpoint, reason.Args{})
		}
	}
	slices.SortStableFunc(changes, func(a, b reason.Reason) int {
		return cmp.Compare(a.Args["endpoint"].(string), b.Args["endpoint"].(string))
	})
	return runs, changes
}
