package thresholds

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/endpoint"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// check compares the parts of a file with each other: names that are used
// elsewhere, endpoints that share a name, patterns that match none.
func (b checker) check(root *grammar.Value) {
	b.references(root)
	b.waits(root)
	b.nothingCompared(root.Get("baseline").Get("except"))
	if b.limits || b.Under("users") || root.Get("users") == nil {
		return // endpoints that are not known, or not yet, would be missed for nothing
	}
	b.endpoints()
	b.unasked(root)
	b.renamed()
	b.apartFromEndpoints(root)
	b.gapless(root)
	known := b.known()
	exact := map[string]bool{} // names that need no search
	for _, step := range known {
		exact[step.Endpoint] = true
	}
	before := b.Count()
	for _, rule := range root.Get("thresholds").Members() {
		for _, pattern := range rule.Get("endpoints").List() {
			if b.Enough(before) {
				return
			}
			if !exact[pattern.Text] {
				b.pattern(pattern, known)
			}
		}
		if of := rule.Get("endpoints"); of != nil && !b.Under(of.Path) {
			b.checkExceptions(rule.Get("except"), known, func(name string, start, transaction bool) bool {
				return config.Matches(of.Texts(), name, start, transaction)
			}, "the rule")
		}
	}
	compared := func(_ string, start, _ bool) bool { return !start }
	b.checkExceptions(root.Get("baseline").Get("except"), known, compared, "the comparison")
}

// waits asks for think times where users should think: arrivals at a rate do not wait.
// It does not ask where a group or profile has another mistake.
func (b checker) waits(root *grammar.Value) {
	if b.limits || b.Under("profiles") {
		return
	}
	for _, m := range root.Get("users").Members() {
		thinks := func(p config.Profile) bool { return p.Thinks(m.Key) }
		if !slices.ContainsFunc(b.config.Profiles, thinks) {
			continue
		}
		if v := m.Value; v.Kind == grammar.ObjectKind && v.Get("wait") == nil &&
			v.Get("pacing") == nil && !b.Under(v.Path) {
			b.Add(v.Pos, v.Path, "wait is missing; write %s", grammar.Example("group", "wait"))
		}
	}
}

// endpoints refuses one name for different requests: their figures would
// be mixed. Only name: can cause it. Queries may differ.
func (b checker) endpoints() {
	first := map[row]config.Step{}
	for step := range b.config.Steps() {
		other, ok := first[rowOf(step)]
		if !ok {
			first[rowOf(step)] = step
			continue
		}
		plain := func(s config.Step) string { return b.written[s.Pos].plain }
		if endpoint.Resource(plain(other)) == endpoint.Resource(plain(step)) {
			continue
		}
		at, than := step, other
		if at.Endpoint == plain(at) {
			at, than = other, step // report the one that has a name:
		}
		b.Add(at.Pos, b.written[at.Pos].path, "%q is the name of %s in line %d too; write another name: for this %s",
			at.Endpoint, plain(than), than.Pos.Line, plain(at))
	}
}

// references checks the names of profiles and groups that other parts use.
func (b checker) references(root *grammar.Value) {
	profiles, groups := keys(root.Get("profiles")), keys(root.Get("users"))
	refer := func(v *grammar.Value) {
		if v != nil && !b.Under(grammar.Join("profiles", v.Text)) &&
			len(profiles) > 0 && !slices.Contains(profiles, v.Text) {
			b.AddMissing("profile "+v.Text, v.Pos, v.Path, "there is no profile %q; %s",
				v.Text, mistake.Suggest(v.Text, profiles, "write one of"))
		}
	}
	refer(root.Get("default_profile"))
	for _, rule := range root.Get("thresholds").Members() {
		for _, v := range rule.Get("profiles").List() {
			refer(v)
		}
	}
	for _, resource := range root.Get("resources").Members() {
		for _, v := range resource.Get("profiles").List() {
			refer(v)
		}
		if !b.Under(grammar.Join("thresholds", resource.Key)) &&
			slices.Contains(keys(root.Get("thresholds")), resource.Key) {
			b.Add(resource.Pos, resource.Path,
				"a rule under thresholds has this name; write another, so that a report can tell them apart")
		}
	}
	group := func(name string, pos mistake.Pos, path string) {
		if !b.Under(grammar.Join("users", name)) && len(groups) > 0 && !slices.Contains(groups, name) {
			b.AddMissing("group "+name, pos, path, "there is no group %q; %s",
				name, mistake.Suggest(name, groups, "write one of"))
		}
	}
	for _, amount := range amounts(root) {
		for _, m := range amount.Get("pace").Members() {
			group(m.Key, m.Pos, m.Path)
		}
		for _, m := range amount.Get("groups").Members() {
			group(m.Key, m.Pos, m.Path)
		}
		for i, v := range amount.Get("groups").List() {
			group(v.Text, v.Pos, v.Path)
			if slices.Contains(amount.Get("groups").Texts()[:i], v.Text) {
				b.Add(v.Pos, v.Path, "%s is here twice; write it once, or give it a weight: groups: {%[1]s: 2}",
					v.Text)
			}
		}
	}
	b.loadNames(root)
	for _, m := range root.Get("thresholds").Members() {
		for _, v := range m.Get("users").List() {
			group(v.Text, v.Pos, v.Path)
		}
		b.usersOf(m, groups)
	}
}

// amounts are all profiles and loads.
func amounts(root *grammar.Value) (all []*grammar.Value) {
	for _, profile := range root.Get("profiles").Members() {
		all = append(all, profile.Value)
		all = append(all, profile.Get("loads").List()...)
	}
	return all
}

// unasked refuses rules that name a profile in which nothing sends what they limit: they would never be judged.
func (b checker) unasked(root *grammar.Value) {
	for _, p := range b.config.Profiles {
		if p.Groups == nil {
			continue
		}
		narrow := b.config.Narrowed(p.Groups)
		for _, r := range b.config.Rules {
			if !slices.Contains(narrow.Unasked, r.Name) || !slices.Contains(r.Profiles, p.Name) {
				continue
			}
			v := root.Get("thresholds").Get(r.Name).Get("profiles")
			b.Add(v.Pos, v.Path, "the groups of profile %s send nothing that this rule limits; take it out here, or "+
				"add a group to it", p.Name)
		}
	}
}

// keys lists the names of a map.
func keys(v *grammar.Value) []string {
	var names []string
	for _, m := range v.Members() {
		names = append(names, m.Key)
	}
	return names
}
