package scaffold

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

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
	var requests []*draft.Step // of the rules; nil: of none
	names := map[string]int{}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		rl, sent, why := limitsOf(r, e)
		if why == "" {
			rl.Endpoints, why = patternOf(e)
		}
		if why != "" {
			d.AddLook(fmt.Sprintf("%s is left out: %s", e.Name, why))
			continue
		}
		rl.Name = unusedName(names, ruleName(e.Name))
		var s *draft.Step
		if !e.Start {
			s = requestOf(e.Name)
		}
		if s != nil {
			s.Weight = int(min(sent, 1_000_000))
			g.Steps = append(g.Steps, s)
		}
		d.Rules, requests = append(d.Rules, rl), append(requests, s)
	}
	if len(d.Rules) == 0 {
		return nil, errors.New("it has no endpoint with measured requests")
	}
	if o.URL != "" && slices.ContainsFunc(g.Steps, func(s *draft.Step) bool { return !s.Commented }) {
		d.URL, d.Groups = o.URL, []*draft.Group{g}
		d.Rules = rulesOf(d, requests)
	} else if o.URL != "" {
		d.AddLook("there are only limits: no endpoint's name is a method and a path that can be sent as it is")
	} else {
		d.AddLook("there are only limits, for loadgate check and loadgate validate --limits: --host adds a load")
	}
	return d.Finish(o)
}

// rulesOf are the rules of a draft that sends requests, each with its own. A rule without one
// would match nothing of the file.
func rulesOf(d *draft.Draft, requests []*draft.Step) (rules []draft.Rule) {
	for i, rl := range d.Rules {
		if rl.Step = requests[i]; rl.Step == nil {
			d.AddLook(fmt.Sprintf("no request is sent to %s: its limits are left out", rl.Endpoints[0]))
			continue
		}
		rules = append(rules, rl)
	}
	return rules
}

// unusedName is a name that no other rule has, from how often each was asked for.
func unusedName(asked map[string]int, base string) string {
	name := base
	for asked[name] > 0 {
		asked[base]++
		name = fmt.Sprintf("%s %d", base, asked[base])
	}
	asked[name]++
	return name
}

// longestPattern is how long a pattern of thresholds.yaml may be, in bytes.
const longestPattern = 500

// patternOf is the pattern that matches an endpoint: what the file cannot hold of its name
// becomes a wildcard. Why is set where no pattern can match it.
func patternOf(e *result.Endpoint) (patterns []string, why string) {
	pattern := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '*'
		}
		return r
	}, strings.ToValidUTF8(e.Name, "*")) // bytes that are not UTF-8 become a wildcard
	if len(pattern) > longestPattern {
		pattern = strings.ToValidUTF8(pattern[:longestPattern-1], "") + "*"
	}
	switch {
	case strings.TrimSpace(pattern) == "":
		return nil, "it has no name"
	case e.Start && pattern != e.Name:
		return nil, "thresholds.yaml cannot hold its name, and start steps are matched by their whole name"
	}
	return []string{pattern}, ""
}

// limitsOf are the limits of an endpoint, and how many requests it had; why is set where it
// has none.
func limitsOf(r *result.Result, e *result.Endpoint) (rl draft.Rule, requests int64, why string) {
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
				return rl, 0, "its times are damaged"
			}
		}
		p95, has = all.Quantile(0.95)
		failuresKnown = r.Source.Failures.Known()
	}
	if requests == 0 {
		return rl, 0, "it had no request"
	}
	if failuresKnown && failed == requests {
		return rl, 0, "none of its requests succeeded"
	}
	if failuresKnown {
		share := float64(failed) / float64(requests)
		floor := 0.99
		if share > 0.01/headRoom {
			floor = math.Floor(1000*(1-headRoom*share)) / 1000
			rl.Looks = append(rl.Looks, fmt.Sprintf("%.3g%% of its requests failed", 100*share))
		}
		if floor <= 0 {
			return draft.Rule{}, 0, rl.Looks[0]
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
	if len(rl.Limits) == 0 {
		return rl, 0, "neither its failures nor its p95 are known"
	}
	return rl, requests, ""
}

// roundedUp is a limit of two digits, not below what it was.
func roundedUp(d time.Duration) time.Duration {
	step := max(time.Duration(math.Pow10(int(math.Log10(float64(max(d, 1))))-1)), time.Millisecond)
	return (d + step - 1) / step * step
}

var plainWords = regexp.MustCompile(`[A-Za-z0-9_]+`)

// longestRuleName is about how long the name of a rule becomes, in bytes.
const longestRuleName = 80

// ruleName is the name of a rule for an endpoint: its path in words.
func ruleName(endpoint string) string {
	name := strings.Join(plainWords.FindAllString(strings.ToLower(endpoint), -1), " ")
	if len(name) > longestRuleName {
		name = strings.TrimSpace(name[:longestRuleName])
	}
	return cmp.Or(name, "rule")
}

var methodPath = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/\S*)$`)

// requestOf is the request of an endpoint, as far as its name shows it; nil: it does not.
func requestOf(name string) *draft.Step {
	m := methodPath.FindStringSubmatch(name)
	if m == nil {
		return nil
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
	return s
}
