package evidence

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
)

// Asks is how many requests an endpoint had in the whole run.
func Asks(ep *result.Endpoint) (n int64) {
	if ep.Summary != nil {
		return ep.Summary.Requests
	}
	for _, s := range ep.Slots {
		n += s.Requests
	}
	return n
}

// What makes something happen mostly at one endpoint.
const (
	Majority = 0.5 // more than this share of it,
	moreThan = 1.5 // and so many times the endpoint's share of the requests
)

// Concentrated says whether one endpoint has the majority of something, and more
// of it than its part of the requests explains.
func Concentrated(count, all, requests, ofAll int64) bool {
	if all == 0 || ofAll == 0 {
		return false
	}
	part, usual := float64(count)/float64(all), float64(requests)/float64(ofAll)
	return part > Majority && part >= min(1, moreThan*usual)
}

// Diagnosis is what most failures of a group were. The zero value is that of
// a group without a failure.
type Diagnosis struct {
	Mostly reason.Reason // what they were, and where most of them were
	Means  reason.Reason // what such a failure means, with what to do about it
}

// Facts are what most failures were, as a further fact of a check; none where nothing failed.
func (d Diagnosis) Facts() []reason.Reason { return given(d.Mostly) }

// Remedies are what to do about them; none where nothing failed.
func (d Diagnosis) Remedies() []reason.Reason { return given(d.Means) }

func given(r reason.Reason) []reason.Reason {
	if !r.Given() {
		return nil
	}
	return []reason.Reason{r}
}

// Diagnose finds the most frequent failure of a group over the whole run,
// warm-up included, and where most of it happened.
func Diagnose(g Group) Diagnosis {
	type cause struct {
		result.Failure
		where string // the endpoint with most of them
		most  int64
		asked int64 // requests there
	}
	var causes []cause
	var all, asked int64
	for _, ep := range g {
		asked += Asks(ep)
		for _, f := range ep.Failures {
			if !f.Kind.Sent() {
				continue // no request failed
			}
			all += f.Count
			i := slices.IndexFunc(causes, func(c cause) bool { return c.Kind == f.Kind && c.Status == f.Status })
			if i < 0 {
				causes = append(causes, cause{Failure: f, where: ep.Name, most: f.Count, asked: Asks(ep)})
				continue
			}
			c := &causes[i]
			c.Count += f.Count
			if f.Count > c.most {
				c.where, c.most, c.asked = ep.Name, f.Count, Asks(ep)
				c.Cause, c.Detail, c.Location = f.Cause, f.Detail, f.Location
			}
		}
	}
	if all == 0 {
		return Diagnosis{}
	}
	top := slices.MinFunc(causes, func(a, b cause) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Status, b.Status))
	})
	means := Explain(top.Failure)
	args := reason.Args{"label": Label(top.Failure), "why": means}
	switch {
	case len(g) < 2:
	case Concentrated(top.most, top.Count, top.asked, asked):
		args["where"] = top.where
	case top.Kind == metric.Redirect: // where it leads to is that of one endpoint
		args["example"] = top.where
	}
	if top.Count < all {
		args["share"] = Share(float64(top.Count) / float64(all))
	}
	return Diagnosis{Mostly: reason.FailuresMostly.With(args), Means: means}
}

// Label is the short name of a failure: its status, or else its kind.
func Label(f result.Failure) string {
	if f.Status != 0 && (f.Kind == metric.Status || f.Kind == metric.Redirect) {
		return strconv.Itoa(f.Status)
	}
	return f.Kind.String()
}
