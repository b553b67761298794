package draft

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// unreadable is why a step is a comment with which the file could not be read back.
const unreadable = "thresholds.yaml could not be read with it: write it by hand"

// commentUnreadable makes comments of the steps with which the file cannot be read back, and of
// those that need what they capture: one request never loses a whole draft.
func (d *Draft) commentUnreadable() {
	for _, bare := range []bool{true, false} {
		if _, err := d.Encode(); err == nil {
			return
		}
		var all []*Step
		for _, s := range d.all() {
			if !s.Commented {
				all = append(all, s)
			}
		}
		d.findUnreadable(all, all, bare)
	}
}

// findUnreadable turns those steps into comments that cannot be read back while all others are
// sent without what they show; bare: while all others have a plain path, too. A path may be what
// cannot be read back, and then the others are not to blame.
func (d *Draft) findUnreadable(some, all []*Step, bare bool) {
	if len(some) == 0 || d.readable(some, all, bare) {
		return
	}
	if len(some) > 1 {
		d.findUnreadable(some[:len(some)/2], all, bare)
		d.findUnreadable(some[len(some)/2:], all, bare)
		return
	}
	d.commentOut(some[0])
	d.setIdleAside() // a group without a request cannot be read, whatever the others are
}

// readable says whether the file can be read with some of all its steps as they are.
func (d *Draft) readable(some, all []*Step, bare bool) bool {
	kept, rules := make([]Step, len(all)), d.Rules
	d.Rules = slices.Clone(rules)
	for i, s := range all {
		kept[i] = *s
		if slices.Contains(some, s) {
			continue
		}
		s.Body, s.Headers, s.Expect, s.When, s.Auth = nil, nil, "", "", nil
		if bare {
			s.Path, s.Name = "/", ""
			d.Rules = slices.DeleteFunc(d.Rules, func(r Rule) bool { return r.isOf(s) })
		}
	}
	if !slices.ContainsFunc(d.Rules, Rule.isLive) {
		d.GuessRules() // a file without a rule cannot be read, whatever its steps are
	}
	_, err := d.Encode()
	d.Rules = rules
	for i, s := range all {
		*s = kept[i]
	}
	return err == nil
}

// commentOut makes a comment of a step that shows nothing, and of what needs its captures.
func (d *Draft) commentOut(bad *Step) {
	path, _, _ := strings.Cut(bad.Path, "?")
	bad.Body, bad.Headers, bad.Expect, bad.Name, bad.Commented = nil, nil, "", "", true
	bad.When, bad.Auth = "", nil
	bad.Path = naming.Line(path)
	bad.Looks = append(bad.Looks, unreadable)
	if len(d.Rules) > 0 && len(d.Rules[0].Looks) > 0 && d.Rules[0].Looks[0] == guessed {
		d.Rules = nil // they match what is left
		d.GuessRules()
	}
	captured := bad.Captures
	bad.Captures = nil
	for _, c := range captured {
		name := c.Name
		if slices.Contains(d.Setup, bad) {
			d.commentUses(d.Setup, name)
			name = SetupName + name
		}
		d.commentUses(d.Teardown, name)
		for _, g := range d.Groups {
			g.Headers = slices.DeleteFunc(g.Headers, func(h Pair) bool { return uses(h.Text, name) })
			d.commentUses(slices.Concat(g.Start, g.Steps, g.End), name)
		}
	}
}

// SetupName is what the names of values of setup begin with, where users read them.
const SetupName = config.SetupName + "."

// commentUses makes comments of the steps that need a value.
func (d *Draft) commentUses(all []*Step, name string) {
	for _, s := range all {
		if !s.Commented && s.Uses(name) {
			d.commentOut(s)
		}
	}
}

func uses(text, name string) bool { return strings.Contains(text, template.Variable(name)) }

// Uses says whether a step shows what another captured, or is sent for it alone.
func (s *Step) Uses(name string) bool {
	if uses(s.Path, name) || strings.HasPrefix(s.When, name+" ") ||
		slices.ContainsFunc(s.Headers, func(h Pair) bool { return uses(h.Text, name) }) {
		return true
	}
	var in func(v *node.Value) bool
	in = func(v *node.Value) bool { return uses(v.Value, name) || slices.ContainsFunc(v.Content, in) }
	return s.Body != nil && in(s.Body.Content) || s.Auth != nil && in(s.Auth)
}
