package written

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Session makes the steps of one group.
type Session struct {
	Draft *draft.Draft
	Group *draft.Group

	things       harm.Things
	sent         map[*Request]*sent
	captured     map[string]*Answer // by the name of the variable
	transactions map[*Group]*draft.Task
	draws        map[*Draw]shown
	variables    map[*Draw]string // that hold a draw
	anew         map[*Draw]bool   // those that no variable could hold
	once         bool             // its steps are sent once, by no user
	before       *Session         // the setup, whose values are read here; nil: there is none

	// Of the step that is being made.
	step         *draft.Step
	to           *[]*draft.Step // where it will be
	target       harm.Target
	sharesSecret bool
}

// sent is a request that is a step, and what it made.
type sent struct {
	step *draft.Step
	path string // as harm reads it: with {id} for what is not known
	noun string // the kind of thing that it makes; empty: none
}

// NewSession begins the steps of a group of a draft, whose requests have these paths.
func NewSession(d *draft.Draft, g *draft.Group, all []*Request) *Session {
	s := &Session{Draft: d, Group: g, sent: map[*Request]*sent{}, captured: map[string]*Answer{},
		transactions: map[*Group]*draft.Task{}, draws: map[*Draw]shown{}, variables: map[*Draw]string{},
		anew: map[*Draw]bool{}}
	s.noteDraws(all)
	for _, r := range all {
		s.things.AddPath(pattern(r.Path))
	}
	return s
}

// NewSetup begins the steps that are sent once before the load. All are the requests of the whole draft.
func NewSetup(d *draft.Draft, all []*Request) *Session {
	s := NewSession(d, &draft.Group{}, all)
	s.once, s.to = true, &d.Setup
	return s
}

// Teardown begins the steps that are sent once after the load of a setup, and read what that captured.
func (s *Session) Teardown(all []*Request) *Session {
	after := NewSession(s.Draft, &draft.Group{}, all)
	after.once, after.to, after.before = true, &s.Draft.Teardown, s
	return after
}

// Users begins the steps of a group that reads what a setup captured.
func (s *Session) Users(g *draft.Group, all []*Request) *Session {
	users := NewSession(s.Draft, g, all)
	users.before = s
	return users
}

// pattern is a path and its query with {id} for what is not known.
func pattern(path Text) string {
	var out strings.Builder
	for _, p := range path {
		if p.Literal != "" {
			out.WriteString(p.Literal)
		} else if p != (Part{}) {
			out.WriteString("{id}")
		}
	}
	text, _, _ := strings.Cut(out.String(), "#")
	return text
}

// capture is the variable that holds a value of an answer, captured there from now on; ok is
// false where that request is not sent before this one.
func (s *Session) capture(a *Answer, as string) (name string, ok bool) {
	from := s.sent[a.Of]
	if from == nil && s.before != nil {
		name, ok := s.before.capture(a, as)
		return draft.SetupName + name, ok
	}
	if from == nil || from.step.Commented || secrets.InExpression("", a.Where, false) {
		return "", false
	}
	at := slices.IndexFunc(from.step.Captures, func(c draft.Pair) bool { return c.Text == a.Where })
	if at >= 0 {
		return from.step.Captures[at].Name, true
	}
	name = draft.UnusedName(variableName(a, as), s.taken)
	s.captured[name] = a
	from.step.Captures = append(from.step.Captures, draft.Pair{Name: name, Text: a.Where})
	if secrets.IsHeader(a.Key) || secrets.InName(a.Key) {
		from.step.Secret = true
	}
	return name, true
}

// variableName is what the variable of an answer is called: as in the script, else as in the
// answer, or by where it is used if that says no more than id.
func variableName(a *Answer, as string) string {
	for _, name := range []string{a.Name, a.Key, as} {
		joined := strings.Join(naming.Words(name), "_")
		if joined != "" && !(joined == "id" && as != "") && !expr.Reserved(joined) {
			return joined
		}
	}
	return strings.Join(naming.Words(as), "_")
}

// madeAs says whether a value of an answer is the id of a thing that its request made, and that
// a name refers to.
func (s *Session) madeAs(a *Answer, name string) bool {
	from := s.sent[a.Of]
	if from == nil && s.before != nil {
		return s.before.madeAs(a, name)
	}
	if from == nil || from.noun == "" {
		return false
	}
	own := isPlainID(a.Key) || slices.Contains([]string{"uuid", "guid", "pk"}, strings.ToLower(a.Key)) ||
		naming.NamesThing(a.Key) && related(from.noun, a.Key)
	at := regexp.MustCompile(`^body(\.(data|result|item|` + regexp.QuoteMeta(from.noun) + `))?\.[A-Za-z_]+$`)
	return own && at.MatchString(a.Where) && related(from.noun, name)
}

// isMade says whether a value of a body is the id of what the group made.
func (s *Session) isMade(name, value string) bool {
	return s.showsMade(name, value, "") || s.before != nil && s.before.showsMade(s.kindOf(name), value, draft.SetupName)
}

// showsMade is isMade for the values of this session, whose names begin with a prefix where they are shown.
func (s *Session) showsMade(name, value, prefix string) bool {
	for variable, a := range s.captured {
		shown := strings.Contains(value, template.Variable(prefix+variable)) ||
			strings.Contains(value, "${ string("+prefix+variable+") }")
		if shown && s.madeAs(a, s.kindOf(name)) {
			return true
		}
	}
	return false
}

// kindOf is the name of a value, or where it is if it is only called id.
func (s *Session) kindOf(name string) string {
	if isPlainID(name) {
		return s.step.Path
	}
	return name
}

// noteCaptured notes whose id a captured value is: of a thing that was made, or that was there.
func (s *Session) noteCaptured(a *Answer, key string, inPath bool) {
	switch {
	case s.madeAs(a, s.kindOf(key)):
		s.target.Own = true
	case inPath || naming.NamesThing(key) || naming.NamesThing(a.Key):
		s.target.AddForeign(naming.Line(key))
	}
}

func isPlainID(key string) bool { return strings.EqualFold(strings.TrimLeft(key, "_"), "id") }

// related says whether two names share a word that is more than id.
func related(a, b string) bool {
	for _, word := range letters.FindAllString(strings.ToLower(b), -1) {
		if strings.Contains(strings.ToLower(a), word) || strings.Contains(strings.ToLower(a), naming.Singular(word)) {
			return true
		}
	}
	return false
}

var letters = regexp.MustCompile(`[A-Za-z]{3,}`)

// askFor says which variable to set for a secret that is not here.
func (s *Session) askFor(variable, name string) {
	s.step.Look(fmt.Sprintf("set %s: the value of %s is not here", variable, naming.Line(name)))
}

// masked is the template of a variable of the environment that replaces a secret of a name.
func (s *Session) masked(key, v string) string {
	s.step.Secret = true
	variable := s.Draft.SecretOf(key, v)
	s.askFor(variable, key)
	return s.Draft.Secret(variable)
}
