package draft

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/unit"
)

// archive is what a draft needs of HTTP Archive 1.2.
type archive struct {
	Log struct{ Entries []*entryHAR }
}

type entryHAR struct {
	StartedDateTime time.Time
	Time            float64 // milliseconds
	Request         struct {
		Method, URL string
		Headers     []namedHAR
		Cookies     []namedHAR
		PostData    *struct {
			MimeType string
			Text     string
			Params   []namedHAR
		}
	}
	Response struct {
		Status      int
		RedirectURL string
		Headers     []namedHAR
		Content     struct {
			MimeType string
			Text     string
			Encoding string
		}
	}
	ResourceType string `json:"_resourceType"`

	url     *url.URL
	follows bool // its answer pointed to the next one
}

type namedHAR struct{ Name, Value string }

// Recording is one HAR file.
type Recording struct {
	Name string // of its users
	Text []byte
}

// Files that a page draws in, which are no work for a service.
var (
	staticType = regexp.MustCompile(`(?i)^(image|font|audio|video)/|^text/css|javascript|^application/(font|wasm|x-font)`)
	staticPath = regexp.MustCompile(`(?i)\.(js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|otf|mp4|webm|mp3|wasm)$`)
)

// HAR drafts a file from recordings of a browser, one kind of user each, with
// the think times that were recorded. Ids and tokens that came out of earlier
// answers are captured from them; what a page draws in, other hosts and what
// failed are left out. No cookie, token or password of a recording is in the
// file.
func HAR(recordings []Recording, o Options) (*Draft, error) {
	d := &Draft{origin: "a browser's recording"}
	var all [][]*entryHAR
	for _, r := range recordings {
		entries, err := readHAR(r.Text)
		if err != nil {
			return nil, fmt.Errorf("read HAR %s: %w", r.Name, err)
		}
		all = append(all, entries)
	}
	base, err := baseOf(all, o)
	if err != nil {
		return nil, err
	}
	d.url = base.Scheme + "://" + base.Host
	for i, r := range recordings {
		s := &session{draft: d, group: &group{name: unusedGroup(d, r.Name)}}
		s.read(all[i], base.Host)
		if len(s.group.steps)+len(s.group.start) == 0 {
			return nil, fmt.Errorf("read HAR %s: nothing that was asked of %s is left", r.Name, base.Host)
		}
		if len(s.group.steps) == 0 { // a login alone
			s.group.steps, s.group.start = s.group.start, nil
		}
		d.groups = append(d.groups, s.group)
	}
	o.URL = cmp.Or(o.URL, d.url)
	d.guesses()
	return d.finish(o)
}

// methods are those that a step may have.
var methods = []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

func readHAR(text []byte) ([]*entryHAR, error) {
	var a archive
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &a); err != nil {
		return nil, err
	}
	var kept []*entryHAR
	for _, e := range a.Log.Entries {
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			continue
		}
		if !slices.Contains(methods, e.Request.Method) {
			continue // no request of a user's
		}
		e.url = u
		kept = append(kept, e)
	}
	if kept == nil {
		return nil, errors.New("there is no request in it")
	}
	slices.SortStableFunc(kept, func(a, b *entryHAR) int { return a.StartedDateTime.Compare(b.StartedDateTime) })
	return kept, nil
}

// baseOf is the address that was asked most often for what is no file.
func baseOf(all [][]*entryHAR, o Options) (*url.URL, error) {
	if o.URL != "" {
		if u, err := url.Parse(o.URL); err == nil && u.Host != "" {
			for _, entries := range all {
				if slices.ContainsFunc(entries, func(e *entryHAR) bool { return e.url.Host == u.Host }) {
					return u, nil
				}
			}
		}
	}
	var best *url.URL
	counts := map[string]int{}
	for _, entries := range all {
		for _, e := range entries {
			if e.static() {
				continue
			}
			counts[e.url.Host]++
			if best == nil || counts[e.url.Host] > counts[best.Host] {
				best = e.url
			}
		}
	}
	if best == nil {
		return nil, errors.New("read HAR: there are only files of pages in it")
	}
	return best, nil
}

func (e *entryHAR) static() bool {
	return staticType.MatchString(e.Response.Content.MimeType) || staticPath.MatchString(e.url.Path) ||
		slices.Contains([]string{"image", "stylesheet", "script", "font", "media", "websocket"}, strings.ToLower(e.ResourceType))
}

func unusedGroup(d *Draft, base string) string {
	base = cmp.Or(strings.TrimSpace(oneLine(base)), "user")
	name := base
	for i := 2; slices.ContainsFunc(d.groups, func(g *group) bool { return g.name == name }); i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	return name
}

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

// idLike is a part of a path that is one of many.
var idLike = regexp.MustCompile(`^([0-9]+|[0-9a-fA-F-]{32,36}|[0-9a-fA-F]{16,}|[A-Za-z0-9_-]{20,})$`)

