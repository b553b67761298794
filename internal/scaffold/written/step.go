package written

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// Add appends the step of a request to some steps. Equal ones that follow each other become one
// that is sent several times.
func (s *Session) Add(to *[]*draft.Step, r *Request) *draft.Step {
	st := &draft.Step{Method: r.Method, Times: r.Times, When: r.When, Wait: r.Wait, Follow: r.Follow}
	s.step, s.to, s.target, s.sharesSecret = st, to, harm.Target{}, false
	s.expect(r.Expect)
	st.LookAll(r.Looks)
	for _, why := range r.Held {
		st.CommentOut(why)
	}
	whole := pattern(r.Path)
	s.path(r)
	for _, h := range r.Headers {
		s.header(h)
	}
	if r.Basic != nil {
		s.basic(r.Basic)
	}
	if r.User != nil {
		s.user(r.User)
	}
	s.body(r.Body)
	s.refuse(r, whole)
	if r.Within != nil {
		if s.transactions[r.Within] == nil {
			s.transactions[r.Within] = &draft.Task{Name: secrets.Line(r.Within.Name)}
		}
		st.Task = s.transactions[r.Within]
	}
	path, _, _ := strings.Cut(whole, "?")
	made := &sent{step: st, path: path, noun: nounOf(st, path)}
	if last := len(*to) - 1; last >= 0 && !s.once && s.joins((*to)[last], st) {
		(*to)[last].Times = max((*to)[last].Times, 1) + max(st.Times, 1)
		made.step = (*to)[last]
		st = made.step
	} else {
		*to = append(*to, st)
	}
	s.sent[r] = made
	return st
}

// expect gives the step what its answer must be, but for what compares it with a secret.
func (s *Session) expect(all []string) {
	var kept []string
	for _, code := range all {
		if secrets.InExpression("", code, false) {
			s.step.Look("left out: a check that compares with what may be a secret: write expect with env(…)")
			continue
		}
		kept = append(kept, code)
	}
	s.step.Expect = strings.Join(kept, " && ")
}

// joins says whether a step is the one before it once more.
func (s *Session) joins(before, st *draft.Step) bool {
	one, other := *before, *st
	one.Times, other.Times = 0, 0
	return len(before.Captures) == 0 && reflect.DeepEqual(one, other)
}

// refuse makes a comment of a step that is no load, and says what else to look at.
func (s *Session) refuse(r *Request, whole string) {
	st := s.step
	path, query, _ := strings.Cut(whole, "?")
	st.CommentOut(harm.Request(st.Method, path, query, r.Title))
	if s.logsIn(path) {
		return
	}
	content := st.Content()
	if content != nil && harm.ListsIDs(content) {
		s.target.AddForeign("the ids that its body lists")
	}
	if harm.Writes(st.Method) {
		t := s.things
		t.Made = s.isMade
		s.target.AddReferences(t, path, queryContent(query))
		s.target.AddReferences(t, path, content)
	}
	st.CommentOut(s.target.Refuse(st.Method))
	if !st.Commented {
		st.CommentOut(s.target.RefuseDeed(st.Method, path, r.Title))
	}
	st.CommentOut(harm.Body(content))
	if !st.Commented {
		st.LookAll(harm.Concerns(st.Method, st.Path, content))
	}
}

// queryContent is a query as AddReferences reads it.
func queryContent(query string) *node.Value {
	asked := node.Map()
	for _, part := range strings.Split(query, "&") {
		if key, v, has := strings.Cut(part, "="); has && !strings.Contains(v, "{id}") {
			node.Set(asked, key, node.Text(v))
		}
	}
	return asked
}

// logsIn says whether a request shows a password at the address of a login.
func (s *Session) logsIn(path string) bool {
	return s.step.Method == "POST" && s.step.Body != nil && s.step.Secret && naming.IsLogin(path) &&
		(s.sharesSecret || loginEnd.MatchString(path))
}

// loginEnd is the end of the path of a login.
var loginEnd = regexp.MustCompile(`(?i)/[^/]*(log-?in|sign-?in|log-?on|sign-?on|token|auth|authenticate)(\.\w+|/)?$`)

// nounOf is the kind of thing that a request makes; empty: it makes none.
func nounOf(st *draft.Step, path string) string {
	parts := naming.PathParts(path)
	for len(parts) > 0 && creationPart.MatchString(parts[len(parts)-1]) {
		parts = parts[:len(parts)-1]
	}
	if st.Method != "POST" || st.Commented || len(parts) == 0 || harm.Reads(parts[len(parts)-1]) ||
		naming.IsLogin(path) {
		return ""
	}
	return naming.Singular(strings.ToLower(parts[len(parts)-1]))
}

// creationPart are parts of a path after the name of what is created.
var creationPart = regexp.MustCompile(`(?i)^(new|create|add|register|signup|start|open|v[0-9]+|[0-9]+)$`)
