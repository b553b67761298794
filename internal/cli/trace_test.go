package cli_test

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// tracedService remembers the traceparent of each request, in the order in which they came. Safe for concurrent use.
type tracedService struct {
	mu   sync.Mutex
	seen map[string][]string // by method and path
}

// note remembers a request, and counts those of its method and path so far.
func (s *tracedService) note(r *http.Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[string][]string{}
	}
	name := r.Method + " " + r.URL.Path
	s.seen[name] = append(s.seen[name], r.Header.Get("Traceparent"))
	return len(s.seen[name])
}

var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-[0-9a-f]{16}-01$`)

// ids are those of the traces at an endpoint, in their order, and how many requests there were.
func (s *tracedService) ids(t *testing.T, name string) (ids []string, requests int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, header := range s.seen[name] {
		parts := traceparent.FindStringSubmatch(header)
		switch {
		case header == "":
		case parts == nil:
			t.Errorf("the service saw a traceparent of %q", header)
		default:
			ids = append(ids, parts[1])
		}
	}
	return ids, len(s.seen[name])
}

// The slowest request of a run leads from the report to the trace that the service knows, and so does the first
// failure; a run that was killed knows both too.
func TestTracesFromReportToService(t *testing.T) {
	const slowOne, slow = 4, 1500 * time.Millisecond
	service := &tracedService{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n := service.note(r); {
		case r.URL.Path == "/slow" && n == slowOne:
			<-time.After(slow)
		case r.URL.Path == "/broken":
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	path := write(t, "thresholds.yaml", `version: 1
target: {url: "http://localhost:1"}
trace: {propagate: w3c, sample: 100%}
profiles: {p: {users: 2, spawn_rate: 10/s, duration: 4s, warm_up: 0s, try: false}}
users: {g: {wait: 100ms, steps: [GET /slow, GET /broken]}}
judge: {decide: point}
thresholds: {quick: {endpoints: GET /slow, max: 1s}, sound: {endpoints: "*", success: 99%}}
`)
	out := t.TempDir()
	in := func(name string) string { return filepath.Join(out, name) }
	var stdout strings.Builder
	code, stderr := run(t.Context(), &stdout, nil, "run", path, "--host", server.URL, "--out", out, "--html",
		in("page.html"), "-o", "markdown="+in("report.md"), "--trace-link", "https://tempo.example/trace/{trace_id}")
	if code != 1 {
		t.Fatalf("run ended with %d: %s%s", code, stderr, stdout.String())
	}
	slowIDs, _ := service.ids(t, "GET /slow")
	brokenIDs, requests := service.ids(t, "GET /broken")
	if len(brokenIDs) != requests || len(slowIDs) < slowOne {
		t.Fatalf("%d of %d requests are sampled", len(brokenIDs), requests)
	}

	page, err := os.ReadFile(in("page.html"))
	if err != nil {
		t.Fatal(err)
	}
	_, panel, _ := strings.Cut(string(page), "<h3>GET /slow")
	link := regexp.MustCompile(`<a href="https://tempo\.example/trace/([0-9a-f]{32})">`)
	if found := link.FindStringSubmatch(panel); found == nil || found[1] != slowIDs[slowOne-1] {
		t.Errorf("the first trace of the panel is %q, and the slow request was %s", found, slowIDs[slowOne-1])
	}
	_, failures, _ := strings.Cut(string(page), `<section id="failures">`)
	// Two users fail at the same time: which of them ends first, nobody knows.
	if found := link.FindStringSubmatch(failures); found == nil || !slices.Contains(brokenIDs[:2], found[1]) {
		t.Errorf("the trace of the failures is %q, and the first failures were %s", found, brokenIDs[:2])
	}
	if !strings.Contains(stdout.String(), "TRACE  GET /slow, the slowest sampled: ") ||
		!strings.Contains(stdout.String(), "→ https://tempo.example/trace/"+slowIDs[slowOne-1]) {
		t.Errorf("the table does not name the trace:\n%s", stdout.String())
	}

	// What is left of a run that was killed has lost its last line.
	journal, err := os.ReadFile(in("journal.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimRight(string(journal), "\n"), "\n")
	killed := write(t, "killed.ndjson", strings.Join(lines[:len(lines)-1], ""))
	stdout.Reset()
	if code, stderr = run(t.Context(), &stdout, nil, "check", killed, "--thresholds", path); code == 2 || code == 4 {
		t.Fatalf("check ended with %d: %s", code, stderr)
	}
	if !strings.Contains(stdout.String(), "→ "+slowIDs[slowOne-1]) || strings.Contains(stdout.String(), "tempo") {
		t.Errorf("what was killed does not name the trace by its id:\n%s", stdout.String())
	}
}

// exemplarIDs are the ids that a result keeps of an endpoint.
func exemplarIDs(t *testing.T, path string, start bool) (ids []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := result.Decode(file, path)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Endpoints {
		for _, x := range e.Exemplars {
			if e.Start == start {
				ids = append(ids, x.Trace.String())
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// Of a share of 1% about one request in a hundred carries a header, and the others none. The ids are those of the same
// seed, in shards too, and others with another seed.
func TestTracesOfAShare(t *testing.T) {
	t.Parallel()
	path := write(t, "thresholds.yaml", `version: 1
