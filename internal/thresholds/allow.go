package thresholds

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/target"
)

// allowBuilder reads target.allow.
type allowBuilder struct{ *builder }

// allow fills the allow list and the grants. False: an entry reads a variable that is not set, and is not known.
func (b allowBuilder) allow(list *grammar.Value) (known bool) {
	t, before := &b.config.Target, b.guessed
	for _, v := range list.List() {
		entry, ok := v.Text, true
		if strings.Contains(entry, "${") {
			entry, ok = b.expanded(v)
		}
		if ok {
			t.Allow = append(t.Allow, entry)
			t.Grants = append(t.Grants, config.Grant{Entry: entry, Shown: b.config.Mask(entry), Pos: v.Pos})
		}
	}
	if len(t.Allow) == 0 {
		t.Allow = target.Loopback()
	}
	return b.guessed == before
}

// expanded is an entry with a variable in it; false: it is reported, or needed only for sending.
func (b allowBuilder) expanded(v *grammar.Value) (entry string, ok bool) {
	var names []string
	asked := b.guessed
	entry, ok = b.fixed(environs(b.builder, func(name string) (string, bool) {
		names = append(names, name)
		return b.options.Getenv(name)
	}), v)
	if !ok || b.guessed > asked {
		return "", false
	}
	err := target.CheckExpanded(v.Text, entry)
	if err != nil {
		b.Add(v.Pos, v.Path, "%s: %v", strings.Join(append([]string{v.Text}, names...), ", of "), err)
	}
	return entry, err == nil
}

// environs is a scope of the environment alone, which is read with a function.
func environs(b *builder, getenv func(name string) (string, bool)) *expr.Scope {
	s := expr.NewScope(getenv, b.allowed)
	if !b.options.Unsent {
		return s
	}
	return s.WithUnset(func(name string) {
		b.guessed++
		if !slices.Contains(b.config.Unset, name) {
			b.config.Unset = append(b.config.Unset, name)
		}
	})
}

// check refuses an address that the file does not allow.
func (b allowBuilder) check(u target.Address, pos mistake.Pos, path string) {
	allow, err := target.NewAllowList(b.config.Target.Allow)
	if err != nil {
		b.Add(b.config.Target.Pos, "target.allow", "%v", err)
	} else if u.Socket != "" && !allow.Socket(u.Socket) {
		b.Add(pos, path,
			"the unix socket %s is not on the allow list (%s); add unix:%s under target.allow if it may be loaded",
			u.Socket, strings.Join(b.config.Target.Allow, ", "), u.Socket)
	} else if u.Socket == "" && !allow.Host(u.Host) {
		b.Add(pos, path, "%s is not on the allow list (%s); add it under target.allow if it may be loaded",
			u.Host, strings.Join(b.config.Target.Allow, ", "))
	}
}