// path is the path of a request with captured ids, and its name where ids
// stand in it that no answer had.
func (s *session) path(e *entryHAR) (path, name string) {
	parts := strings.Split("/"+strings.TrimLeft(e.url.EscapedPath(), "/"), "/") // two slashes would begin a host
	named := slices.Clone(parts)
	loose := false
	for i, part := range parts {
		raw, err := url.PathUnescape(part)
		if err != nil {
			continue
		}
		before := ""
		if i > 0 {
			before = parts[i-1]
		}
		switch id, ok := s.captured(raw, singular(before)+"_id"); {
		case ok:
			parts[i] = "${ " + id + " }"
			named[i] = "{" + id + "}"
		case idLike.MatchString(raw):
			parts[i], named[i], loose = escaped(url.PathEscape(raw)), "{id}", true
		default:
			parts[i] = escaped(url.PathEscape(raw))
		}
	}
	path = strings.Join(parts, "/")
	query, nameOfQuery := s.query(e)
	if loose {
		name = oneLine(e.Request.Method + " " + strings.Join(named, "/") + nameOfQuery)
	}
	return path + query, name
}

func (s *session) query(e *entryHAR) (query, name string) {
	if e.url.RawQuery == "" {
		return "", ""
	}
	var parts []string
	for _, part := range strings.Split(e.url.RawQuery, "&") {
		key, v, has := strings.Cut(part, "=")
		raw, err := url.QueryUnescape(v)
		plainKey, keyErr := url.QueryUnescape(key)
		if err != nil || keyErr != nil {
			continue
		}
		switch id, ok := s.captured(raw, plainKey); {
		case !has:
			parts = append(parts, escaped(url.QueryEscape(plainKey)))
		case ok:
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"=${ "+id+" }")
		case isSecret(plainKey, raw):
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"="+s.draft.secret(variableFor(plainKey), changeMe))
		default:
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"="+escaped(url.QueryEscape(raw)))
		}
	}
	query = "?" + strings.Join(parts, "&")
	return query, regexp.MustCompile(`\$\{[^}]*\}`).ReplaceAllString(query, "{}")
}

// body is what a request sent, without secrets.
func (s *session) body(st *step, e *entryHAR) {
	p := e.Request.PostData
	kind, _, _ := strings.Cut(strings.ToLower(p.MimeType), ";")
	switch {
	case strings.HasSuffix(kind, "json") && gjson.Valid(p.Text):
		st.body = &body{"json", s.tree("", gjson.Parse(p.Text), st, 0)}
	case kind == "application/x-www-form-urlencoded":
		form := object()
		for _, f := range formOf(p.Text, p.Params) {
			if !slices.ContainsFunc(form.Content, func(n *value) bool { return n.Value == f.Name }) { // a form has a name once here
				set(form, f.Name, s.shown(f.Name, f.Value, st))
			}
		}
		if len(form.Content) > 0 {
			st.body = &body{"form", form}
		}
	case strings.HasPrefix(kind, "multipart/"):
		st.off = true
		st.looks = append(st.looks, "its body was a file or several parts: write multipart")
	default:
		if secretIn.MatchString(p.Text) {
			st.off = true
			st.looks = append(st.looks, "its body may hold a secret and is not here: write text")
			return
		}
		st.body = &body{"text", literal(p.Text)}
		if kind != "" && kind != "text/plain" {
			st.headers = append(st.headers, pair{"Content-Type", escaped(oneLine(p.MimeType))})
		}
	}
}

// secretIn is a text that speaks of a password or token.
var secretIn = regexp.MustCompile(`(?i)passw|secret|token|api_?key|credential|eyJ[A-Za-z0-9_-]{8}`)

func formOf(text string, params []namedHAR) []namedHAR {
	if len(params) > 0 && text == "" {
		return params
	}
	var found []namedHAR
	for _, part := range strings.Split(text, "&") {
		key, v, _ := strings.Cut(part, "=")
		k, err := url.QueryUnescape(key)
		u, err2 := url.QueryUnescape(v)
		if err == nil && err2 == nil && k != "" {
			found = append(found, namedHAR{k, u})
		}
	}
	return found
}

// tree is a JSON value as it stands in the file.
func (s *session) tree(key string, v gjson.Result, st *step, depth int) *value {
	switch {
	case depth > 30:
		return scalar("!!null", "null")
	case v.IsObject():
		m := object()
		v.ForEach(func(k, child gjson.Result) bool {
			if !slices.ContainsFunc(names(m), func(n string) bool { return n == k.Str }) {
				set(m, k.Str, s.tree(k.Str, child, st, depth+1))
			}
			return true
		})
		return m
	case v.IsArray():
		l := list()
		for _, child := range v.Array() {
			l.Content = append(l.Content, s.tree(key, child, st, depth+1))
		}
		return l
	case v.Type == gjson.String:
		return s.shown(key, v.Str, st)
	case v.Type == gjson.Number:
		if isID(key) {
			if id, ok := s.captured(v.Raw, key); ok {
				return text("${ " + id + " }")
			}
		}
		if strings.ContainsAny(v.Raw, ".eE") {
			return scalar("!!float", v.Raw)
		}
		return scalar("!!int", v.Raw)
	case v.Type == gjson.True || v.Type == gjson.False:
		return truth(v.Bool())
	}
	return scalar("!!null", "null")
}

// names are those of a map.
func names(m *value) []string {
	var all []string
	for i := 0; i < len(m.Content); i += 2 {
		all = append(all, m.Content[i].Value)
	}
	return all
}

// shown is a text of a body: captured, masked, or as it was.
func (s *session) shown(key, v string, st *step) *value {
	if id, ok := s.captured(v, key); ok {
		return text("${ " + id + " }")
	}
	if isSecret(key, v) {
		s.redact(st, key)
		st.secret = true
		return text(s.draft.secret(variableFor(key), changeMe))
	}
	return literal(v)
}
