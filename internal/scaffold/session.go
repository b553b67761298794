package scaffold

import (
	"cmp"
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
	token  string            // variable that the Authorization header shows; empty: none
	static bool              // its Authorization header was recorded without where it came from
	hit    found             // what the last captured value is
	places map[string]bool   // paths below which an id was captured
	loose  map[*step][]loose // of all recordings, by the step whose path has them

	// Of the step that is being made.
	aim     aim
	content *value // of its body, whether or not that can be in the file; nil: it has none
	shows   bool   // a secret in its body is one by its own name or form
}

// found is a value of an answer that a later request may show.
type found struct {
	step  *step
	where string // expression
	key   string // name that it had
	value string
	noun  string // what it is the id of, where the step made it; empty: it was there
}

func (s *session) read(entries []*entryHAR, host string) {
	s.names, s.places = map[string]bool{}, map[string]bool{}
	kept := s.keep(entries, host)
	s.group.wait = waitOf(kept)
	for _, e := range kept {
		s.add(e)
	}
	s.logIn()
	if len(kept) > 0 && len(kept[0].Request.Cookies) > 0 && s.group.start == nil {
		s.group.looks = append(s.group.looks,
			"it was recorded with a session's cookies, which are not here: add a start step that logs in")
	}
}

// keep are the requests that a user's load is made of.
func (s *session) keep(entries []*entryHAR, host string) (kept []*entryHAR) {
	const (
		others, files, failed = "to other hosts", "for files of pages", "that failed"
		asked                 = "that a browser asks before others"
		across                = "that a login on another host led back to"
	)
	left := map[string]int{}
	var chains []*chain
	for _, e := range entries {
		at := slices.IndexFunc(chains, func(c *chain) bool { return c.last.pointsTo(e) })
		if at >= 0 { // a browser follows by itself
			c := chains[at]
			c.last = e
			c.abroad = c.abroad || e.url.Host != host
			switch {
			case c.first == nil:
			case c.abroad && e.url.Host == host:
				left[across]++
				c.first.follows = false
			default:
				c.first.follows = !c.abroad
			}
			if c.first != nil || e.url.Host != host {
				continue
			}
			c.first = e
		} else if e.redirects() {
			chains = append(chains, &chain{last: e})
		}
		switch {
		case e.url.Host != host:
			left[others]++
		case e.static():
			left[files]++
		case e.Request.Method == "OPTIONS":
			left[asked]++
		case e.failed():
			left[failed]++
		default:
			kept = append(kept, e)
			if at < 0 && e.redirects() {
				chains[len(chains)-1].first = e
			}
		}
	}
	for _, why := range []string{others, across, files, asked, failed} {
		if n := left[why]; n > 0 {
			s.group.looks = append(s.group.looks, fmt.Sprintf("left out: %s %s", unit.Counted(n, "request"), why))
		}
	}
	return kept
}

