package recording

import (
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

var (
	// keptHeader are the headers of a recording that are taken over: all others may
	// hold a session, whatever they are called.
	keptHeader = regexp.MustCompile(`(?i)^(content-language|prefer|range|soapaction|x-requested-with|x-pjax|` +
		`x-inertia|turbo-frame|hx-(request|boosted|target|trigger|trigger-name)|(x-)?(api|accept)-version|` +
		`graphql-require-preflight|apollo-require-preflight)$`)
	// Headers that a client adds by itself, or that are shown in another place.
	ownHeader = regexp.MustCompile(`(?i)^(:|sec-|accept-|if-|x-forwarded|x-real-ip|proxy-|access-control-|` +
		`(host|connection|content-length|content-type|cookie|cookie2|user-agent|origin|referer|` +
		`cache-control|pragma|upgrade|upgrade-insecure-requests|dnt|te|priority|authorization|accept|keep-alive|` +
		`transfer-encoding|expect)$)`)
	// authScheme is the scheme before a token: one that is known, or a word of letters. What has
	// digits may be a secret.
	authScheme = regexp.MustCompile(`(?i)^(aws4-hmac-sha256|scram-sha-(1|256)|[a-z]{2,12}(-[a-z]{2,12})?)$`)
	// methodOverride are headers that make another method of a request.
	methodOverride = regexp.MustCompile(`(?i)^x-(http-)?method(-override)?$`)
)

// send takes over the headers that a service may need, without secrets: those of
// a list, and those whose value an earlier answer had.
func (s *session) send(st *draft.Step, e *entry) {
	for _, h := range e.Request.Headers {
		switch {
		case strings.EqualFold(h.Name, "authorization"):
			s.authorize(st, h.Value)
		case ownHeader.MatchString(h.Name) || !naming.IsHeader(h.Name) ||
			h.Value == "" || draft.HasHeader(st.Headers, h.Name):
		case methodOverride.MatchString(h.Name):
			st.CommentOut("its header " + h.Name + " overrides the method")
		case strings.EqualFold(h.Name, "soapaction") && harm.ActingWord(h.Value) != "":
			st.CommentOut("its header " + h.Name + " says " + naming.Line(h.Value))
		case keptHeader.MatchString(h.Name) && !secrets.Is(h.Name, h.Value) && !secrets.Mentioned(h.Value) &&
			!strings.Contains(h.Value, "*"):
			st.Headers = append(st.Headers, draft.Pair{Name: h.Name, Text: template.Escape(naming.Line(h.Value))})
		default:
			if id, ok := s.capture(h.Value, h.Name); ok {
				st.Headers = append(st.Headers, draft.Pair{Name: h.Name, Text: template.Variable(id)})
			} else if secrets.Is(h.Name, h.Value) {
				st.Headers = append(st.Headers, draft.Pair{Name: h.Name, Text: s.secret(h.Name, h.Value, st)})
			} else if !keptHeader.MatchString(h.Name) || secrets.Mentioned(h.Value) {
				s.group.Look("left out: header " + h.Name +
					", which may hold a session: write it under headers if the service needs it")
			}
		}
	}
}

// authorize shows the token of an earlier answer, or one of the environment,
// never the recorded one.
func (s *session) authorize(st *draft.Step, header string) {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !authScheme.MatchString(scheme) || secrets.InValue(scheme) {
		scheme, token = "", header
	}
	if id, known := s.capture(token, "token"); known {
		s.token = id
		st.Headers = append(st.Headers,
			draft.Pair{Name: "Authorization", Text: strings.TrimSpace(scheme + " " + template.Variable(id))})
		return
	}
	const name = "LOADGATE_TOKEN"
	if !s.tokenMissing {
		s.tokenMissing = true
		if s.secrets[name] == "" {
			s.secrets[name] = s.draft.SecretOf("token", token)
		}
		s.group.Looks = append(s.group.Looks, "set "+s.secrets[name]+": the recorded Authorization is not here")
	}
	st.Headers = append(st.Headers,
		draft.Pair{Name: "Authorization", Text: strings.TrimSpace(scheme + " " + s.draft.Secret(s.secrets[name]))})
}
