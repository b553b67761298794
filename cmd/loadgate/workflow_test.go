package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/testport"
)

const root = "../.."

// workflows are the files that GitHub runs.
func workflows(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d workflows, %v", len(files), err)
	}
	return append(files, filepath.Join(root, "action.yml"))
}

// What a workflow may not do: run what others may change, put what others wrote
// into a shell, or hold more rights than it needs.
func TestWorkflowsAreGuarded(t *testing.T) {
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d`)
	for _, path := range workflows(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`uses: (.*)`).FindAllStringSubmatch(string(text), -1) {
			if !strings.HasPrefix(m[1], "./") && !pinned.MatchString(m[1]) {
				t.Errorf("%s: uses %s; write the commit, and its version in a comment", path, m[1])
			}
		}
		if strings.Contains(string(text), "pull_request_target") {
			t.Errorf("%s: pull_request_target runs what strangers wrote with the rights of this repository", path)
		}
		w := readWorkflow(t, path)
		if len(w.Jobs) > 0 && (w.Permissions == nil || len(w.Permissions.Content) != 0) {
			t.Errorf("%s: write permissions: {} at its top", path)
		}
		steps := w.Runs.Steps
		for name, j := range w.Jobs {
			steps = append(steps, j.Steps...)
			if j.Uses == "" && j.Timeout == 0 {
				t.Errorf("%s: job %s has no timeout-minutes", path, name)
			}
			if j.Permissions == nil {
				t.Errorf("%s: job %s does not say which permissions it needs", path, name)
			}
		}
		for _, s := range steps {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("%s: %s: an expression in a shell is a script of whoever wrote it; use env", path, s.Name)
			}
			if strings.HasPrefix(s.Uses, "actions/upload-artifact@") && !strings.Contains(s.If, "always()") {
				t.Errorf("%s: the reports of a run that failed are not kept", path)
			}
			if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != false {
				t.Errorf("%s: a checkout leaves its token on the disk", path)
			}
		}
	}
}

// checkout is what the workflows need of this repository, in a folder of its
// own.
func checkout(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{"cmd", "internal", ".github"} {
		if err := os.CopyFS(filepath.Join(to, name), os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "embed.go"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A load of seconds, which a point decides.
	if err := os.WriteFile(filepath.Join(to, "thresholds.yaml"), []byte(`version: 1
name: tutormax
target: {url: "http://localhost:8000", ready: {within: 60s, checks: [{get: /health}]}}
profiles: {demo: {users: 10, spawn_rate: 10/s, duration: 4s, warm_up: 0s}}
users: {visitor: {wait: 100ms..200ms, steps: [GET /api/tutors]}}
judge: {decide: point}
thresholds:
  sound: {endpoints: "*", success: 90%}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func git(t *testing.T, folder string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git",
		append([]string{"-c", "user.name=test", "-c", "user.email=test@example.org"}, args...)...)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// hub is a server of repositories with one, o/r, that is empty.
func hub(t *testing.T) (url, repository string) {
	t.Helper()
	folder := t.TempDir()
	repository = filepath.Join(folder, "o", "r")
	git(t, folder, "init", "-q", "--bare", repository)
	return "file://" + folder, repository
}

// kept are the runs on the branch of the history.
func kept(t *testing.T, repository string) []string {
	t.Helper()
	return slices.DeleteFunc(strings.Fields(git(t, repository, "ls-tree", "-r", "--name-only", "loadgate-history")),
		func(name string) bool {
			return !strings.HasSuffix(name, ".run.json.gz")
		})
}

func freePort(t *testing.T) int {
	t.Helper()
	port, err := testport.Free()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// onDefaultBranch is the condition under which a run is kept.
const onDefaultBranch = "(github.event_name == 'schedule' || github.ref_name == github.event.repository.default_branch)"

// The steps of the weekly load test do what they say: three runs on one
// repository, the third against a service that fails.
func TestLoadTestWorkflow(t *testing.T) {
	if testing.Short() {
		t.Skip("live load")
	}
	t.Parallel()
	workspace := checkout(t)
	server, repository := hub(t)
	j := readWorkflow(t, filepath.Join(workspace, ".github", "workflows", "load-test.yml")).Jobs["load"]
	for i, test := range []struct {
		name   string
		start  string // more of the command that starts the service
		branch bool   // it is the default one
		failed bool
		runs   int    // on the branch of the history after it
		site   string // where the pages of the history are; empty: there are none
	}{
		{"first", "", true, false, 1, ""},
		{"on another branch", "", false, false, 1, "https://o.github.io/r/"},
		{"failing", " --fail 'GET /api/tutors=60%'", true, true, 2, "https://o.github.io/r/"},
	} {
		r := newRunner(t, workspace)
		r.given["GITHUB_SERVER_URL"], r.given["GITHUB_REPOSITORY"],
			r.given["GITHUB_RUN_ID"] = server, "o/r", fmt.Sprint(i)
		r.says = map[string]string{
			"github.token": "token", "inputs.profile || 'demo'": "demo",
			"inputs.run_time": "3s", onDefaultBranch: fmt.Sprint(test.branch), "vars.LOADGATE_SITE_URL": test.site,
			"github.server_url": "https://github.example.com", "github.repository": "o/r",
			"vars.LOADGATE_SITE_URL != '' && " + onDefaultBranch: fmt.Sprint(test.site != "" && test.branch),
			"steps.site.outputs.written == 'true'":               fmt.Sprint(test.site != "" && test.branch),
		}
		port := freePort(t)
		environment := map[string]string{
			"BRANCH": j.Env["BRANCH"], "TARGET": fmt.Sprintf("http://127.0.0.1:%d", port),
			"START": fmt.Sprintf("loadgate demo --listen 127.0.0.1:%d%s", port, test.start),
		}
		ran := r.run(environment, j.Steps)
		if r.failed != test.failed || !ran["Load test"] || ran["Keep the run"] != test.branch ||
			!ran["Keep the reports"] {
			t.Fatalf("%s: failed %t, ran %v; the load test said:\n%s", test.name, r.failed, ran, r.logs["Load test"])
		}
		want := []string{"journal.ndjson", "junit.xml", "report.html",
			"result.json", "summary.md", "target.log", "verdict.json"}
		if slices.Sort(r.kept); !slices.Equal(r.kept, want) {
			t.Errorf("%s: kept %v, want %v", test.name, r.kept, want)
		}
		if got := kept(t, repository); len(got) != test.runs {
			t.Errorf("%s: the history holds %v, want %d", test.name, got, test.runs)
		}
		if verdict := r.outputs["load.verdict"]; test.failed != (verdict == "fail") ||
			!strings.Contains(r.summary, "tutormax · demo") || r.outputs["load.report"] != "loadgate-out/report.html" {
			t.Errorf("%s: outputs %v, summary:\n%s", test.name, r.outputs, r.summary)
		}
		index, err := os.ReadFile(filepath.Join(r.temp, "site", "index.html"))
		published := test.site != "" && test.branch
		if linked := strings.Contains(r.summary, "(<"+test.site+">)"); (err == nil) != published ||
			(r.outputs["site.written"] == "true") != published || linked != (test.site != "") {
			t.Errorf("%s: the pages: %v, outputs %v, linked from the summary: %t\n%s",
				test.name, err, r.outputs, linked, r.logs["Write the pages of the history"])
		}
		if published && !strings.Contains(string(index), fmt.Sprintf("%d runs", test.runs)) {
			t.Errorf("%s: the overview does not have %d runs", test.name, test.runs)
		}
	}
}
