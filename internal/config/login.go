package config

import "github.com/loadgate/loadgate/internal/config/mistake"

// start is the start steps of a group: its own, or those of a login. Each group
// builds the steps of a login anew, as if they were written in it: its vars,
// headers and captures are its own.
func (b *builder) start(v *value) []*value {
	if v == nil || v.kind != scalarKind {
		return v.list()
	}
	names := make([]string, 0, len(b.logins.members()))
	for _, m := range b.logins.members() {
		if m.key == v.text {
			b.begun[m.key] = true
			return m.value.list()
		}
		names = append(names, m.key)
	}
	if broken := b.logins == nil && b.Under("logins") || b.Under(join("logins", v.text)); !broken {
		b.Add(v.pos, v.path, "no login is called %s; %s", mistake.Show(v.text), mistake.Suggest(v.text, names,
			"write its steps in a list, or one under logins"))
	}
	return nil
}

// idle refuses logins that no group begins with: nobody would see their
// mistakes.
func (b *builder) idle() {
	for _, m := range b.logins.members() {
		if !b.begun[m.key] && !b.limits && !b.Under("users") {
			b.Add(m.pos, m.path, "no group begins with it; write start: %s in a group, or leave it out",
				mistake.Show(m.key))
		}
	}
}
