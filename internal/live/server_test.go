package live_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
)

// document has one chart of one line, and two sections that come later.
func document() htmlpage.Document {
	return htmlpage.Document{Title: "a run", Banner: htmlpage.Banner{Word: "RUNNING", Name: "a run"},
		Sections: []htmlpage.Section{
			{ID: "now", Title: "Now", Parts: []htmlpage.Part{{Charts: []htmlpage.Chart{
				{Title: "rate", XKind: htmlpage.Elapsed, Series: []htmlpage.Series{{Name: "requests"}}}}}}},
			{ID: "rules", Title: "Rules"}, {ID: "log", Title: "Log"},
		}}
}

// served is a server and what a browser with its key needs.
type served struct {
	*live.Server
	base, key string
	cookie    *http.Cookie
}

func serve(t *testing.T, o live.Options) served {
	t.Helper()
	if o.Page == nil {
		o.Page = live.NewPage(document())
	}
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	s, err := live.Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	at, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	out := served{Server: s, base: at.Scheme + "://" + at.Host, key: strings.TrimPrefix(at.Fragment, "key=")}
	answer := out.ask(t, "POST", "/key", out.key, nil)
	if answer.StatusCode != http.StatusNoContent || len(answer.Cookies()) != 1 {
		t.Fatalf("the key is refused: %s", answer.Status)
	}
	out.cookie = answer.Cookies()[0]
	return out
}

// client trusts the certificate of a test: its server is on this machine.
var client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}

func (s served) ask(t *testing.T, method, path, body string, header http.Header) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if host := header.Get("Host"); host != "" {
		r.Host = host
	}
	if s.cookie != nil && header.Get("Cookie") == "" {
		r.AddCookie(s.cookie)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// Every kind of Host, Origin, Sec-Fetch-Site, method and key, and what it gets.
func TestWhoMaySee(t *testing.T) {
	s := serve(t, live.Options{Names: []string{"perf.example"}, Forms: map[string]func(context.Context,
		map[string]string) (string, error){"stop": func(context.Context, map[string]string) (string, error) {
		return "stopped", nil
	}}, Files: []live.File{{Name: "result.json", Type: "application/json",
		Write: func(w io.Writer) error { _, err := io.WriteString(w, "{}"); return err }}}})
	own := strings.TrimPrefix(s.base, "http://")
	port := own[strings.LastIndex(own, ":"):]
	hosts := []struct {
		host string
		ours bool
	}{
		{own, true}, {"localhost" + port, true}, {"[::1]" + port, true}, {"LOCALHOST", true}, {"localhost:9000", true},
		{"perf.example" + port, true}, {"rebound.example" + port, false}, {"127.0.0.1.rebound.example", false},
		{"localhost.rebound.example", false}, {"", true},
	}
	sites := []struct {
		origin, site, mode, dest string
		here, link               bool // of this page, a link to it
	}{
		{"", "", "", "", true, false}, // no browser
		{"", "none", "navigate", "document", true, false},
		{"", "same-origin", "cors", "empty", true, false},
		{"", "cross-site", "navigate", "document", false, true},
		{"", "same-site", "navigate", "document", false, true},
		{"", "cross-site", "navigate", "iframe", false, false},
		{"http://evil.example", "cross-site", "cors", "empty", false, false},
		{"http://localhost:3000", "same-site", "cors", "empty", false, false},
		{"http://localhost:3000", "same-site", "no-cors", "script", false, false},
		{"null", "cross-site", "cors", "empty", false, false},
	}
	cookies := []struct {
		value string
		ours  bool
	}{
		{s.cookie.Name + "=" + s.cookie.Value, true}, {s.cookie.Name + "=x", false}, {"other=" + s.cookie.Value, false},
		{s.cookie.Name + "=" + s.key, false}, {"none=1", false},
	}
	requests := []struct{ method, path string }{
		{"GET", "/"}, {"GET", "/since"}, {"GET", "/result.json"}, {"GET", "/nothing"},
		{"POST", "/api/stop"}, {"POST", "/"}, {"PUT", "/api/stop"},
	}
	for _, h := range hosts {
		for _, o := range sites {
			for _, c := range cookies {
				for _, q := range requests {
					header := http.Header{"Host": {h.host}, "Cookie": {c.value}}
					for name, value := range map[string]string{"Origin": o.origin, "Sec-Fetch-Site": o.site,
						"Sec-Fetch-Mode": o.mode, "Sec-Fetch-Dest": o.dest} {
						if value != "" {
							header.Set(name, value)
						}
					}
					want := 0
					switch {
					case !h.ours, !o.here && !(o.link && q.path == "/" && q.method == "GET"):
						want = http.StatusForbidden
					case q.path == "/" && q.method == "GET":
						want = http.StatusOK
					case !c.ours && q.path != "/":
						want = http.StatusUnauthorized
					case q.path == "/nothing":
						want = http.StatusNotFound
					case q.path == "/" || q.method == "PUT":
						want = http.StatusMethodNotAllowed
					default:
						want = http.StatusOK
					}
					answer := s.ask(t, q.method, q.path, "{}", header)
					body := text(t, answer.Body)
					name := fmt.Sprintf("%s %s of host %q, origin %q, site %q %s %s, cookie %q",
						q.method, q.path, h.host, o.origin, o.site, o.mode, o.dest, c.value)
					if answer.StatusCode != want {
						t.Errorf("%s: %s, want %d", name, answer.Status, want)
					}
					if !c.ours && strings.Contains(body, "a run") {
						t.Errorf("%s: the page is shown without the key", name)
					}
					policy := answer.Header.Get("Content-Security-Policy")
					if !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
						t.Errorf("%s: policy %q", name, policy)
					}
					if answer.Header.Get("Access-Control-Allow-Origin") != "" {
						t.Errorf("%s: other pages may read it", name)
					}
				}
			}
		}
	}
}

