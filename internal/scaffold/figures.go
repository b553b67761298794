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
	"github.com/loadgate/loadgate/internal/unit"
)

// headRoom is how much worse than at present a figure may become: a run of
// unchanged code on another day is not slower by half.
const headRoom = 1.5

// Figures drafts a file from what was measured: a limit for each endpoint, above
// its present p95 by half. Without an address in the options it holds limits
// alone, for loadgate check; with one, requests too, as often as they were
// measured.
func Figures(r *result.Result, o Options) (*Draft, error) {
	tool := r.Source.Tool
	if tool == "" {
		tool = "loadgate"
	}
	d := &Draft{origin: "what " + tool + " measured", name: r.Name}
	d.addLook(fmt.Sprintf("limits are what was measured, times %g: is that what your users need?", headRoom))
	g := &group{name: "everybody", wait: "1s..5s", weighted: true}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		rl, requests, ok := limitsOf(r, e)
		if !ok {
			d.addLook(fmt.Sprintf("%s is left out: nothing good was measured of it", e.Name))
			continue
		}
		rl.name = ruleName(e.Name)
		for n := 2; taken(d.rules, rl.name); n++ {
			rl.name = fmt.Sprintf("%s %d", ruleName(e.Name), n)
		}
		d.rules = append(d.rules, rl)
		if s, ok := requestOf(e.Name); ok && !e.Start {
			s.weight = int(min(requests, 1_000_000))
			g.steps = append(g.steps, s)
		}
	}
	if len(d.rules) == 0 {
		return nil, errors.New("there is no endpoint in it of which anything was measured")
	}
	if o.URL != "" && slices.ContainsFunc(g.steps, func(s *step) bool { return !s.off }) {
		d.url, d.groups = o.URL, []*group{g}
	} else if o.URL != "" {
		d.addLook("there are limits alone: no request that was measured could be sent without knowing more of it")
	}
	return d.finish(o)
}

func taken(rules []rule, name string) bool {
	for _, r := range rules {
		if r.name == name {
			return true
		}
	}
	return false
}

// limitsOf are the limits of an endpoint, and how many requests it had.
func limitsOf(r *result.Result, e *result.Endpoint) (rl rule, requests int64, ok bool) {
	rl.endpoints = []string{strings.ToValidUTF8(e.Name, "*")} // what is no text here matches as anything
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
			rl.looks = append(rl.looks, fmt.Sprintf("%.3g%% of its requests failed", 100*share))
		}
		if floor <= 0 {
			return rule{}, 0, false // it does not work at all
		}
		rl.limits = append(rl.limits, pair{"success", unit.Quantity{Value: floor, Unit: unit.Ratio}.String()})
	}
	if has && p95 > 0 {
		rl.limits = append(rl.limits, pair{"p95", unit.Of(rounded(time.Duration(headRoom * float64(p95)))).String()})
	} else {
		rl.looks = append(rl.looks, "its p95 is not known")
	}
	return rl, requests, len(rl.limits) > 0
}

// rounded is a limit of two digits, not below what it was.
func rounded(d time.Duration) time.Duration {
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

// requestOf is the request of an endpoint, as far as its name tells it.
func requestOf(name string) (*step, bool) {
	m := methodPath.FindStringSubmatch(name)
	if m == nil {
		return nil, false
	}
	s := &step{method: m[1], path: hole.ReplaceAllLiteralString(escaped(m[2]), "${ int(1, 10) }")}
	if s.path != m[2] {
		s.name = name
		s.looks = append(s.looks, "which ids are there?")
	}
	if s.method == "POST" || s.method == "PUT" || s.method == "PATCH" {
		s.hold("what does it send? Write json, form or text")
	}
	if s.method == "DELETE" {
		s.hold(aim{}.refuse(s.method))
	}
	path, query, _ := strings.Cut(m[2], "?")
	s.hold(harm(s.method, path, query))
	return s, true
}
