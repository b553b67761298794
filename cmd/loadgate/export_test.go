package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
)

// visitors is a service that counts who came: requests by method and path,
// without the numbers in them, and the values of one field of their forms.
type visitors struct {
	mu       sync.Mutex
	requests map[string]int
	emails   map[string]int
	uploads  map[string]int
}

// gauges are the resources of the root thresholds.yaml.
const gauges = `system_cpu_usage_percent 12.5
system_memory_usage_bytes 4e9
system_memory_available_bytes 4e9
database_connections_in_use 3
database_connections_max 20
cache_hits_total 90
cache_misses_total 10
`

var numbers = regexp.MustCompile(`\d+|search=\w+`)

func (v *visitors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/metrics" { // looked at beside the load, and no part of it
		fmt.Fprint(w, gauges)
		return
	}
	email := r.FormValue("email") // of a query or a form of any kind
	var upload string
	if file, header, err := r.FormFile("report"); err == nil {
		text, _ := io.ReadAll(file)
		upload = header.Filename + ": " + string(text)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if r.URL.Path != "/health" {
		v.requests[r.Method+" "+numbers.ReplaceAllString(r.URL.RequestURI(), "N")]++
	}
	if email != "" {
		v.emails[email]++
	}
	if upload != "" {
		v.uploads[upload]++
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"status": "healthy", "access_token": "t", "id": 7}`)
}

// seen are the requests that came, and how many in all.
func (v *visitors) seen() (map[string]int, int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := 0
	for _, n := range v.requests {
		all += n
	}
	return maps.Clone(v.requests), all
}

func receive(t *testing.T) (*visitors, string) {
	v := &visitors{requests: map[string]int{}, emails: map[string]int{}, uploads: map[string]int{}}
	server := httptest.NewServer(v)
	t.Cleanup(server.Close)
	return v, server.URL
}

// generators are the tools that loadgate writes scripts for.
var generators = []struct {
	name, script string
	args         []string
}{
	{name: "k6", script: "load.js", args: []string{"run", "--quiet", "--no-usage-report", "load.js"}},
	{name: "locust", script: "locustfile.py", args: []string{"-f", "locustfile.py", "--headless", "--only-summary"}},
}

// generate has a tool run what loadgate wrote for it of a file's profile.
func generate(t *testing.T, tool int, folder, host, profile string, load ...string) {
	t.Helper()
	g := generators[tool]
	command := func(name string, args ...string) {
		c := exec.Command(name, args...)
		c.Dir = folder
		c.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s %q: %v\n%s", name, args, err, out)
		}
	}
	command("loadgate", "export", g.name, "--profile", profile, "--host", host, "-o", g.script)
	command(g.name, append(slices.Clone(g.args), load...)...)
}

// A script keeps what its profile and its bodies are: stages, arrivals, a row
// of data for each user, files of a form.
func TestExportedScripts(t *testing.T) {
	if !*long {
		t.Skip("half a minute of load; -long runs it")
	}
	for tool, g := range generators {
		for _, profile := range []string{"stages", "arrivals"} {
			t.Run(g.name+" "+profile, func(t *testing.T) {
				if g.name == "locust" && profile == "arrivals" {
					t.Skip("it has none")
				}
				if _, err := exec.LookPath(g.name); err != nil {
					t.Skipf("%s is not installed", g.name)
				}
				t.Parallel()
				folder := t.TempDir()
				for name, text := range map[string]string{
					"people.csv": "email\na@x.example\nb@x.example\nc@x.example\n",
					"report.txt": "fine, \"all\" of it\n",
					"thresholds.yaml": `version: 1
target: {url: "http://localhost:8000"}
data: {people: {file: people.csv, pick: unique}, rounds: {file: people.csv, pick: next}}
profiles:
  stages: {stages: [{users: 3, over: 1s}, {users: 3, for: 3s}], warm_up: 0s}
  arrivals: {rate: 20/s, duration: 3s, warm_up: 0s, max_users: 3}
users:
  writer:
    wait: 100ms
    steps:
      - request: POST /reports
        multipart: {email: '${ people.email }', report: {file: report.txt}}
      - {request: POST /forms, form: {email: 'next ${ rounds.email }'}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`,
				} {
					if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				service, host := receive(t)
				generate(t, tool, folder, host, profile)
				requests, all := service.seen()
				if requests["POST /reports"] == 0 || requests["POST /forms"] == 0 || len(requests) != 2 {
					t.Fatalf("%s sent %v", g.name, requests)
				}
				// Each user sends with its own row, and takes the next of the other
				// data each round.
				for _, email := range []string{"a@x.example", "b@x.example", "c@x.example"} {
					if service.emails[email] == 0 || service.emails["next "+email] == 0 {
						t.Errorf("%s: nobody wrote as %s: %v", g.name, email, service.emails)
					}
				}
				if want := "report.txt: fine, \"all\" of it\n"; service.uploads[want] != requests["POST /reports"] {
					t.Errorf("%s sent the files %v with %d of %d requests",
						g.name, service.uploads, requests["POST /reports"], all)
				}
			})
		}
	}
}

// The scripts send the mix that loadgate sends: the service counts.
func TestExportedShares(t *testing.T) {
	if !*long {
		t.Skip("a minute of load; -long runs it")
	}
	file, err := os.ReadFile(filepath.Join(root, "thresholds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "thresholds.yaml"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	own, host := receive(t)
	services := make([]*visitors, len(generators))
	t.Run("load", func(t *testing.T) {
		t.Run("loadgate", func(t *testing.T) {
			t.Parallel()
			c := exec.Command("loadgate", "run", "--profile", "demo", "--host", host, "--quiet")
			c.Dir = folder
			// The verdict is none of this test's business.
			if out, err := c.CombinedOutput(); c.ProcessState.ExitCode() > 3 || c.ProcessState.ExitCode() < 0 {
				t.Fatalf("%v\n%s", err, out)
			}
		})
		for tool, g := range generators {
			if _, err := exec.LookPath(g.name); err != nil {
				continue
			}
			service, host := receive(t)
			services[tool] = service
			t.Run(g.name, func(t *testing.T) {
				t.Parallel()
				load := []string{}
				if g.name == "locust" {
					load = []string{"-u", "60", "-r", "60", "-t", "60s"}
				}
				generate(t, tool, folder, host, "demo", load...)
			})
		}
	})
	want, all := own.seen()
	for tool, g := range generators {
		if services[tool] == nil {
			t.Logf("%s is not installed", g.name)
			continue
		}
		got, sum := services[tool].seen()
		t.Logf("%s sent %d requests, loadgate %d", g.name, sum, all)
		for _, endpoint := range slices.Sorted(maps.Keys(want)) {
			// loadgate asks once more than its users do: it looks whether the service is ready.
			n, share := float64(want[endpoint]), float64(got[endpoint])/float64(sum)
			if math.Abs(share*float64(all)-n) > 1+0.05*n {
				t.Errorf("%s: %s is %.2f %% of its requests, of loadgate's %.2f %%",
					g.name, endpoint, 100*share, 100*n/float64(all))
			}
		}
		for endpoint, n := range got {
			if want[endpoint] == 0 {
				t.Errorf("%s sent %s %d times, loadgate never", g.name, endpoint, n)
			}
		}
	}
}