// The key opens the page once per browser, and no other text does.
func TestKey(t *testing.T) {
	s := serve(t, live.Options{})
	c := s.cookie
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || !strings.HasPrefix(c.Name, "loadgate-") ||
		!strings.HasSuffix(s.base, strings.TrimPrefix(c.Name, "loadgate-")) {
		t.Errorf("cookie %v", c)
	}
	for _, wrong := range []string{"", "x", s.key[:len(s.key)-1], s.key + "x", strings.Repeat("x", 1000)} {
		if answer := s.ask(t, "POST", "/key", wrong, nil); answer.StatusCode != http.StatusForbidden ||
			len(answer.Cookies()) > 0 {
			t.Errorf("key %q: %s", wrong, answer.Status)
		}
	}
}

// events reads the stream from a state on.
func (s served) events(t *testing.T, at string, packed bool) func() (htmlpage.Update, string) {
	t.Helper()
	header := http.Header{"Last-Event-Id": {at}}
	if packed {
		header.Set("Accept-Encoding", "gzip")
	}
	answer := s.ask(t, "GET", "/events", "", header)
	var from io.Reader = answer.Body
	if (answer.Header.Get("Content-Encoding") == "gzip") != packed {
		t.Fatalf("encoding %q", answer.Header.Get("Content-Encoding"))
	}
	if packed {
		unpacked, err := gzip.NewReader(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		from = unpacked
	}
	lines := bufio.NewReader(from)
	return func() (u htmlpage.Update, event string) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				event = strings.TrimSpace(name)
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				if event != "" {
					return u, event
				}
				if err := json.Unmarshal([]byte(data), &u); err != nil {
					t.Fatal(err)
				}
				return u, ""
			}
			if strings.HasPrefix(line, ":") {
				return u, "comment"
			}
		}
	}
}

// A browser that follows gets what is new, one that comes late what it missed, and one of another series
// everything.
func TestFollowing(t *testing.T) {
	page := live.NewPage(document())
	s := serve(t, live.Options{Page: page})
	start := s.events(t, "", true)
	first, _ := start()
	if !first.Reset || first.Banner == nil || first.Banner.Word != "RUNNING" {
		t.Fatalf("a browser that knows nothing got %+v", first)
	}
	page.Change(live.Change{Points: htmlpage.Points{{1, 10}}, Banner: &htmlpage.Banner{Word: "STOPPING"}})
	second, _ := start()
	if second.Reset || second.Banner.Word != "STOPPING" || len(second.Points) != 1 || second.Points[0][0][1] != 10 {
		t.Fatalf("a change came as %+v", second)
	}
	for i := range 5 {
		page.Change(live.Change{Points: htmlpage.Points{{float64(i + 2), 20}},
			Sections: []htmlpage.Section{{ID: "log", Title: "Log",
				Parts: []htmlpage.Part{{Code: fmt.Sprint("line <", i, ">")}}}}})
	}
	late, _ := s.events(t, second.At, false)()
	if late.Reset || late.Banner != nil || len(late.Points) != 5 || len(late.Sections) != 1 ||
		!strings.Contains(late.Sections[0].HTML, "line &lt;4&gt;") {
		t.Fatalf("what was missed came as %+v", late)
	}
	page.Reset(live.Change{Title: "another run"})
	again, _ := s.events(t, late.At, false)()
	if !again.Reset || again.Title != "another run" || len(again.Points) != 0 || len(again.Sections) != 0 {
		t.Fatalf("another run came as %+v", again)
	}
	stranger, _ := s.events(t, "1.1", false)()
	if !stranger.Reset || stranger.Banner == nil || len(stranger.Sections) != 2 {
		t.Fatalf("a page of an earlier process got %+v", stranger)
	}
	if whole := text(t, s.ask(t, "GET", "/", "", nil).Body); !strings.Contains(whole, "another run") ||
		!strings.Contains(whole, `data-at="`+again.At+`"`) {
		t.Error("the page itself has not changed")
	}
}

