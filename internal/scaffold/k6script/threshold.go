package k6script

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/k6script/walk"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/unit"
)

var (
	// selector is the name of a metric with the tags of the requests that it is of.
	selector = regexp.MustCompile(`^([A-Za-z_]\w*)\s*(?:\{(.*)\})?$`)
	// condition is one of k6's thresholds.
	condition = regexp.MustCompile(
		`^\s*(p\((\d{1,2}(?:\.\d{1,6})?)\)|avg|med|max|min|rate|count|value)\s*(<=?|>=?|===?|!=)\s*(\d+(?:\.\d+)?)\s*$`)
)

// rules makes the rules of the script's thresholds, and guesses where it has none that can be
// kept.
func (b *builder) rules(options walk.Setting) {
	all := options.Get("thresholds")
	for _, metric := range all.Keys() {
		b.threshold(metric, conditionsOf(all.Get(metric)))
	}
	d := b.draft
	switch {
	case !slices.ContainsFunc(d.Rules, func(r draft.Rule) bool { return !isDead(r) }):
		d.GuessRules()
	case !slices.ContainsFunc(d.Rules, func(r draft.Rule) bool {
		return slices.ContainsFunc(r.Limits, func(p draft.Pair) bool { return p.Name == "success" })
	}):
		d.AddLook("no threshold of the script is about failures: write success into a rule")
	}
}

// isDead says whether all requests of a rule are comments.
func isDead(r draft.Rule) bool {
	return len(r.Of) > 0 && !slices.ContainsFunc(r.Of, func(s *draft.Step) bool { return !s.Commented })
}

// conditionsOf are the conditions of a threshold: texts, or objects that hold one.
func conditionsOf(s walk.Setting) (all []string) {
	items, ok := s.Items()
	if !ok {
		items = []walk.Setting{s}
	}
	for _, one := range items {
		if one.IsObject() {
			one = one.Get("threshold")
		}
		all = append(all, one.Text())
	}
	return all
}

// threshold adds the limits of one metric to the rule of its requests.
func (b *builder) threshold(metric string, conditions []string) {
	m := selector.FindStringSubmatch(strings.TrimSpace(metric))
	leftOut := func(why string) {
		b.draft.AddLook(fmt.Sprintf("left out: threshold %s: %s", secrets.Line(metric), why))
	}
	if m == nil {
		leftOut("init does not read it")
		return
	}
	r, why := b.ruleFor(m[1], m[2])
	if why != "" {
		leftOut(why)
		return
	}
	for _, text := range conditions {
		limit, why := limitOf(m[1], text)
		if why != "" {
			leftOut(why)
			continue
		}
		b.addLimit(r, limit)
	}
}

// ruleFor is the rule about the requests that a metric with its tags is of. It is a rule of the
// draft as soon as it has a limit.
func (b *builder) ruleFor(metric, tags string) (r *draft.Rule, why string) {
	if metric == "group_duration" {
		return b.ruleForGroup(tags)
	}
	r = &draft.Rule{Name: "everything", Endpoints: []string{"*"}}
	if strings.TrimSpace(tags) == "" {
		return r, ""
	}
	names, of, sc := []string{}, slices.Clone(b.made), ""
	for _, pair := range strings.Split(tags, ",") {
		key, v, has := strings.Cut(pair, ":")
		key, v = strings.TrimSpace(key), strings.Trim(strings.TrimSpace(v), `"'`)
		switch {
		case !has:
			return nil, "init does not read its tags"
		case key == "expected_response" && v == "true":
			continue
		case slices.Contains(ofAnswers, key):
			return nil, "a rule is about requests, whatever their answers are"
		}
		if key == "scenario" {
			sc = secrets.Line(v)
		}
		of = slices.DeleteFunc(of, func(m made) bool { return !m.has(key, v) })
		if !slices.Contains([]string{"name", "url", "group", "scenario", "method"}, key) {
			names = append(names, key)
		}
		names = append(names, strings.Trim(v, ":"))
	}
	if len(names) == 0 {
		return r, ""
	}
	r = &draft.Rule{Name: secrets.Line(strings.Join(names, " "))}
	if sc != "" && len(b.live()) > 1 {
		r.Loads = []string{sc}
	}
	for _, m := range of {
		if !slices.Contains(r.Of, m.step) {
			r.Of = append(r.Of, m.step)
		}
	}
	if len(r.Of) == 0 {
		return nil, "no request that init reads has these tags"
	}
	return r, ""
}

// ofAnswers are tags that k6 gives by the answer.
var ofAnswers = []string{"status", "error", "error_code", "expected_response", "proto", "tls_version"}

