package written

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

var (
	// ownHeader are headers that the client makes, whatever a script says.
	ownHeader = regexp.MustCompile(`(?i)^(host|connection|content-length|upgrade|te|trailer|keep-alive|` +
		`transfer-encoding|expect|proxy-.*|accept-encoding)$`)
	// methodOverride are headers that make another method of a request.
	methodOverride = regexp.MustCompile(`(?i)^x-(http-)?method(-override)?$`)
	// scheme is the scheme before a token.
	scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{1,11} +`)
)

// header takes over a header: a secret in it is masked.
func (s *Session) header(h Field) {
	st := s.step
	text, known := h.Value.Literal()
	switch {
	case !naming.IsHeader(h.Name):
		st.Look("left out: a header that has no valid name")
	case secrets.IsName(h.Name):
		st.CommentOut("the name of a header of it may be a secret: write headers")
	case ownHeader.MatchString(h.Name) || draft.HasHeader(st.Headers, h.Name):
	case methodOverride.MatchString(h.Name):
		st.CommentOut("its header " + h.Name + " overrides the method")
	case strings.EqualFold(h.Name, "soapaction") && (!known || harm.ActingWord(text) != ""):
		st.CommentOut("its header " + h.Name + " says " + naming.Line(text))
	case strings.EqualFold(h.Name, "authorization"):
		s.authorize(h)
	default:
		st.Headers = append(st.Headers, draft.Pair{Name: h.Name, Text: s.headerText(h)})
	}
}

// headerText is the value of a header on one line. Ids of the request itself or of its sender
// say nothing of what it writes to.
func (s *Session) headerText(h Field) string {
	if text, known := h.Value.Literal(); known {
		if secrets.Is(h.Name, text) || secrets.IsHeader(h.Name) {
			return s.masked(h.Name, text)
		}
		return template.Escape(naming.Line(text))
	}
	before := slices.Clone(s.target.Foreign)
	text := s.value(h.Name, h.Value)
	if harm.NamesSender(h.Name) || !naming.NamesThing(h.Name) {
		s.target.Foreign = before
	}
	return text
}

// authorize takes over an Authorization: the token of an earlier answer, or one of the
// environment, never the one that was written.
func (s *Session) authorize(h Field) {
	value := func(text string) {
		s.step.Headers = append(s.step.Headers, draft.Pair{Name: "Authorization", Text: text})
	}
	if text, known := h.Value.Literal(); known {
		before := scheme.FindString(text)
		if secrets.InValue(strings.TrimSpace(before)) {
			before = ""
		}
		name := s.Draft.SecretOf("token", strings.TrimPrefix(text, before))
		s.askFor(name, h.Name)
		s.step.Secret = true
		value(before + s.Draft.Secret(name))
		return
	}
	foreign := s.target.Foreign
	text := s.text(h.Value, "token", func(text string) string {
		if bare := strings.TrimSpace(text); secrets.InValue(bare) || len(bare) > 12 {
			return s.masked(h.Name, bare)
		}
		return template.Escape(text)
	})
	s.target.Foreign = foreign
	value(text)
}

// user is who a request says it is before the host of its address: loadgate takes no user there, and sends the same
// header for auth. What is known is a secret, the name as well.
func (s *Session) user(t Text) {
	if s.step.Auth != nil || draft.HasHeader(s.step.Headers, "Authorization") {
		return // which is sent in place of it
	}
	name, password := cut(t, ":")
	who := node.Map()
	shown, variable := s.credential("username", name)
	node.Set(who, "username", node.Text(shown))
	shown, other := s.credential("password", password)
	node.Set(who, "password", node.Text(shown))
	s.step.Auth = node.Map()
	node.Set(s.step.Auth, "basic", who)
	if all := slices.DeleteFunc([]string{variable, other}, func(v string) bool { return v == "" }); len(all) > 0 {
		s.Draft.AddLook(fmt.Sprintf("set %s: addresses have a user and a password, which are not here",
			strings.Join(all, " and ")))
	}
}

// credential is a part of a user and a password in an address, and the variable that a person must set for it.
func (s *Session) credential(key string, t Text) (shown, variable string) {
	v, known := t.Literal()
	if len(t) == 1 && t[0].Hidden != nil {
		key, v, known = t[0].Hidden.Name, t[0].Hidden.Value, true
	}
	if !known {
		foreign := slices.Clone(s.target.Foreign)
		text := s.value(key, t)
		s.target.Foreign = foreign
		return text, ""
	}
	if v == "" {
		return "", ""
	}
	if plain, err := url.PathUnescape(v); err == nil {
		v = plain
	}
	variable = s.Draft.SecretOf(key, v)
	return s.Draft.Secret(variable), variable
}

// basic is a name and a password, of which the file has at most the name.
func (s *Session) basic(b *Basic) {
	foreign := slices.Clone(s.target.Foreign)
	who := node.Map()
	node.Set(who, "username", node.Text(s.value("username", b.Name)))
	node.Set(who, "password", node.Text(s.value("password", b.Password)))
	s.step.Auth = node.Map()
	node.Set(s.step.Auth, "basic", who)
	s.target.Foreign = foreign
}
