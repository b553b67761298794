package recording

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// add makes a step of a request, and remembers what it answered.
func (s *session) add(e *entry) *draft.Step {
	st := &draft.Step{Method: e.Request.Method, Follow: e.follows}
	s.target, s.address, s.content, s.sharesSecret = harm.Target{}, e.url.Path, nil, false
	s.path(st, e)
	if e.url.User != nil {
		s.group.Look("its address had a user and a password, which are not here: write auth if the service needs them")
	}
	s.send(st, e)
	if p := e.Request.Body; p != nil && (p.Text != "" || len(p.Params) > 0) {
		s.body(st, e)
	} else if e.lacksBody() {
		st.CommentOut("its body was not recorded: write json, form, text or multipart")
	}
	if e.Answer.Status >= 300 && e.Answer.Status != 304 && !e.follows { // 304 is what the browser had already
		st.Expect = fmt.Sprintf("status == %d", e.Answer.Status)
	}
	st.CommentOut(harm.Request(st.Method, e.url.Path, e.url.RawQuery))
	if !s.logsIn(st) {
		if st.Body != nil && harm.ListsIDs(st.Body.Content) {
			s.target.AddForeign("the ids that its body lists")
		}
		s.addReferences(st, e)
		st.CommentOut(s.target.Refuse(st.Method))
		if !st.Commented {
			st.CommentOut(s.target.RefuseDeed(st.Method, e.url.Path, ""))
		}
		st.CommentOut(harm.Body(s.content))
		if !st.Commented {
			st.LookAll(harm.Concerns(st.Method, st.Path, s.content))
		}
	}
	if !st.Commented { // what is not sent answers nothing
		s.remember(st, e)
	}
	s.tell(e)
	s.group.Steps = append(s.group.Steps, st)
	return st
}

// logsIn says whether a request shows a password at the address of a login.
func (s *session) logsIn(st *draft.Step) bool {
	path, _, _ := strings.Cut(st.Path, "?")
	return st.Method == "POST" && st.Body != nil && st.Secret && naming.IsLogin(path) &&
		(s.sharesSecret || loginEnd.MatchString(path))
}

// loginEnd is the end of the path of a login.
var loginEnd = regexp.MustCompile(`(?i)/[^/]*(log-?in|sign-?in|log-?on|sign-?on|token|auth|authenticate)(\.\w+|/)?$`)

// addReferences notes what the query and the body refer to. A body that is written as the text that
// it was has no variable for what was made.
func (s *session) addReferences(st *draft.Step, e *entry) {
	if !harm.Writes(st.Method) {
		return
	}
	t := s.things
	t.Made = func(name, value string) bool { return s.createdValue(value, name) >= 0 }
	s.target.AddReferences(t, e.url.Path, formContent(formOf(e.url.RawQuery, nil)))
	if st.Body == nil || st.Body.Key == "text" {
		t.Made = nil
	}
	s.target.AddReferences(t, e.url.Path, s.content)
}
