package locustfile

import (
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/request"
)

// user is a class of users on its way to be a group.
type user struct {
	file     *file
	class    *class
	group    *draft.Group
	requests *request.Group
	host     string // the address of the service; empty: none is known
	once     bool   // it is none: a listener sends this

	attrs    map[string]value // of self, as methods set them
	captured map[string]bool  // attributes that get values of answers, in any method
	gathered map[string]bool  // those that are lists of them
	names    map[string]bool  // of vars and captures
	answers  map[*draft.Step]*verdicts

	// Of the method that is read.
	out    *[]*draft.Step
	start  bool
	member *class  // the class that it is of: a user or a set of tasks
	conds  []value // under which the statement is done
}

// newUser begins with a class of users. Attributes that a first reading found to get values of
// answers are known.
func (f *file) newUser(c *class, g *draft.Group, known *user) *user {
	u := &user{file: f, class: c, group: g, requests: request.NewGroup(f.draft, g), member: c,
		attrs: map[string]value{}, captured: map[string]bool{}, gathered: map[string]bool{}, names: map[string]bool{},
		answers: map[*draft.Step]*verdicts{}}
	if known != nil {
		u.captured, u.gathered = known.captured, known.gathered
	}
	return u
}

// nameOf is the variable for an attribute.
func (u *user) nameOf(attr string) string {
	if expr.ValidName(attr) && !expr.Reserved(attr) {
		return attr
	}
	return "own_" + strings.Trim(draft.UnusedName(attr, func(string) bool { return false }), "_")
}

// isFree says whether a value needs nothing that is captured.
func (u *user) isFree(v value) bool {
	t, ok := v.template()
	for name := range u.names {
		if strings.Contains(t, name) {
			return false
		}
	}
	return ok && (v.kind == expression || v.kind == joined || v.kind == moment) && v.isDrawn() && len(u.conds) == 0
}

// variable is a var of the group, which each user draws once.
func (u *user) variable(base string, v value) value {
	name := draft.UnusedName(base, func(n string) bool { return u.names[n] || u.captured[n] })
	u.names[name] = true
	t, _ := v.template()
	u.group.Vars = append(u.group.Vars, draft.Pair{Name: name, Text: t})
	return call("%s", name).named(base)
}
