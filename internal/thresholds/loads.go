package thresholds

import (
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// loads builds a profile that is several loads.
func (b profileBuilder) loads(m grammar.Member) config.Profile {
	p := config.Profile{Name: m.Key, NoTry: !grammar.Or(m.Get("try"), true), Pos: m.Pos}
	for _, other := range m.Members() {
		if one := []string{"loads", "try", "users", "rate", "stages"}; !slices.Contains(one, other.Key) {
			b.Add(other.Pos, other.Path, "each of the loads has its own; write it there")
		}
	}
	list := m.Get("loads")
	for _, v := range list.List() {
		name := grammar.Or(v.Get("name"), "")
		of := config.Load{Profile: b.amount(name, v.Pos, v), Start: grammar.Or(v.Get("start"), time.Duration(0))}
		if again := func(l config.Load) bool { return l.Name == name }; name != "" &&
			slices.ContainsFunc(p.Loads, again) {
			at := v.Get("name")
			b.Add(at.Pos, at.Path, "%q is the name of another load, too; write another name", name)
		}
		p.Loads = append(p.Loads, of)
	}
	if n := len(p.Loads); n == 1 && !b.Under(list.Path) {
		b.Add(list.Pos, list.Path, "one load is a profile; write what it has into %s itself", m.Key)
	}
	return p
}

// loadNames checks the names of loads that rules use.
func (b checker) loadNames(root *grammar.Value) {
	names := func(only []string) (all []string) {
		for _, m := range root.Get("profiles").Members() {
			if len(only) > 0 && !slices.Contains(only, m.Key) {
				continue
			}
			for _, v := range m.Get("loads").List() {
				all = append(all, grammar.Or(v.Get("name"), ""))
			}
		}
		return all
	}
	for _, rule := range root.Get("thresholds").Members() {
		known := names(rule.Get("profiles").Texts())
		for _, v := range rule.Get("loads").List() {
			switch {
			case b.Under("profiles") || slices.Contains(known, v.Text):
			case len(known) == 0:
				b.Add(v.Pos, v.Path, "no profile in which the rule is judged has loads; leave loads out")
			default:
				b.AddMissing("load "+v.Text, v.Pos, v.Path, "there is no load %q; %s", v.Text,
					mistake.Suggest(v.Text, known, "write one of"))
			}
		}
	}
}

// usersOf checks a rule about some groups: each of its patterns matches what they send, and it compares no runs, which
// are compared by all groups together.
func (b checker) usersOf(rule grammar.Member, groups []string) {
	users := rule.Get("users").Texts()
	if len(users) == 0 || b.Under("users") {
		return
	}
	if v := rule.Get("baseline"); v != nil {
		b.Add(v.Pos, v.Path, "runs are compared by what all users send; write it into a rule without users")
	}
	for _, v := range rule.Get("endpoints").List() {
		sent := func(g config.Group) bool {
			if !slices.Contains(users, g.Name) {
				return false
			}
			for s := range g.All() {
				if config.Matches([]string{v.Text}, s.Endpoint, s.Once.Any(), false) ||
					s.Transaction != nil && config.Matches([]string{v.Text}, s.Transaction.Name, false, true) {
					return true
				}
			}
			return false
		}
		unknown := func(name string) bool { return !slices.Contains(groups, name) }
		if !slices.ContainsFunc(b.config.Groups, sent) && !slices.ContainsFunc(users, unknown) &&
			b.matched(v) {
			b.Add(v.Pos, v.Path, "no request of %s matches this; write an endpoint of theirs, or other users",
				strings.Join(users, ", "))
		}
	}
}

// matched says whether a pattern matches anything that the file sends: else it is reported already.
func (b checker) matched(v *grammar.Value) bool {
	one := []string{v.Text}
	for s := range b.config.Steps() {
		if config.Matches(one, s.Endpoint, s.Once.Any(), false) {
			return true
		}
	}
	return slices.ContainsFunc(b.config.Transactions,
		func(t *config.Transaction) bool { return config.Matches(one, t.Name, false, true) })
}
