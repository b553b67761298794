package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// recipes are the blocks of docs/ci.md, by name.
func recipes(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, m := range regexp.MustCompile("(?s)<!-- recipe: (\\w+) -->\n```\\w+\n(.*?)```").FindAllStringSubmatch(
		string(text), -1) {
		found[m[1]] = m[2]
	}
	if blocks := strings.Count(string(text), "<!-- recipe: "); len(found) != blocks {
		t.Fatalf("%d recipes are read of %d", len(found), blocks)
	}
	return found
}

// commands are what a recipe has a shell do.
func commands(t *testing.T, name, text string) string {
	t.Helper()
	decode := func(into any) {
		if err := yaml.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var lines []string
	switch name {
	case "gitlab":
		var doc map[string]struct{ Script []string }
		decode(&doc)
		lines = doc["load test"].Script
	case "azure":
		var doc struct {
			Steps []struct{ Script, Bash string }
		}
		decode(&doc)
		for _, s := range doc.Steps {
			lines = append(lines, s.Script, s.Bash)
		}
	case "circleci":
		var doc struct {
			Jobs map[string]struct{ Steps []yaml.Node }
		}
		decode(&doc)
		for _, node := range doc.Jobs["load-test"].Steps {
			var short struct{ Run string }
			var long struct{ Run struct{ Command string } }
			if node.Kind == yaml.ScalarNode || node.Decode(&short) != nil && node.Decode(&long) != nil {
				continue
			}
			lines = append(lines, short.Run, long.Run.Command)
		}
	case "jenkins":
		m := regexp.MustCompile(`(?s)script: '''(.*?)'''`).FindStringSubmatch(text)
		lines = m[1:]
	default:
		return text
	}
	return strings.Join(lines, "\n")
}

// kitchen is a folder with a small thresholds.yaml, and a path on which
// uvicorn is the stand-in and go builds nothing. Its load plans nine times the
// 100 requests that decide a share, so that a machine busy with other tests
// still makes enough of them.
func kitchen(t *testing.T, port string) (folder, path string) {
	t.Helper()
	folder = t.TempDir()
	tools := filepath.Join(folder, "tools")
	for name, text := range map[string]string{
		"tools/uvicorn": "#!/bin/sh\nexec loadgate demo --listen \"127.0.0.1:$3\"\n",
		"tools/go":      "#!/bin/sh\n",
		"thresholds.yaml": `version: 1
name: app
target: {url: "http://localhost:8000", ready: {within: 60s, checks: [{get: /health}]}}
profiles:
  weekly: {users: 30, spawn_rate: 60/s, duration: 5s, warm_up: 0s}
  light: {users: 30, spawn_rate: 60/s, duration: 5s, warm_up: 0s}
users: {visitor: {wait: 100ms..200ms, steps: [GET /api/tutors]}}
judge: {decide: point}
thresholds:
  sound: {endpoints: "*", success: 60%}
`,
	} {
		if err := os.MkdirAll(tools, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(strings.ReplaceAll(text, "8000", port)),
			0o700); err != nil {
			t.Fatal(err)
		}
	}
	return folder, tools + ":" + os.Getenv("PATH")
}

// Every recipe's commands end as it says, with the files that it keeps, against
// a service that holds and one that fails.
func TestRecipes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("live load")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash here, which recipes are written for")
	}
	kept := map[string][]string{
		"gitlab": {"loadgate-out/report.html", "loadgate-out/junit.xml",
			"loadgate-out/metrics.txt", ".loadgate/history"},
		"jenkins":  {"loadgate-out/report.html", "loadgate-out/junit.xml", ".loadgate/history"},
		"azure":    {"loadgate-out/report.html", "loadgate-out/junit.xml", ".loadgate/history"},
		"circleci": {"loadgate-out/report.html", "loadgate-out/junit/loadgate.xml", ".loadgate/history"},
		"release":  {"report.html", "loadgate-out/verdict.json"},
		"hook":     {"loadgate-out/verdict.json"},
	}
	for name, text := range recipes(t) {
		if name == "github" {
			continue // TestGitHubRecipe
		}
		if kept[name] == nil {
			t.Errorf("the test does not know what recipe %s keeps", name)
		}
		for _, failing := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/failing=%t", name, failing), func(t *testing.T) {
				t.Parallel()
				cook(t, name, text, failing, kept[name])
			})
		}
	}
}

func cook(t *testing.T, name, text string, failing bool, kept []string) {
	port := fmt.Sprint(freePort(t))
	folder, path := kitchen(t, port)
	fail := ""
	if failing {
		fail = "GET /api/tutors=60%"
	}
	script := strings.ReplaceAll(commands(t, name, text), "8000", port)
	if name == "release" { // its service runs already
		script = "uvicorn app.main:app --port " + port + " & trap 'kill $!' EXIT\n" + script
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-e", "-c", script)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PATH="+path, "LOADGATE_FAIL="+fail, "CI_RUNNER_DESCRIPTION=runner", "NO_COLOR=1")
	cmd.Stdin = strings.NewReader("refs/heads/x 1 refs/heads/x 2\nrefs/heads/main 1 refs/heads/main 2\n")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if (err != nil) != failing {
		t.Fatalf("%s ended with %v:\n%s", name, err, out.String())
	}
	for _, file := range kept {
		if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The recipe for GitHub gives the action nothing that it does not take;
// TestAction makes its steps.
func TestGitHubRecipe(t *testing.T) {
	var recipe workflow
	if err := yaml.Unmarshal([]byte(recipes(t)["github"]), &recipe); err != nil {
		t.Fatal(err)
	}
	var action struct{ Inputs map[string]any }
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &action); err != nil {
		t.Fatal(err)
	}
	given := 0
	for _, s := range recipe.Jobs["load"].Steps {
		if !strings.HasPrefix(s.Uses, "loadgate/loadgate@") {
			continue
		}
		for name := range s.With {
			if given++; action.Inputs[name] == nil {
				t.Errorf("the recipe gives %s, which action.yml does not take", name)
			}
		}
	}
	if given == 0 {
		t.Error("the recipe gives the action nothing")
	}
}