target: {url: "http://localhost:1"}
trace: {propagate: w3c, sample: 1%}
profiles: {p: {users: 20, spawn_rate: 100/s, duration: 3s, warm_up: 0s, try: false}}
users: {g: {wait: 2ms..4ms, steps: [GET /a]}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`)
	const share = 0.01
	sampled := func(args ...string) map[string]bool {
		service := &tracedService{}
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { service.note(r) }))
		defer server.Close()
		var stdout strings.Builder
		code, stderr := run(t.Context(), &stdout, nil,
			append([]string{"run", path, "--host", server.URL, "--out", t.TempDir(), "-q"}, args...)...)
		if code == 2 || code == 4 {
			t.Fatalf("run ended with %d: %s", code, stderr)
		}
		ids, requests := service.ids(t, "GET /a")
		mean, spread := share*float64(requests), math.Sqrt(share*(1-share)*float64(requests))
		if requests < 1000 || math.Abs(float64(len(ids))-mean) > 4*spread {
			t.Errorf("%d of %d requests are sampled, want %.0f ± %.0f", len(ids), requests, mean, 4*spread)
		}
		set := map[string]bool{}
		for _, id := range ids {
			set[id] = true
		}
		if len(set) != len(ids) {
			t.Errorf("%d ids of %d requests", len(set), len(ids))
		}
		return set
	}
	common := func(a, b map[string]bool) (n int) {
		for id := range a {
			if b[id] {
				n++
			}
		}
		return n
	}
	first, again, other := sampled("--seed", "7"), sampled("--seed", "7"), sampled("--seed", "8")
	// The faster of two runs goes on where the other has ended.
	if n := common(first, again); 2*n < min(len(first), len(again)) {
		t.Errorf("of %d and %d ids of one seed %d are the same", len(first), len(again), n)
	}
	if n := common(first, other); n > 0 {
		t.Errorf("%d ids of two seeds are the same", n)
	}
}

// The first request of each user has the id that seed and user say: of a whole run, of its shards, and of another run.
func TestTracesOfShards(t *testing.T) {
	t.Parallel()
	service := &tracedService{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { service.note(r) }))
	defer server.Close()
	path := write(t, "thresholds.yaml", `version: 1
target: {url: "http://localhost:1"}
trace: {propagate: w3c, sample: 100%}
profiles: {p: {users: 4, spawn_rate: 100/s, duration: 2s, warm_up: 0s, try: false}}
users: {g: {wait: 100ms, start: [POST /login], steps: [GET /a]}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`)
	made := func(args ...string) string {
		out := t.TempDir()
		code, stderr := run(t.Context(), new(strings.Builder), nil,
			append([]string{"run", path, "--host", server.URL, "--out", out, "-q"}, args...)...)
		if code == 2 || code == 4 {
			t.Fatalf("run ended with %d: %s", code, stderr)
		}
		return filepath.Join(out, "result.json")
	}
	want := exemplarIDs(t, made("--seed", "7"), true)
	if len(want) != 4 {
		t.Fatalf("%d logins are kept of four users", len(want))
	}
	if got := exemplarIDs(t, made("--seed", "7"), true); !slices.Equal(got, want) {
		t.Errorf("again: %v, want %v", got, want)
	}
	if got := exemplarIDs(t, made("--seed", "8"), true); slices.ContainsFunc(got,
		func(id string) bool { return slices.Contains(want, id) }) {
		t.Errorf("with another seed: %v, and %v before", got, want)
	}
	var shards []string
	for k := range 2 {
		shards = append(shards, made("--seed", "7", "--shard", fmt.Sprintf("%d/2", k+1)))
	}
	verdict := filepath.Join(t.TempDir(), "report.md")
	code, stderr := run(t.Context(), new(strings.Builder), nil,
		append([]string{"check", "--thresholds", path, "-o", "markdown=" + verdict}, shards...)...)
	text, err := os.ReadFile(verdict)
	if err != nil {
		t.Fatalf("check ended with %d: %s", code, stderr)
	}
	for _, id := range want {
		if !strings.Contains(string(text), "`"+id+"`") {
			t.Errorf("the report of both shards does not have %s", id)
		}
	}
}

// A link that leads nowhere, or anywhere else, is one clear line before anything is sent.
func TestTraceLinkRefused(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	for link, want := range map[string]string{
		"https://tempo.example/":               "has no {trace_id}; write one such as https://tempo.example/trace/",
		"javascript:alert('{trace_id}')":       "is not an address that begins with http:// or https://",
		"https://ada:hunter2@tempo/{trace_id}": "has a user or a password in it",
	} {
		for _, args := range [][]string{{"run", path}, {"check", path}, {"report", path},
			{"ab", path, "--a", "http://localhost:1", "--b", "http://localhost:2"}, {"capacity", path}} {
			code, stderr := run(t.Context(), new(strings.Builder), nil, append(args, "--trace-link", link)...)
			if code != 2 || !strings.HasPrefix(stderr, "loadgate: --trace-link: its value "+want) ||
				strings.Count(stderr, "\n") != 1 || strings.Contains(stderr, "hunter2") {
				t.Errorf("%s --trace-link %s = %d, %q", args[0], link, code, stderr)
			}
		}
	}
}