// The points that a page keeps are bounded, and a browser that missed more gets all that there are.
func TestPointsAreBounded(t *testing.T) {
	page := live.NewPage(document())
	s := serve(t, live.Options{Page: page})
	at, _ := s.events(t, "", false)()
	for i := range 2000 {
		page.Change(live.Change{Points: htmlpage.Points{{float64(i), 1}}})
	}
	late, _ := s.events(t, at.At, false)()
	if !late.Reset || len(late.Points) != 1800 || late.Points[0][0][0] != 200 {
		t.Errorf("reset %v, %d points", late.Reset, len(late.Points))
	}
}

// Viewers are counted, bounded, and told of the end.
func TestViewers(t *testing.T) {
	page := live.NewPage(document())
	s := serve(t, live.Options{Page: page})
	var all []func() (htmlpage.Update, string)
	for range 50 {
		next := s.events(t, "", false)
		next()
		all = append(all, next)
	}
	if answer := s.ask(t, "GET", "/events", "", nil); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one viewer too many: %s", answer.Status)
	}
	if n := page.Viewers(); n != 50 {
		t.Errorf("%d viewers", n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for _, next := range all {
		if _, event := next(); event != "end" {
			t.Fatalf("the end came as %q", event)
		}
	}
}

// What a form says, and why it refuses, comes back as text.
func TestForms(t *testing.T) {
	s := serve(t, live.Options{Forms: map[string]func(context.Context, map[string]string) (string, error){
		"run": func(_ context.Context, v map[string]string) (string, error) {
			if v["users"] == "" {
				return "", errors.New("users: write how many")
			}
			return "started <" + v["users"] + ">", nil
		}}})
	for _, c := range []struct {
		body   string
		status int
		want   string
	}{
		{"users=60&users=70", 200, "started <60>"}, {"", 422, "users: write how many"},
		{"users=%", 400, "cannot be read"},
		{"users=" + strings.Repeat("x", 70000), 400, "cannot be read"},
	} {
		answer := s.ask(t, "POST", "/api/run", c.body,
			http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
		body := text(t, answer.Body)
		if answer.StatusCode != c.status || !strings.Contains(body, c.want) ||
			!strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%.40s: %s %q", c.body, answer.Status, body)
		}
	}
}

// A file that is not there yet, or cannot be written, is said to be so, and no half of it is sent.
func TestFiles(t *testing.T) {
	s := serve(t, live.Options{Files: []live.File{
		{Name: "result.json", Type: "application/json", Write: func(w io.Writer) error { return live.ErrNone }},
		{Name: "broken.json", Type: "application/json", Write: func(w io.Writer) error {
			_, _ = io.WriteString(w, "half")
			return errors.New("disk full")
		}}}})
	for name, want := range map[string]int{"/result.json": 404, "/broken.json": 500} {
		answer := s.ask(t, "GET", name, "", nil)
		if body := text(t, answer.Body); answer.StatusCode != want || strings.Contains(body, "half") {
			t.Errorf("%s: %s %q", name, answer.Status, body)
		}
	}
}

// An address that other machines reach is served over TLS alone.
func TestOtherMachines(t *testing.T) {
	s := serve(t, live.Options{Address: "0.0.0.0:0", Names: []string{"localhost"}})
	if !strings.HasPrefix(s.URL(), "https://localhost:") || len(strings.Fields(s.Fingerprint())) != 32 ||
		!s.cookie.Secure {
		t.Errorf("%s, certificate %q, cookie %v", s.URL(), s.Fingerprint(), s.cookie)
	}
	if got := text(t, s.ask(t, "GET", "/", "", nil).Body); !strings.Contains(got, "a run") {
		t.Error("the page is not served")
	}
	if s := serve(t, live.Options{Address: "0.0.0.0:0"}); !strings.HasPrefix(s.URL(), "https://localhost:") {
		t.Errorf("without a name: %s", s.URL())
	}
}
