package export_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/testport"
)

// The keys of steps that no script has are refused or told of every list of steps.
func TestStepsOfAllLists(t *testing.T) {
	const list = "{request: POST /x, KEY}"
	for _, test := range []struct{ key, refused, told string }{
		{"each: '[1, 2]'", "each: it is not written into scripts", ""},
		{"auth: {digest: {username: ada, password: open}}", "auth: digest is not written into scripts", ""},
		{"until: 'status == 204'", "", "POST /x is sent once, and not until status == 204"},
		{"retry: {times: 2}", "", "POST /x is not sent again when it fails"},
	} {
		for where, src := range map[string]string{
			"setup":    strings.Replace(file("retry: off"), "users:\n", "setup: ["+list+"]\nusers:\n", 1),
			"teardown": strings.Replace(file("retry: off"), "users:\n", "teardown: ["+list+"]\nusers:\n", 1),
			"start":    strings.Replace(file("retry: off"), "    steps:\n", "    start: ["+list+"]\n    steps:\n", 1),
			"end":      strings.Replace(file("retry: off"), "    steps:\n", "    end: ["+list+"]\n    steps:\n", 1),
			"steps":    strings.Replace(file("retry: off"), "    steps:\n", "    steps:\n      - "+list+"\n", 1),
		} {
			for _, tool := range []string{"k6", "locust"} {
				_, differences, err := written(t, tool, strings.Replace(src, "KEY", test.key, 1))
				all := strings.Join(differences, "\n")
				if (err != nil) != (test.refused != "") || !strings.Contains(fmt.Sprint(err), test.refused) ||
					err == nil && !strings.Contains(all, test.told) {
					t.Errorf("%s: %s of %s: %v: %q", tool, test.key, where, err, all)
				}
			}
		}
	}
}

// Groups may have the names of what a script is made of.
func TestNamesOfSteps(t *testing.T) {
	src := strings.NewReplacer("users:\n  g:\n", "setup: [GET /s]\nusers:\n  setup: {wait: 1s, start: [GET /a], "+
		"steps: [GET /b]}\n  setup start: {wait: 1s, steps: [GET /c]}\n  g:\n").Replace(file("retry: off"))
	script, _, err := written(t, "k6", src)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(script) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "const "), " = (u) =>"); ok {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d steps of 5: %v", len(seen), seen)
	}
}

// once is a file with steps before and after the load of a profile.
const once = `version: 1
env: [PW]
secret: [PW]
target: {url: "http://localhost:8000", headers: {X-PW: '${ env("PW") }'}}
profiles: {p: PROFILE}
setup:
  - request: POST /shops
    json: {name: 'shop ${ seq() >= 0 }'}
    capture: {shop: body.id, token: 'headers["x-token"]'}
  - {request: GET /never, when: 'shop == 8'}
  - request: 'PUT /shops/${ shop }/items'
    expect: 'status == 409'
    capture: {item: body.id}
teardown:
  - {request: 'DELETE /shops/${ setup.shop }/items/${ setup.item }', retry: off}
  - {request: 'DELETE /shops/${ setup.shop }?own=${ seq() >= 0 }', retry: off}
users:
  reader:
    wait: 200ms
    headers: {Authorization: 'Bearer ${ setup.token }'}
    start: ['GET /shops/${ setup.shop }']
    steps: ['GET /shops/${ setup.shop }/items/${ setup.item }']
thresholds: {sound: {endpoints: "*", success: 99%}}
`

const (
	inStages = "{stages: [{users: 3, over: 3s, for: 1s}], warm_up: 0s}"
	atOnce   = "{users: 2, spawn_rate: 2/s, duration: 5s, warm_up: 0s}"
)

// shops is a service that keeps what it was asked. Items are a conflict, or what broken says; removing one fails.
type shops struct {
	broken int // the status of PUT; 0: 409, less: none, its connection ends
	slow   time.Duration
	mu     sync.Mutex
	asked  []string
}

func (s *shops) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.asked = append(s.asked, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", r.Method, r.URL.Path,
		r.Header.Get("Authorization"), bytes.ReplaceAll(body, []byte(" "), nil))))
	if r.Header.Get("X-PW") != "hush" {
		s.asked = append(s.asked, "without the header of target")
	}
	switch _, err := r.Cookie("session"); {
	case r.Method != "GET":
	case r.URL.Path == "/shops/7":
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "s1", Path: "/"})
	case err != nil:
		s.asked = append(s.asked, "without the user's cookie")
	}
	s.mu.Unlock()
	w.Header().Set("X-Token", "t0")
	switch {
	case r.Method == "POST" && s.slow > 0:
		select { // a tool that begins anew breaks it off
		case <-time.After(s.slow):
		case <-r.Context().Done():
		}
	case r.Method == "PUT" && s.broken < 0:
		panic(http.ErrAbortHandler)
	case r.Method == "PUT" && s.broken > 0:
		w.WriteHeader(s.broken)
	case r.Method == "PUT":
		w.WriteHeader(http.StatusConflict)
	case r.Method == "DELETE" && strings.Contains(r.URL.Path, "items"):
		w.WriteHeader(http.StatusInternalServerError)
	}
	fmt.Fprint(w, `{"id": 7}`)
}

