package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/loadgate/loadgate/internal/result"
)

// gallery is a page with eight pictures. It answers for none of the first six before all of them are asked for.
type gallery struct {
	mu    sync.Mutex
	here  int           // requests for pictures under way
	most  int           // of them at once
	six   chan struct{} // closed when six are here
	early int           // pictures asked for without the page's cookie
}

func (g *gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" {
		g.mu.Lock()
		g.six = make(chan struct{})
		g.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "page"})
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"pictures": [1, 2, 3, 4, 5, 6, 7, 8]}`)
		return
	}
	g.mu.Lock()
	if _, err := r.Cookie("seen"); err != nil {
		g.early++
	}
	g.here++
	if g.most = max(g.most, g.here); g.here == 6 {
		select {
		case <-g.six:
		default:
			close(g.six)
		}
	}
	six := g.six
	g.mu.Unlock()
	select {
	case <-six:
	case <-r.Context().Done():
	}
	g.mu.Lock()
	g.here--
	g.mu.Unlock()
}

// A user who loads a page asks for its pictures six at a time, whatever version of HTTP it speaks, and the page is
// measured as one transaction.
func TestParallelPage(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"1.1", "h2c", "2"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			g := new(gallery)
			server := httptest.NewUnstartedServer(g)
			server.Config.Protocols = new(http.Protocols)
			server.Config.Protocols.SetHTTP1(true)
			server.Config.Protocols.SetUnencryptedHTTP2(true)
			trust := ""
			if version == "2" {
				server.EnableHTTP2, trust = true, ", tls: {insecure: true}"
				server.StartTLS()
			} else {
				server.Start()
			}
			defer server.Close()
			folder := t.TempDir()
			file := fmt.Sprintf(`
version: 1
name: gallery
target: {url: %q, http: %q, timeout: 5s%s}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 3s, warm_up: 0s}}
users:
  visitor:
    wait: 300ms
    steps:
      - transaction: page
        steps:
          - {request: GET /, capture: {pictures: body.pictures}}
          - parallel: [{request: 'GET /pictures/${ each }', name: GET /pictures, each: pictures}]
thresholds: {all: {endpoints: "*", success: 99%%}}
`, server.URL, version, trust)
			if err := os.WriteFile(filepath.Join(folder, "thresholds.yaml"), []byte(file), 0o600); err != nil {
				t.Fatal(err)
			}
			c := exec.Command("loadgate", "run", "--quiet", "--out", "out")
			c.Dir = folder
			if out, err := c.CombinedOutput(); c.ProcessState.ExitCode() > 3 {
				t.Fatalf("%v\n%s", err, out)
			}
			text, err := os.ReadFile(filepath.Join(folder, "out", "result.json"))
			if err != nil {
				t.Fatal(err)
			}
			var r struct {
				Transactions, Endpoints []result.Endpoint
			}
			if err := json.Unmarshal(text, &r); err != nil {
				t.Fatal(err)
			}
			pages, failed := requestsOf(r.Transactions, "page")
			pictures, bad := requestsOf(r.Endpoints, "GET /pictures")
			if pages < 2 || failed+bad > 0 || pictures < 8*pages || pictures > 8*(pages+1) {
				t.Errorf("%d pages, %d failed; %d pictures, %d failed: %s", pages, failed, pictures, bad, text)
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.most != 6 || g.early > 0 {
				t.Errorf("at most %d pictures at once, want 6; %d without a cookie", g.most, g.early)
			}
		})
	}
}

func requestsOf(rows []result.Endpoint, name string) (requests, failed int64) {
	for _, e := range rows {
		if !strings.HasPrefix(e.Name, name) {
			continue
		}
		for _, s := range e.Slots {
			requests += s.Requests
			failed += s.Failures()
		}
	}
	return requests, failed
}
