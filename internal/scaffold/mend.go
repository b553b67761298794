package scaffold

import (
	"slices"
	"strings"
)

// unreadable is why a step is a comment that no file can hold.
const unreadable = "no file can hold it as it was: write it by hand"

// mend makes comments of the steps with which the file cannot be read back, and of
// those that need what they capture: one request never loses a whole draft.
func (d *Draft) mend() {
	for _, bare := range []bool{false, true} {
		if _, err := d.Encode(); err == nil {
			return
		}
		var all []*step
		for _, g := range d.groups {
			for _, s := range slices.Concat(g.start, g.steps) {
				if !s.off {
					all = append(all, s)
				}
			}
		}
		d.search(all, all, bare)
	}
}

// search holds those of some steps that cannot be read back while all others are
// sent without what they show; bare: while all others have a plain path, too.
func (d *Draft) search(some, all []*step, bare bool) {
	if len(some) == 0 || d.readable(some, all, bare) {
		return
	}
	if len(some) > 1 {
		d.search(some[:len(some)/2], all, bare)
		d.search(some[len(some)/2:], all, bare)
		return
	}
	d.drop(some[0])
}

// readable says whether the file can be read with some of all its steps as they are.
func (d *Draft) readable(some, all []*step, bare bool) bool {
	kept := make([]step, len(all))
	for i, s := range all {
		kept[i] = *s
		if slices.Contains(some, s) {
			continue
		}
		s.body, s.headers, s.expect = nil, nil, ""
		if bare {
			s.path, s.name = "/", ""
		}
	}
	_, err := d.Encode()
	for i, s := range all {
		*s = kept[i]
	}
	return err == nil
}

// drop makes a comment of a step that shows nothing, and of what needs its captures.
func (d *Draft) drop(bad *step) {
	path, _, _ := strings.Cut(bad.path, "?")
	bad.body, bad.headers, bad.expect, bad.name, bad.off = nil, nil, "", "", true
	bad.path = oneLine(path)
	bad.looks = append(bad.looks, unreadable)
	if len(d.rules) > 0 && len(d.rules[0].looks) > 0 && d.rules[0].looks[0] == guessed {
		d.rules = nil // they match what is left
		d.guesses()
	}
	captured := bad.capture
	bad.capture = nil
	for _, c := range captured {
		for _, g := range d.groups {
			g.headers = slices.DeleteFunc(g.headers, func(h pair) bool { return uses(h.text, c.name) })
			for _, s := range slices.Concat(g.start, g.steps) {
				if s.off || !s.uses(c.name) {
					continue
				}
				d.drop(s)
			}
		}
	}
}

func uses(text, name string) bool { return strings.Contains(text, variableText(name)) }

// uses says whether a step shows what another captured.
func (s *step) uses(name string) bool {
	if uses(s.path, name) || slices.ContainsFunc(s.headers, func(h pair) bool { return uses(h.text, name) }) {
		return true
	}
	var in func(v *value) bool
	in = func(v *value) bool { return uses(v.Value, name) || slices.ContainsFunc(v.Content, in) }
	return s.body != nil && in(s.body.content)
}