// seen are the requests so far.
func (s *shops) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// sent has a tool run what is written for it of a file. It returns the exit code, the output and the folder.
func sent(t *testing.T, tool, profile string, s *shops, args ...string) (code int, output, folder string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not installed", tool)
	}
	t.Parallel()
	script, _, err := written(t, tool, strings.Replace(once, "PROFILE", profile, 1))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(script, "hush") {
		t.Error("the script has a secret in it")
	}
	folder = t.TempDir()
	name := filepath.Join(folder, map[string]string{"k6": "load.js", "locust": "locustfile.py"}[tool])
	if err := os.WriteFile(name, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	all := map[string][]string{
		"k6":     {"run", "--quiet", "--no-usage-report", name},
		"locust": {"-f", name, "--headless", "--only-summary", "--csv", "r", "--exit-code-on-error", "0"},
	}[tool]
	command := exec.CommandContext(ctx, tool, slices.Concat(all, args)...)
	command.Dir = folder
	command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PW=hush", "LOADGATE_HOST="+server.URL)
	out, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() < 0) {
		t.Fatalf("%v\n%s", err, out)
	}
	return command.ProcessState.ExitCode(), string(out), folder
}

// The tools send setup once, give what it captured to every user, and send each step of teardown at the end.
func TestToolsSendSetupAndTeardown(t *testing.T) {
	for _, tool := range []string{"k6", "locust"} {
		t.Run(tool, func(t *testing.T) {
			s := &shops{slow: 2500 * time.Millisecond}
			code, output, folder := sent(t, tool, inStages, s)
			if code != 0 || strings.Contains(output, "Traceback") {
				t.Errorf("exit code %d\n%s", code, output)
			}
			if want := "teardown: DELETE /shops/{id}/items/{id2}: "; !strings.Contains(output, want) {
				t.Errorf("no warning of %s\n%s", want, output)
			}
			asked := s.seen()
			before, after := `POST /shops  {"name":"shoptrue"}`, "DELETE /shops/7"
			steps := []string{before, "PUT /shops/7/items", "DELETE /shops/7/items/7", after}
			users := slices.DeleteFunc(slices.Clone(asked), func(one string) bool {
				return slices.Contains(steps, one)
			})
			if n := len(asked) - len(users); n != len(steps) || len(users) == 0 {
				t.Fatalf("%d requests of setup and teardown, want %d:\n%s", n, len(steps), strings.Join(asked, "\n"))
			}
			if !slices.Equal(asked[:2], steps[:2]) || !slices.Equal(asked[len(asked)-2:], steps[2:]) {
				t.Errorf("setup is not first, or teardown not last:\n%s", strings.Join(asked, "\n"))
			}
			started := 0
			for _, one := range users {
				switch one {
				case "GET /shops/7 Bearer t0":
					started++
				case "GET /shops/7/items/7 Bearer t0":
				default:
					t.Errorf("%s: a user has neither what setup captured nor what it got itself", one)
				}
			}
			if started != 3 || len(users) == started {
				t.Errorf("%d users, and %d requests", started, len(users))
			}
			if tool == "locust" {
				statistics, err := os.ReadFile(filepath.Join(folder, "r_stats.csv"))
				if err != nil || !bytes.Contains(statistics, []byte("GET,/shops/{id}/items/{id2}")) ||
					bytes.Contains(statistics, []byte("POST")) || bytes.Contains(statistics, []byte("DELETE")) {
					t.Errorf("%v: the statistics have steps of setup or teardown\n%s", err, statistics)
				}
			}
		})
	}
}

// A step of setup that fails is named, what was made is removed, nothing is loaded, and the tool fails.
func TestToolsEndAfterAFailedSetup(t *testing.T) {
	for _, test := range []struct {
		name, tool, profile string
		broken              int
		why                 string
		args                []string
	}{
		{"k6", "k6", atOnce, 418, "the answer, of status 418, is not as expected", nil},
		{"k6 in stages", "k6", inStages, 200, "the answer, of status 200, is not as expected", nil},
		{"k6 without an answer", "k6", inStages, -1, "EOF", nil},
		{"locust", "locust", atOnce, 418, "the answer, of status 418, is not as expected",
			[]string{"-u", "2", "-r", "2", "-t", "20s"}},
		{"locust in stages", "locust", inStages, 200, "the answer, of status 200, is not as expected", nil},
		{"locust without an answer", "locust", inStages, -1,
			"RemoteDisconnected: Remote end closed connection without response", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &shops{broken: test.broken}
			code, output, _ := sent(t, test.tool, test.profile, s, test.args...)
			want := "setup: PUT /shops/{shop}/items: " + test.why + "; nothing is loaded"
			if code == 0 || !strings.Contains(output, want) || strings.Contains(output, "Traceback") {
				t.Errorf("exit code %d, want %s in\n%s", code, want, output)
			}
			if strings.Contains(output, "Ramping to") {
				t.Errorf("Locust spawned users:\n%s", output)
			}
			// The item was not captured, so its DELETE has no address.
			asked := []string{`POST /shops  {"name":"shoptrue"}`, "PUT /shops/7/items", "DELETE /shops/7"}
			if got := s.seen(); !slices.Equal(got, asked) {
				t.Errorf("%q, want %q", got, asked)
			}
		})
	}
}

// Several processes would each send setup: Locust ends before it waits for workers.
func TestLocustIsOneProcess(t *testing.T) {
	s := &shops{}
	port, err := testport.Free()
	if err != nil {
		t.Fatal(err)
	}
	code, output, _ := sent(t, "locust", atOnce, s, "--master", "--master-bind-port", fmt.Sprint(port),
		"--expect-workers", "1")
	if code == 0 || !strings.Contains(output, "run this script without --master") || len(s.seen()) > 0 {
		t.Errorf("exit code %d, %q\n%s", code, s.seen(), output)
	}
}
