package gate

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// diagnosis is what most failures of a group were. The zero value is that of
// a group without a failure.
type diagnosis struct {
	reason, remedy string
}

// after is the reason behind a separator; empty when there is none.
func (d diagnosis) after(separator string) string {
	if d.reason == "" {
		return ""
	}
	return separator + d.reason
}

// before is the remedy in front of a separator; empty when there is none.
func (d diagnosis) before(separator string) string {
	if d.remedy == "" {
		return ""
	}
	return d.remedy + separator
}

// diagnose finds the most frequent failure of a group over the whole run,
// warm-up included, and where most of it happened.
func diagnose(g group) diagnosis {
	type cause struct {
		result.Failure
		where string // the endpoint with most of them
		most  int64
		asked int64 // requests there
	}
	var causes []cause
	var all, asked int64
	for _, ep := range g {
		asked += asks(ep)
		for _, f := range ep.Failures {
			if !f.Kind.Sent() {
				continue // no request failed
			}
			all += f.Count
			i := slices.IndexFunc(causes, func(c cause) bool { return c.Kind == f.Kind && c.Status == f.Status })
			if i < 0 {
				causes = append(causes, cause{Failure: f, where: ep.Name, most: f.Count, asked: asks(ep)})
				continue
			}
			c := &causes[i]
			c.Count += f.Count
			if f.Count > c.most {
				c.where, c.most, c.Detail, c.asked = ep.Name, f.Count, f.Detail, asks(ep)
			}
		}
	}
	if all == 0 {
		return diagnosis{}
	}
	top := slices.MinFunc(causes, func(a, b cause) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Status, b.Status))
	})
	reason, remedy := Explain(top.Kind, top.Status, top.Detail)
	at := ""
	switch {
	case len(g) < 2:
	case concentrated(top.most, top.Count, top.asked, asked):
		at = ", most at " + top.where
	case top.Kind == metric.Redirect: // where it leads to is that of one endpoint
		at = ", such as at " + top.where
	}
	share := "every failure"
	if top.Count < all {
		share = fmt.Sprintf("%s of its failures",
			unit.Quantity{Value: float64(top.Count) / float64(all), Unit: unit.Ratio})
	}
	return diagnosis{reason: fmt.Sprintf("%s%s: %s, %s", share, at, label(top.Failure), reason), remedy: remedy}
}

// label is the short name of a failure: its status, or else its kind.
func label(f result.Failure) string {
	if f.Status != 0 && (f.Kind == metric.Status || f.Kind == metric.Redirect) {
		return strconv.Itoa(f.Status)
	}
	return f.Kind.String()
}
