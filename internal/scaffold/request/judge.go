package request

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Judge makes comments of what a person must look at first: requests that act on what their group
// did not make, and those that need what a comment would have captured.
func (g *Group) Judge() {
	for _, st := range g.all() {
		g.judge(st)
	}
	g.dropHeaders()
}

// dropHeaders leaves out headers of the group that show what no request captures which is sent.
func (g *Group) dropHeaders() {
	live := map[string]bool{}
	for _, st := range g.all() {
		for _, c := range st.Captures {
			live[c.Name] = live[c.Name] || !st.Commented
		}
	}
	g.group.Headers = slices.DeleteFunc(g.group.Headers, func(h draft.Pair) bool {
		for _, name := range slices.Sorted(maps.Keys(live)) {
			if !live[name] && strings.Contains(h.Text, template.Variable(name)) {
				g.group.Look(fmt.Sprintf("left out: header %s: %s, since a request that is a comment captures %s",
					naming.Line(h.Name), naming.Line(h.Text), name))
				return true
			}
		}
		return false
	})
}

func (g *Group) all() []*draft.Step { return slices.Concat(g.group.Start, g.group.Steps, g.group.End) }

func (g *Group) judge(st *draft.Step) {
	if g.state[st] != unjudged {
		return
	}
	g.state[st] = judging
	defer func() { g.state[st] = done }()
	commented := st.Commented
	if g.need(st); st.Commented && !commented {
		return
	}
	r := g.sent[st]
	path := template.Placeholders(r.Path)
	if slices.Contains(g.group.End, st) && harm.EndsOwnSession(path) {
		return
	}
	st.CommentOut(harm.Request(st.Method, path, plainQuery(r.Query)))
	if logsIn(st) {
		st.Secret = true
		return
	}
	target := harm.Target{}
	if harm.Writes(st.Method) {
		g.addTargets(&target, r)
		if st.Body != nil && harm.ListsIDs(st.Body.Content) {
			target.AddForeign("the ids that its body lists")
		}
		g.addIDs(&target, "", queryContent(r.Query))
		g.addIDs(&target, "", st.Content())
		things := g.things()
		things.Bounded = g.bounded(st.Content())
		target.AddReferences(things, path, g.drawn(queryContent(r.Query)))
		target.AddReferences(things, path, g.drawn(st.Content()))
	}
	st.CommentOut(target.Refuse(st.Method))
	if !st.Commented {
		st.CommentOut(target.RefuseDeed(st.Method, path, ""))
	}
	st.CommentOut(harm.Body(st.Content()))
	concerns(st)
}

// need makes a comment of a step that shows what no request captures which is sent.
func (g *Group) need(st *draft.Step) {
	var missing []string
	sent := map[string]bool{}
	for _, other := range g.all() {
		for _, c := range other.Captures {
			if !st.Uses(c.Name) {
				continue
			}
			if other != st {
				g.judge(other)
			}
			if !slices.Contains(missing, c.Name) {
				missing = append(missing, c.Name)
			}
			sent[c.Name] = sent[c.Name] || !other.Commented
		}
	}
	for _, name := range missing {
		if !sent[name] {
			st.CommentOut(fmt.Sprintf("it needs %s, which a request captures that is a comment", name))
		}
	}
}

// addTargets adds what the path of a request acts on.
func (g *Group) addTargets(target *harm.Target, r Request) {
	parts := strings.Split(r.Path, "/")
	plain := strings.Split(cmp.Or(r.Pattern, template.Placeholders(r.Path)), "/")
	if len(plain) != len(parts) {
		plain = strings.Split(template.Placeholders(r.Path), "/")
	}
	for i, part := range parts {
		switch {
		case i == 0:
		case strings.Contains(part, "${"):
			if name := variableIn(part); name != "" && g.made(name, parts[i-1]) {
				target.Own = true
			} else {
				target.AddForeign(naming.Line(wholePlaceholder.ReplaceAllString(plain[i], "$1")))
			}
		case naming.IsIDPart(part), harm.NamesForeign(plain, i, false):
			target.AddForeign(naming.Line(part))
		}
	}
}

// things are what the service holds, by the paths of all requests.
func (g *Group) things() harm.Things {
	var t harm.Things
	for _, st := range g.all() {
		t.AddPath(template.Placeholders(g.sent[st].Path))
	}
	t.Made = func(name, value string) bool {
		v := variableIn(value)
		return v != "" && g.made(v, name)
	}
	return t
}

