package diagnose

import (
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// alike is the share of the endpoints from which all of them rise.
const alike = 0.8

// rises are the endpoints whose times rise with the run.
type rises struct {
	shown []string // that are told in the trend
	all   []string // that are asked
	alike []string // that rise by half of what those usually do, or more, shown or not
}

// everywhere says whether all of them rise.
func (r rises) everywhere() bool {
	return len(r.all) >= 3 && float64(len(r.alike)) >= alike*float64(len(r.all))
}

func risen(e *evidence.Run, x *surplus) (r rises) {
	at := slices.IndexFunc(x.checks, func(c verdict.Check) bool {
		return c.Because.Code == reason.LatencyTrend
	})
	if at < 0 {
		return r
	}
	r.shown = x.checks[at].Endpoints
	var by, usual []float64
	for _, ep := range e.Endpoints {
		if ep.Once.Any() || e.Tally(evidence.Group{ep}, e.Window, estimate.Intended).Latency.Count() == 0 {
			continue
		}
		d, _ := stat.LatencyTrend(e.Medians(ep, stat.TrendSlots(e.Window.Length)))
		r.all, by = append(r.all, ep.Name), append(by, d.Rise)
		if slices.Contains(r.shown, ep.Name) {
			usual = append(usual, d.Rise)
		}
	}
	median, _ := stat.Median(usual)
	for i, name := range r.all {
		if by[i] > 0 && by[i] >= median/2 {
			r.alike = append(r.alike, name)
		}
	}
	return r
}

// slowing is a service that becomes slower as a whole, so that no one table or
// query is behind it. Had it stayed as in its first third, as large a share of
// all requests would be above the limits as of those: it explains the others.
func slowing(e *evidence.Run, x *surplus) []verdict.Cause {
	r := risen(e, x)
	if !r.everywhere() {
		return nil
	}
	var third [3]counted
	for slot, c := range x.slow {
		at := thirdOf(e, time.Duration(slot)*e.Window.Slot)
		third[at] = third[at].plus(c)
	}
	c, explained := verdict.Cause{Because: reason.EverythingSlower.With(reason.Args{
		"risen": len(r.alike), "of": len(r.all),
	})}, size{}
	if all := sum(x.slow); all.over > 0 && third[0].all > 0 && third[2].all > 0 {
		before := third[0].over / third[0].all
		c.Also = []reason.Reason{reason.AboveLimits.With(reason.Args{
			"first": evidence.Share(before), "last": evidence.Share(third[2].over / third[2].all),
		})}
		explained = size{max(0, 1-before/(all.over/all.all)), verdict.OfSlow, true}
	}
	return []verdict.Cause{observed(c, explained)}
}

// dataGrowth is latency that rises where rows are read that the run writes.
func dataGrowth(e *evidence.Run, x *surplus) []verdict.Cause {
	r := risen(e, x)
	risen, all := r.shown, r.all
	if len(risen) == 0 || r.everywhere() {
		return nil
	}
	common := map[string]int{}
	for _, name := range all {
		for _, s := range segments(name) {
			common[s]++
		}
	}
	var written int64
	var where []string
	about := map[string]bool{} // what rows are written of
	for _, ep := range e.Endpoints {
		if !strings.HasPrefix(ep.Name, "POST ") && !strings.HasPrefix(ep.Name, "PUT ") || ep.Once.Any() {
			continue
		}
		n := e.Tally(evidence.Group{ep}, e.Window, estimate.Intended).Succeeded()
		if n <= 0 {
			continue
		}
		ours := slices.DeleteFunc(segments(ep.Name),
			func(s string) bool { return len(all) > 2 && common[s] == len(all) })
		read := func(name string) bool { return reads(name, ours) }
		if len(ours) == 0 || !slices.ContainsFunc(risen, read) {
			continue
		}
		written += n
		where = append(where, ep.Name)
		for _, s := range ours {
			about[s] = true
		}
	}
	related, others, othersRisen := 0, 0, 0
	for _, name := range all {
		mine := slices.ContainsFunc(segments(name), func(s string) bool { return about[s] })
		rises := slices.Contains(risen, name)
		switch {
		case mine && rises:
			related++
		case !mine:
			if others++; rises {
				othersRisen++
			}
		}
	}
	if written == 0 || 2*related <= len(risen) || others > 0 && 2*othersRisen > others {
		return nil
	}
	return []verdict.Cause{observed(verdict.Cause{
		Endpoints: risen,
		Because: reason.GrowsWithData.With(reason.Args{
			"related": related, "risen": len(risen), "rows": written, "writers": where[:min(len(where), 3)],
		}),
	}, x.at(risen...))}
}

// reads says whether an endpoint reads something of what is named.
func reads(name string, about []string) bool {
	named := func(s string) bool { return slices.Contains(about, s) }
	return strings.HasPrefix(name, "GET ") && slices.ContainsFunc(segments(name), named)
}

// segments are the words of an endpoint's path that name things: no parameters,
// no versions, and not the api that they all belong to.
func segments(name string) (words []string) {
	_, path, _ := strings.Cut(name, " ")
	path, _, _ = strings.Cut(path, "?")
	for _, s := range strings.Split(path, "/") {
		version := len(s) > 1 && s[0] == 'v' && strings.Trim(s[1:], "0123456789.") == ""
		parameter := strings.ContainsAny(s, "{}:$*") || strings.Trim(s, "0123456789") == ""
		if parameter || version || s == "api" || s == "rest" {
			continue
		}
		words = append(words, strings.ToLower(s))
	}
	return words
}

// leaks are what grew.
func leaks(e *evidence.Run, x *surplus) []verdict.Cause {
	var found []verdict.Cause
	for _, c := range x.checks {
		if c.Because.Code == reason.ResourceGrows {
			whose, remedies := owner(e, c.Rule)
			found = append(found, verdict.Cause{
				Because: reason.GrowsWithRun.With(
					reason.Args{"resource": c.Rule, "growth": c.Because, "owner": whose}),
				Remedies: remedies,
			})
		}
	}
	return found
}
