package config

import (
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// start is the start steps of a group: its own, or those of a login. Each group
// builds the steps of a login anew, as if they were written in it: its vars,
// headers and captures are its own.
func (b *builder) start(v *grammar.Value) []*grammar.Value {
	if v == nil || v.Kind != grammar.ScalarKind {
		return v.List()
	}
	names := make([]string, 0, len(b.logins.Members()))
	for _, m := range b.logins.Members() {
		if m.Key == v.Text {
			b.begun[m.Key] = true
			return m.Value.List()
		}
		names = append(names, m.Key)
	}
	if broken := b.logins == nil && b.Under("logins") || b.Under(grammar.Join("logins", v.Text)); !broken {
		b.Add(v.Pos, v.Path, "no login is called %s; %s", mistake.Show(v.Text), mistake.Suggest(v.Text, names,
			"write its steps in a list, or one under logins"))
	}
	return nil
}

// idle refuses logins that no group begins with: nobody would see their
// mistakes.
func (b *builder) idle() {
	for _, m := range b.logins.Members() {
		if !b.begun[m.Key] && !b.limits && !b.Under("users") {
			b.Add(m.Pos, m.Path, "no group begins with it; write start: %s in a group, or leave it out",
				mistake.Show(m.Key))
		}
	}
}
