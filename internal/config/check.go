package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
)

// check holds the parts of a file against each other: names that are used
// elsewhere, endpoints that share a name, patterns that match none.
func (b *builder) check(root *value) {
	b.references(root)
	b.waits(root)
	b.nothingCompared(root.get("baseline").get("except"))
	if b.limits || b.Under("users") || root.get("users") == nil {
		return // endpoints that are not known, or not yet, would be missed for nothing
	}
	b.endpoints()
	b.renamed()
	b.apartFromEndpoints(root)
	known := b.known()
	whole := map[string]bool{} // names that need no search
	for _, step := range known {
		whole[step.Endpoint] = true
	}
	before := b.Count()
	for _, rule := range root.get("thresholds").members() {
		for _, pattern := range rule.get("endpoints").list() {
			if b.Enough(before) {
				return
			}
			if !whole[pattern.text] {
				b.pattern(pattern, known)
			}
		}
		if of := rule.get("endpoints"); of != nil && !b.Under(of.path) {
			b.exceptional(rule.get("except"), known, func(name string, start, transaction bool) bool {
				return matches(of.texts(), name, start, transaction)
			}, "the rule")
		}
	}
	compared := func(_ string, start, _ bool) bool { return !start }
	b.exceptional(root.get("baseline").get("except"), known, compared, "the comparison")
}

// waits asks for think times where users are to think: arrivals at a rate wait for
// none. Of a group or profile with another mistake it is not known.
func (b *builder) waits(root *value) {
	if b.limits || b.Under("profiles") ||
		!slices.ContainsFunc(b.config.Profiles, func(p Profile) bool { return !p.Open() }) {
		return
	}
	for _, m := range root.get("users").members() {
		if v := m.value; v.kind == objectKind && v.get("wait") == nil && !b.Under(v.path) {
			b.Add(v.pos, v.path, "wait is missing; write %s", groupShape().find("wait").example)
		}
	}
}

// steps calls f with every step of the file and the place where it stands.
func (s *Config) steps(f func(step Step)) {
	for _, g := range s.Groups {
		for _, step := range slices.Concat(g.Start, g.Steps) {
			f(step)
		}
	}
}

// endpoints refuses one name for different requests: their figures would
// be mixed. Only name: can cause it. Queries may differ.
func (b *builder) endpoints() {
	first := map[row]Step{}
	b.config.steps(func(step Step) {
		other, ok := first[step.row()]
		if !ok {
			first[step.row()] = step
			return
		}
		if resource(other.plain) == resource(step.plain) {
			return
		}
		at, than := step, other
		if at.Endpoint == at.plain {
			at, than = other, step // the one that has a name: is to be changed
		}
		b.Add(at.Pos, at.path, "%q is the name of %s in line %d too; write another name: for this %s",
			at.Endpoint, than.plain, than.Pos.Line, at.plain)
	})
}

// resource is an endpoint's method and path without query and without the
// names of its holes.
func resource(plain string) string {
	plain, _, _ = strings.Cut(plain, "?")
	var b strings.Builder
	depth := 0
	for _, r := range plain {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth = max(0, depth-1)
			b.WriteString("{}")
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// known lists the first step of each endpoint, start steps apart.
func (b *builder) known() []Step {
	var known []Step
	seen := map[row]bool{}
	b.config.steps(func(step Step) {
		if !seen[step.row()] {
			seen[step.row()] = true
			known = append(known, step)
		}
	})
	return known
}

// row is what requests are counted in: start steps have rows of their own.
type row struct {
	endpoint string
	start    bool
}

func (s Step) row() row { return row{s.Endpoint, s.Start} }

// pattern refuses one that matches no endpoint: its rule would hold for ever.
func (b *builder) pattern(v *value, known []Step) {
	fits := func(name string, start, transaction bool) bool {
		return matches([]string{v.text}, name, start, transaction)
	}
	start, whole := "", ""
	for _, t := range b.config.Transactions {
		if fits(t.Name, false, true) {
			return
		}
		if glob(v.text, t.Name) {
			whole = t.Name
		}
	}
	for _, step := range known {
		if fits(step.Endpoint, step.Start, false) {
			return
		}
		if step.Start && start == "" && glob(v.text, step.Endpoint) {
			start = step.Endpoint
		}
	}
	switch {
	case len(known) == 0 && len(b.config.Transactions) == 0 && b.Count() > 0: // why the file has none is told
	case start != "":
		b.Add(v.pos, v.path,
			"%q matches only the start step %s, and start steps are matched by their whole name; write %q",
			v.text, mistake.Show(start), start)
	case whole != "":
		b.Add(v.pos, v.path,
			"%q matches only the transaction %s, and transactions are matched by their whole name; write %q",
			v.text, mistake.Show(whole), whole)
	default:
		var names []string
		for _, t := range b.config.Transactions {
			names = append(names, t.Name)
		}
		for _, step := range known {
			names = append(names, step.Endpoint)
		}
		b.Add(v.pos, v.path, "%q matches no endpoint; %s", v.text, insteadEndpoint(v.text, names))
	}
}

// insteadEndpoint suggests the endpoint that is most like a pattern: with a *
// in it the most like its parts.
func insteadEndpoint(pattern string, known []string) string {
	best, most := "", 0
	for _, name := range known {
		if n := common(pattern, name); n > most {
			best, most = name, n
		}
	}
	if word, ok := expr.Nearest(pattern, known); ok {
		return fmt.Sprintf("did you mean %q?", word)
	}
	if path := strings.IndexByte(best, '/'); path >= 0 && most > path+1 {
		return fmt.Sprintf("the nearest is %q", best)
	}
	return "the endpoints are: " + strings.Join(known, ", ")
}

// common counts the letters with which two texts begin alike.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// references checks the names of profiles and groups that other parts use.
func (b *builder) references(root *value) {
	profiles, groups := keys(root.get("profiles")), keys(root.get("users"))
	refer := func(v *value) {
		if v != nil && !b.Under(join("profiles", v.text)) && len(profiles) > 0 && !slices.Contains(profiles, v.text) {
			b.Add(v.pos, v.path, "there is no profile %q; %s",
				v.text, mistake.Suggest(v.text, profiles, "write one of"))
		}
	}
	refer(root.get("default_profile"))
	for _, rule := range root.get("thresholds").members() {
		for _, v := range rule.get("profiles").list() {
			refer(v)
		}
	}
	for _, resource := range root.get("resources").members() {
		for _, v := range resource.get("profiles").list() {
			refer(v)
		}
		if !b.Under(join("thresholds", resource.key)) && slices.Contains(keys(root.get("thresholds")), resource.key) {
			b.Add(resource.pos, resource.path,
				"a rule under thresholds has this name; write another, so that a report can tell them apart")
		}
	}
	for _, profile := range root.get("profiles").members() {
		for _, m := range profile.get("pace").members() {
			if !b.Under(join("users", m.key)) && len(groups) > 0 && !slices.Contains(groups, m.key) {
				b.Add(m.pos, m.path, "there is no group %q; %s", m.key, mistake.Suggest(m.key, groups, "write one of"))
			}
		}
	}
}

// keys lists the names of a map.
func keys(v *value) []string {
	var names []string
	for _, m := range v.members() {
		names = append(names, m.key)
	}
	return names
}