// chain is a request and those that its redirects led to.
type chain struct {
	first  *entryHAR // that is kept; nil: none yet
	last   *entryHAR
	abroad bool // it led over another host, which a load does not ask
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

// failed says whether a request got no good answer. Recorders write 0 or -1 for
// none.
func (e *entryHAR) failed() bool { return e.Response.Status < 100 || e.Response.Status >= 400 }

// redirects says whether an answer sends the browser on.
func (e *entryHAR) redirects() bool {
	return e.Response.Status >= 300 && e.Response.Status <= 399 && e.Response.Status != 304 && e.location() != ""
}

func (e *entryHAR) location() string {
	if e.Response.RedirectURL != "" {
		return e.Response.RedirectURL
	}
	for _, h := range e.Response.Headers {
		if strings.EqualFold(h.Name, "location") {
			return h.Value
		}
	}
	return ""
}

// pointsTo says whether an answer sent the browser to another request.
func (e *entryHAR) pointsTo(next *entryHAR) bool {
	if !e.redirects() {
		return false
	}
	u, err := e.url.Parse(e.location())
	return err == nil && u.Host == next.url.Host && u.RawQuery == next.url.RawQuery &&
		strings.TrimSuffix(u.Path, "/") == strings.TrimSuffix(next.url.Path, "/")
}

// waitOf is think times that are evenly drawn with the mean and the least of
// what was recorded between the end of a request and the beginning of the next.
func waitOf(entries []*entryHAR) string {
	var gaps []time.Duration
	var sum time.Duration
	for i := 1; i < len(entries); i++ {
		if entries[i-1].StartedDateTime.IsZero() || entries[i].StartedDateTime.IsZero() {
			continue
		}
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
	s.aim, s.content, s.shows = aim{}, nil, false
	s.path(st, e)
	if e.url.User != nil {
		s.group.look("its address had a user and a password, which are not here: write auth if the service needs them")
	}
	s.send(st, e)
	if p := e.Request.PostData; p != nil && (p.Text != "" || len(p.Params) > 0) {
		s.body(st, e)
	}
	if e.Response.Status >= 300 && e.Response.Status != 304 && !e.follows { // 304 is what the browser had already
		st.expect = fmt.Sprintf("status == %d", e.Response.Status)
	}
	st.hold(harm(st.method, e.url.Path, e.url.RawQuery))
	if !s.logsIn(st) {
		if st.body != nil && listsIDs(st.body.content) {
			s.aim.addForeign("the ids that its body lists")
		}
		st.hold(s.aim.refuse(st.method))
		st.hold(commanded(s.content))
		if !st.off {
			st.lookAll(concerns(st.method, st.path, s.content))
		}
	}
	if !st.off { // what is not sent answers nothing
		s.remember(st, e)
	}
	s.group.steps = append(s.group.steps, st)
}

// logsIn says whether a request shows a password at the address of a login.
func (s *session) logsIn(st *step) bool {
	path, _, _ := strings.Cut(st.path, "?")
	return st.method == "POST" && st.body != nil && st.secret && isLogin(path) &&
		(s.shows || loginEnd.MatchString(path))
}

// loginEnd is the end of the path of a login.
var loginEnd = regexp.MustCompile(`(?i)/[^/]*(log-?in|sign-?in|log-?on|sign-?on|token|auth|authenticate)(\.\w+|/)?$`)

// send takes over the headers that a service may need, without secrets: those of
// a list, and those that show what an earlier answer told.
func (s *session) send(st *step, e *entryHAR) {
	for _, h := range e.Request.Headers {
		switch {
		case strings.EqualFold(h.Name, "authorization"):
			s.authorize(st, h.Value)
		case ownHeader.MatchString(h.Name) || !isHeaderName(h.Name) || h.Value == "" || hasHeader(st.headers, h.Name):
		case overrides.MatchString(h.Name):
			st.hold("its header " + h.Name + " makes another request of it")
		case strings.EqualFold(h.Name, "soapaction") && actingWord(h.Value) != "":
			st.hold("its header " + h.Name + " says " + oneLine(h.Value))
		case keptHeader.MatchString(h.Name) && !isSecret(h.Name, h.Value) && !speaks(h.Value) &&
			!strings.Contains(h.Value, "*"):
			st.headers = append(st.headers, pair{h.Name, escaped(oneLine(h.Value))})
		default:
			if id, ok := s.captured(h.Value, h.Name); ok {
				st.headers = append(st.headers, pair{h.Name, variableText(id)})
			} else if isSecret(h.Name, h.Value) {
				s.redact(st, h.Name)
				st.headers = append(st.headers, pair{h.Name, s.draft.secretFor(h.Name)})
			} else if !keptHeader.MatchString(h.Name) || speaks(h.Value) {
				s.group.look("left out: header " + h.Name +
					", which may hold a session: write it under headers if the service needs it")
			}
		}
	}
}

// overrides are headers that make another method of a request.
var overrides = regexp.MustCompile(`(?i)^x-(http-)?method(-override)?$`)

// look adds what a person must look at, once.
func (g *group) look(what string) {
	if !slices.Contains(g.looks, what) {
		g.looks = append(g.looks, what)
	}
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
		st.headers = append(st.headers, pair{"Authorization", strings.TrimSpace(scheme + " " + variableText(id))})
		return
	}
	if !s.static {
		s.static = true
		s.group.looks = append(s.group.looks, "set LOADGATE_TOKEN: what it showed in Authorization is not here")
	}
	st.headers = append(st.headers,
		pair{"Authorization", strings.TrimSpace(scheme + " " + s.draft.secret("LOADGATE_TOKEN"))})
}

func (s *session) redact(st *step, name string) {
	st.look(fmt.Sprintf("set %s: what was recorded of %s is not here", variableFor(name), oneLine(name)))
}

// variableFor is the name of the environment for a secret.
func variableFor(name string) string {
	word := strings.Trim(regexp.MustCompile(`[^A-Z0-9]+`).ReplaceAllString(strings.ToUpper(name), "_"), "_")
	return "LOADGATE_" + cmp.Or(word, "SECRET")
}
