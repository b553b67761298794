package scaffold

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/template"
	"github.com/loadgate/loadgate/internal/unit"
)

// headRoom is how much worse than at present a figure may become: a run of
// unchanged code on another day is not slower by half.
const headRoom = 1.5

// fromResult drafts a file from measured requests: a limit for each endpoint, at its
// p95 plus half. Without an address in the options it has only limits, for loadgate
// check; with one, requests too, as often as they were measured.
func fromResult(r *result.Result, o draft.Options) (*draft.Draft, error) {
	tool := r.Source.Tool
	if tool == "" {
		tool = "loadgate"
	}
	d := &draft.Draft{Origin: "what " + tool + " measured", Name: r.Name}
	d.AddLook(fmt.Sprintf("limits are the measured values times %g: is that what your users need?", headRoom))
	g := &draft.Group{Name: "everybody", Wait: "1s..5s", Weighted: true}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		rl, requests, ok := limitsOf(r, e)
		if !ok {
			d.AddLook(fmt.Sprintf("%s is left out: none of its requests succeeded", e.Name))
			continue
		}
		rl.Name = ruleName(e.Name)
		for n := 2; isRuleName(d.Rules, rl.Name); n++ {
			rl.Name = fmt.Sprintf("%s %d", ruleName(e.Name), n)
		}
		d.Rules = append(d.Rules, rl)
		if s, ok := requestOf(e.Name); ok && !e.Start {
			s.Weight = int(min(requests, 1_000_000))
			g.Steps = append(g.Steps, s)
		}
	}
	if len(d.Rules) == 0 {
		return nil, errors.New("it has no endpoint with measured requests")
	}
	if o.URL != "" && slices.ContainsFunc(g.Steps, func(s *draft.Step) bool { return !s.Commented }) {
		d.URL, d.Groups = o.URL, []*draft.Group{g}
	} else if o.URL != "" {
		d.AddLook("there are only limits: the names of endpoints do not say enough to send a request")
	}
	return d.Finish(o)
}

func isRuleName(rules []draft.Rule, name string) bool {
	for _, r := range rules {
		if r.Name == name {
			return true
		}
	}
	return false
}

// limitsOf are the limits of an endpoint, and how many requests it had.
func limitsOf(r *result.Result, e *result.Endpoint) (rl draft.Rule, requests int64, ok bool) {
	rl.Endpoints = []string{strings.ToValidUTF8(e.Name, "*")} // what is not a text here matches as anything
	var failed int64
	var p95 time.Duration
	var has, failuresKnown bool
	if s := e.Summary; s != nil {
		requests, failed, failuresKnown = s.Requests, s.Failures(), s.Failed != nil
		reading, known := s.Quantile(0.95)
		p95, has = reading.High, known
	} else {
		var all hist.Latency
		for _, slot := range e.Slots {
			if !e.Start && slot.Slot < r.Measured().First {
				continue
			}
			requests, failed = requests+slot.Requests, failed+slot.Failures()
			if slot.Latency.Into(&all) != nil {
				return rl, 0, false // damaged
			}
		}
		p95, has = all.Quantile(0.95)
		failuresKnown = r.Source.Failures.Known()
	}
	if requests == 0 {
		return rl, 0, false
	}
	if failuresKnown {
		share := float64(failed) / float64(requests)
		floor := 0.99
		if share > 0.01/headRoom {
			floor = math.Floor(1000*(1-headRoom*share)) / 1000
			rl.Looks = append(rl.Looks, fmt.Sprintf("%.3g%% of its requests failed", 100*share))
		}
		if floor <= 0 {
			return draft.Rule{}, 0, false // it does not work at all
		}
		rl.Limits = append(rl.Limits,
			draft.Pair{Name: "success", Text: unit.Quantity{Value: floor, Unit: unit.Ratio}.String()})
	}
	if has && p95 > 0 {
		rl.Limits = append(rl.Limits,
			draft.Pair{Name: "p95", Text: unit.Of(roundedUp(time.Duration(headRoom * float64(p95)))).String()})
	} else {
		rl.Looks = append(rl.Looks, "its p95 is not known")
	}
	return rl, requests, len(rl.Limits) > 0
}

// roundedUp is a limit of two digits, not below what it was.
func roundedUp(d time.Duration) time.Duration {
	step := max(time.Duration(math.Pow10(int(math.Log10(float64(max(d, 1))))-1)), time.Millisecond)
	return (d + step - 1) / step * step
}

// ruleName is the name of a rule for an endpoint: its path in words.
func ruleName(endpoint string) string {
	words := regexp.MustCompile(`[A-Za-z0-9_]+`).FindAllString(strings.ToLower(endpoint), -1)
	if len(words) == 0 {
		return "rule"
	}
	return strings.Join(words, " ")
}

var methodPath = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/\S*)$`)

// requestOf is the request of an endpoint, as far as its name shows it.
func requestOf(name string) (*draft.Step, bool) {
	m := methodPath.FindStringSubmatch(name)
	if m == nil {
		return nil, false
	}
	s := &draft.Step{Method: m[1],
		Path: naming.Placeholder.ReplaceAllLiteralString(template.Escape(m[2]), "${ int(1, 10) }")}
	if s.Path != m[2] {
		s.Name = name
		s.Looks = append(s.Looks, "which ids are there?")
	}
	if s.Method == "POST" || s.Method == "PUT" || s.Method == "PATCH" {
		s.CommentOut("what does it send? Write json, form or text")
	}
	if s.Method == "DELETE" {
		s.CommentOut(harm.Target{}.Refuse(s.Method))
	}
	path, query, _ := strings.Cut(m[2], "?")
	s.CommentOut(harm.Request(s.Method, path, query))
	return s, true
}
