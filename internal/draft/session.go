package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/unit"
)

// session is one recording on its way to be a group.
type session struct {
	draft  *Draft
	group  *group
	found  []found // values of answers, in their order
	names  map[string]bool
	token  string // variable that the Authorization header shows; empty: none
	static bool   // its Authorization header was recorded without where it came from
}

// found is a value of an answer that a later request may show.
type found struct {
	step  *step
	where string // expression
	key   string // name that it had
	value string
}

func (s *session) read(entries []*entryHAR, host string) {
	s.names = map[string]bool{}
	left := map[string]int{}
	var kept []*entryHAR
	for _, e := range entries {
		switch {
		case e.url.Host != host:
			left["to other hosts"]++
		case e.static():
			left["for files of pages"]++
		case e.Request.Method == "OPTIONS":
			left["that a browser asks before others"]++
		case e.Response.Status == 0 || e.Response.Status >= 400:
			left["that failed"]++
		case len(kept) > 0 && kept[len(kept)-1].pointsTo(e):
			kept[len(kept)-1].follows = true
		default:
			kept = append(kept, e)
		}
	}
	for _, why := range []string{"to other hosts", "for files of pages", "that a browser asks before others", "that failed"} {
		if n := left[why]; n > 0 {
			s.group.looks = append(s.group.looks, fmt.Sprintf("left out: %s %s", unit.Counted(n, "request"), why))
		}
	}
	s.group.wait = waitOf(kept)
	for _, e := range kept {
		s.add(e)
	}
	s.logIn()
	if len(kept) > 0 && len(kept[0].Request.Cookies) > 0 && s.group.start == nil {
		s.group.looks = append(s.group.looks, "it was recorded with a session's cookies, which are not here: add a start step that logs in")
	}
}

// logIn makes start steps of what got the token that the others show, which is
// a header of the group then.
func (s *session) logIn() {
	g := s.group
	at := slices.IndexFunc(g.steps, func(st *step) bool {
		return s.token != "" && slices.ContainsFunc(st.capture, func(c pair) bool { return c.name == s.token })
	})
	if at < 0 || g.steps[at].off {
		return
	}
	var shown []pair
	for _, st := range g.steps {
		for _, h := range st.headers {
			if h.name == "Authorization" && !slices.Contains(shown, h) {
				shown = append(shown, h)
			}
		}
	}
	if len(shown) != 1 {
		return // several tokens: each request shows its own
	}
	first := at
	for i, st := range g.steps[:at] {
		if len(st.capture) > 0 { // it may need what they got
			first = min(first, i)
		}
	}
	g.start = slices.Clone(g.steps[first : at+1])
	g.steps = slices.Delete(g.steps, first, at+1)
	g.headers = shown
	for _, st := range g.steps {
		st.headers = slices.DeleteFunc(st.headers, func(h pair) bool { return h == shown[0] })
	}
}

// pointsTo says whether an answer sent the browser to another request.
func (e *entryHAR) pointsTo(next *entryHAR) bool {
	if e.Response.Status < 300 || e.Response.Status > 399 || e.Response.RedirectURL == "" {
		return false
	}
	u, err := e.url.Parse(e.Response.RedirectURL)
	return err == nil && u.Host == next.url.Host && u.Path == next.url.Path
}

// waitOf is think times that are evenly drawn with the mean and the least of
// what was recorded between the end of a request and the beginning of the next.
func waitOf(entries []*entryHAR) string {
	var gaps []time.Duration
	var sum time.Duration
	for i := 1; i < len(entries); i++ {
		ended := entries[i-1].StartedDateTime.Add(time.Duration(entries[i-1].Time * float64(time.Millisecond)))
		gap := min(max(entries[i].StartedDateTime.Sub(ended), 0), 10*time.Minute) // at once, or a cup of coffee
		gaps, sum = append(gaps, gap), sum+gap
	}
	if gaps == nil {
		return "1s"
	}
	mean := (sum / time.Duration(len(gaps))).Round(time.Millisecond)
	least := slices.Min(gaps).Round(time.Millisecond)
	if most := 2*mean - least; most > least {
		return least.String() + ".." + most.String()
	}
	return least.String()
}

// add makes a step of a request, and remembers what it answered.
func (s *session) add(e *entryHAR) {
	st := &step{method: e.Request.Method, follow: e.follows}
	st.path, st.name = s.path(e)
	s.send(st, e)
	if p := e.Request.PostData; p != nil && (p.Text != "" || len(p.Params) > 0) {
		s.body(st, e)
	}
	if e.Response.Status >= 300 && e.Response.Status != 304 && !e.follows { // 304 is what the browser had already
		st.expect = fmt.Sprintf("status == %d", e.Response.Status)
	}
	s.remember(st, e)
	s.group.steps = append(s.group.steps, st)
}

// Headers that a client adds by itself, or that are a session's own.
var ownHeader = regexp.MustCompile(`(?i)^(:|sec-|accept-|if-|x-forwarded|x-real-ip|(host|connection|content-length|content-type|cookie|user-agent|origin|referer|cache-control|pragma|upgrade-insecure-requests|dnt|te|priority|authorization|accept|keep-alive|transfer-encoding|expect)$)`)

// send takes over the headers that a service may need, without secrets.
func (s *session) send(st *step, e *entryHAR) {
	for _, h := range e.Request.Headers {
		switch {
		case strings.EqualFold(h.Name, "authorization"):
			s.authorize(st, h.Value)
		case ownHeader.MatchString(h.Name) || !headerName.MatchString(h.Name) || h.Value == "":
		default:
			if id, ok := s.captured(h.Value, h.Name); ok {
				st.headers = append(st.headers, pair{h.Name, "${ " + id + " }"})
			} else if isSecret(h.Name, h.Value) || longText.MatchString(h.Value) {
				s.redact(st, h.Name)
				st.headers = append(st.headers, pair{h.Name, s.draft.secret(variableFor(h.Name), changeMe)})
			} else {
				st.headers = append(st.headers, pair{h.Name, escaped(oneLine(h.Value))})
			}
		}
	}
}

var secretHeader = regexp.MustCompile(`(?i)(token|auth(orization)?([_-]|$)|csrf|xsrf|signature|session_?(id|key)|(^|_)jwt)`)

// aToken is a JSON web token, whatever its name is.
var aToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.`)

// isSecret says whether a value opens a door, by its name or its form.
func isSecret(name, v string) bool {
	return secretName.MatchString(name) || secretHeader.MatchString(name) || aToken.MatchString(v)
}

// authorize shows the token of an earlier answer, or one of the environment,
// never the recorded one.
func (s *session) authorize(st *step, header string) {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok {
		scheme, token = "", header
	}
	if id, known := s.captured(token, "token"); known {
		s.token = id
		st.headers = append(st.headers, pair{"Authorization", strings.TrimSpace(scheme + " ${ " + id + " }")})
		return
	}
	if !s.static {
		s.static = true
		s.group.looks = append(s.group.looks, "set LOADGATE_TOKEN: what it showed in Authorization is not here")
	}
	st.headers = append(st.headers, pair{"Authorization", strings.TrimSpace(scheme + " " + s.draft.secret("LOADGATE_TOKEN", changeMe))})
}

func (s *session) redact(st *step, name string) {
	st.looks = append(st.looks, fmt.Sprintf("set %s: what was recorded of %s is not here", variableFor(name), name))
}

// variableFor is the name of the environment for a secret.
func variableFor(name string) string {
	return "LOADGATE_" + strings.Trim(regexp.MustCompile(`[^A-Z0-9]+`).ReplaceAllString(strings.ToUpper(name), "_"), "_")
}