// drawn is a body in which vars of the group are what they are drawn from: an id that a user draws once is an id.
func (g *Group) drawn(v *node.Value) *node.Value {
	if v == nil || len(g.group.Vars) == 0 {
		return v
	}
	one := *v
	if name := variableIn(v.Value); name != "" {
		for _, p := range g.group.Vars {
			if p.Name == name {
				one.Value = p.Text
			}
		}
	}
	one.Content = nil
	for _, c := range v.Content {
		one.Content = append(one.Content, g.drawn(c))
	}
	return &one
}

// addIDs adds the ids of a body by their names, whatever they are.
func (g *Group) addIDs(target *harm.Target, name string, v *node.Value) {
	if v == nil {
		return
	}
	if v.Kind == yaml.ScalarNode && v.Value != "" && v.Tag != "!!null" && naming.NamesThing(name) &&
		!secrets.IsHeader(name) && v.Value != "${ uuid() }" {
		if variable := variableIn(v.Value); variable != "" && g.made(variable, name) {
			target.Own = true
		} else {
			target.AddForeign(naming.Line(name))
		}
	}
	for _, m := range namedInExpression.FindAllStringSubmatch(v.Value, 50) {
		if strings.HasPrefix(v.Value, "${ ") && naming.NamesThing(m[1]) {
			target.AddForeign(naming.Line(m[1]))
		}
	}
	for key, c := range node.Children(name, v) {
		g.addIDs(target, key, c)
	}
}

// namedInExpression is a name with its value in an expression, as in a list of objects that are drawn.
var namedInExpression = regexp.MustCompile(`"([A-Za-z_][\w-]*)": ("(?:[^"\\]|\\.)*")?`)

// smallNumber is a number that is drawn from a few, as a rating is: ids have no such bound.
var smallNumber = regexp.MustCompile(`^\$\{ int\(\d, (\d|10)\) \}$`)

// bounded says of the names of a body whether their numbers are drawn from a few.
func (g *Group) bounded(content *node.Value) func(string) bool {
	few := map[string]bool{}
	var walk func(name string, v *node.Value)
	walk = func(name string, v *node.Value) {
		if smallNumber.MatchString(v.Value) {
			few[name] = true
		}
		for key, c := range node.Children(name, v) {
			walk(key, c)
		}
	}
	if content != nil {
		walk("", content)
	}
	return func(name string) bool { return few[name] }
}

var wholePlaceholder = regexp.MustCompile(`^\{([^{}]+)\}$`)

var oneVariable = regexp.MustCompile(`^\$\{ ([A-Za-z_][A-Za-z_0-9]*) \}$`)

// variableIn is the variable that a template is; empty: it is something else.
func variableIn(t string) string {
	if m := oneVariable.FindStringSubmatch(t); m != nil {
		return m[1]
	}
	return ""
}

// ownID is an id of what an answer is of, or what it wraps.
var ownID = regexp.MustCompile(`^body(\.(data|result|item|[a-z_]+))?\.([A-Za-z_]+)$`)

// made says whether a variable is the id of a thing that a request of the group creates which is
// sent, and that a name, of a field or of a part of a path before it, is for.
func (g *Group) made(name, of string) (found bool) {
	for _, st := range g.all() {
		at := slices.IndexFunc(st.Captures, func(c draft.Pair) bool { return c.Name == name })
		if at < 0 {
			continue
		}
		if st.Method != "POST" || st.Commented || logsIn(st) || g.state[st] == unjudged {
			return false
		}
		parts := naming.PathParts(template.Placeholders(g.sent[st].Path))
		if len(parts) == 0 || harm.Reads(parts[len(parts)-1]) {
			return false
		}
		noun := naming.Singular(strings.ToLower(parts[len(parts)-1]))
		m := ownID.FindStringSubmatch(st.Captures[at].Text)
		if m == nil || !slices.Contains([]string{"id", "_id", "uuid", "guid", "pk", noun + "_id", noun + "id"},
			strings.ToLower(m[3])) {
			return false
		}
		if words := naming.Words(of); !slices.ContainsFunc(words,
			func(w string) bool { return naming.Singular(w) == noun }) {
			return false
		}
		found = true
	}
	return found
}