// has says whether a request has a tag.
func (m made) has(key, v string) bool {
	switch key {
	case "name":
		return m.call.Tags["name"] == v || m.call.Tags["name"] == "" && m.call.Address == v
	case "url":
		return m.call.Address == v
	case "method":
		return m.call.Request.Method == v
	case "group":
		return m.call.Groups == v || strings.HasPrefix(m.call.Groups, v+"::")
	case "scenario":
		return m.scenario.name == v
	}
	return m.call.Tags[key] == v
}

// ruleForGroup is the rule about a group of the script, as a transaction.
func (b *builder) ruleForGroup(tags string) (*draft.Rule, string) {
	_, name, _ := strings.Cut(tags, "group:")
	name = secrets.Line(strings.Trim(strings.TrimSpace(name), `:"'`))
	for _, m := range b.made {
		if t := m.step.Task; t != nil && t.Name == name && !m.step.Commented {
			return &draft.Rule{Name: name, Endpoints: []string{name},
				Looks: []string{"k6 counts the sleep of a group; here only its requests count"}}, ""
		}
	}
	return nil, "no group that init reads has this name"
}

// limitOf is a condition of a metric as a limit.
func limitOf(metric, text string) (limit draft.Pair, why string) {
	m := condition.FindStringSubmatch(text)
	if m == nil {
		return limit, "init does not read its condition"
	}
	figure, percentile, op := m[1], m[2], m[3]
	n, err := strconv.ParseFloat(m[4], 64)
	if err != nil {
		return limit, "init does not read its number"
	}
	below, above := strings.HasPrefix(op, "<"), strings.HasPrefix(op, ">")
	switch metric {
	case "http_req_duration", "http_req_waiting", "group_duration":
		name := map[string]string{"avg": "mean", "med": "p50", "max": "max"}[figure]
		if percentile != "" {
			name = "p" + percentile
		}
		if metric == "http_req_waiting" && name != "" {
			name = "time_to_first_byte_" + name
		}
		if !below || name == "" || n == 0 || n > 1e9 {
			return limit, "a rule has no such limit"
		}
		return draft.Pair{Name: name, Text: unit.Compact(time.Duration(n * float64(time.Millisecond)))}, ""
	case "http_req_failed":
		if figure == "rate" && (below || n == 0 && op != "!=" && !above) && n < 1 {
			return success(1 - n), ""
		}
	case "checks":
		if figure == "rate" && (above || op == "==" || op == "===") && n > 0 && n <= 1 {
			return success(n), ""
		}
	case "http_reqs":
		if figure == "rate" && above && n > 0 {
			return draft.Pair{Name: "throughput", Text: rateText(n)}, ""
		}
		return limit, "a rule limits the rate of requests, not their number"
	case "http_req_connecting", "http_req_tls_handshaking", "http_req_sending",
		"http_req_receiving", "http_req_blocked", "iteration_duration":
		return limit, "a rule limits whole requests, not a part of them or several"
	default:
		return limit, "a rule has no such metric"
	}
	return limit, "a rule has no such limit"
}

// success is a limit for the share of good answers.
func success(share float64) draft.Pair {
	return draft.Pair{Name: "success", Text: strconv.FormatFloat(roundTo(share*100), 'f', -1, 64) + "%"}
}

// roundTo takes away what a number of binary digits adds to one of decimal ones.
func roundTo(f float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 10, 64), 64)
	if err != nil {
		return f
	}
	return short
}

// addLimit adds a limit to the rule of its requests. Of two limits for one figure the first stays.
func (b *builder) addLimit(r *draft.Rule, limit draft.Pair) {
	d := b.draft
	at := slices.IndexFunc(d.Rules, func(one draft.Rule) bool {
		return one.Name == r.Name && slices.Equal(one.Of, r.Of) && slices.Equal(one.Endpoints, r.Endpoints)
	})
	if at < 0 {
		base := r.Name
		for i := 2; slices.ContainsFunc(d.Rules, func(one draft.Rule) bool { return one.Name == r.Name }); i++ {
			r.Name = fmt.Sprintf("%s %d", base, i)
		}
		d.Rules = append(d.Rules, *r)
		at = len(d.Rules) - 1
	}
	for _, has := range d.Rules[at].Limits {
		if has.Name == limit.Name {
			if has.Text != limit.Text {
				d.AddLook(fmt.Sprintf("rule %s keeps %s %s: another threshold asks for %s", d.Rules[at].Name, has.Name,
					has.Text, limit.Text))
			}
			return
		}
	}
	d.Rules[at].Limits = append(d.Rules[at].Limits, limit)
}
