package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// workflow is as much of a workflow, or of an action, as its tests read.
type workflow struct {
	On          yaml.Node
	Permissions *yaml.Node
	Jobs        map[string]job
	Runs        struct{ Steps []step }
}

type job struct {
	Uses        string
	Permissions map[string]string
	Timeout     int               `yaml:"timeout-minutes"`
	Env         map[string]string `yaml:"env"`
	Steps       []step
}

type step struct {
	Name, ID, If, Uses, Run, Shell string
	Env                            map[string]string
	With                           map[string]any
}

func readWorkflow(t *testing.T, path string) workflow {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return w
}

// runner runs the shell of steps as a runner of GitHub does: with the files
// that GitHub names, and with the expressions it is told of.
type runner struct {
	t         *testing.T
	workspace string
	temp      string
	given     map[string]string // environment of every step
	says      map[string]string // what an expression is, without its braces
	path      []string
	env       map[string]string
	outputs   map[string]string // "id.name"
	summary   string
	failed    bool
	logs      map[string]string // of each step, by its name
	kept      []string
}

func newRunner(t *testing.T, workspace string) *runner {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash here, which workflows are written for")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git here")
	}
	r := &runner{
		t: t, workspace: workspace, temp: t.TempDir(), given: map[string]string{}, says: map[string]string{},
		env: map[string]string{}, outputs: map[string]string{}, logs: map[string]string{},
	}
	if !*long {
		r.path = append(r.path, quickGo(t))
	}
	return r
}

// builds is a go that knows one command, go [-C DIR] build -o FILE|DIR/ ./cmd/loadgate,
// and gives the program that is tested.
const builds = `#!/bin/sh
set -eu
if [ "$1" = -C ]; then
	cd "$2"
	shift 2
fi
if [ $# -ne 4 ] || [ "$1 $2 $4" != "build -o ./cmd/loadgate" ] || [ ! -f cmd/loadgate/main.go ]; then
	echo "unexpected: go $*" >&2
	exit 1
fi
case $3 in
*/) to=$3loadgate ;;
*) to=$3 ;;
esac
printf '#!/bin/sh\nexec "%s" "$@"\n' "$LOADGATE" >"$to"
chmod +x "$to"
`

// quickGo is a folder with a go that builds nothing: compiling the program in a
// new folder takes longer than all else that a workflow does. -long builds.
func quickGo(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	program := filepath.Join(folder, "loadgate")
	installSelf(t, program)
	text := strings.Replace(builds, "$LOADGATE", program, 1)
	if err := os.WriteFile(filepath.Join(folder, "go"), []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

var expression = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)

// value is a text with its expressions replaced; one that the test does not
// know fails it.
func (r *runner) value(text string) string {
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		inner := strings.Join(strings.Fields(expression.FindStringSubmatch(found)[1]), " ")
		if name, ok := strings.CutPrefix(inner, "steps."); ok {
			return r.outputs[strings.Replace(name, ".outputs", "", 1)]
		}
		said, ok := r.says[inner]
		if !ok {
			r.t.Fatalf("the test does not know what ${{ %s }} is", inner)
		}
		return said
	})
}

// due says whether a step runs. What its condition is, the test must know.
func (r *runner) due(s step) bool {
	condition := strings.Join(
		strings.Fields(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s.If), "${{"), "}}")), " ")
	always := strings.Contains(condition, "always()")
	if r.failed && !always {
		return false
	}
	condition = strings.TrimPrefix(strings.TrimPrefix(condition, "always()"), " && ")
	if condition == "" {
		return true
	}
	said, ok := r.says[condition]
	if !ok {
		r.t.Fatalf("step %q: the test does not know whether %s", s.Name, condition)
	}
	return said == "true"
}

// run makes the steps, and tells of each whether it ran and failed. Actions of
// others are not run; of what is uploaded the files are noted.
func (r *runner) run(environment map[string]string, steps []step) (ran map[string]bool) {
	r.t.Helper()
	ran = map[string]bool{}
	for _, s := range steps {
		if !r.due(s) {
			continue
		}
		ran[s.Name] = true
		if strings.HasPrefix(s.Uses, "actions/upload-artifact@") {
			files, err := filepath.Glob(filepath.Join(r.workspace, r.value(fmt.Sprint(s.With["path"])), "*"))
			if err != nil {
				r.t.Fatal(err)
			}
			for _, f := range files {
				r.kept = append(r.kept, filepath.Base(f))
			}
		}
		if s.Run != "" {
			r.shell(environment, s)
		}
	}
	return ran
}

// shell runs the script of a step and reads what it wrote for later ones.
func (r *runner) shell(environment map[string]string, s step) {
	r.t.Helper()
	files := map[string]string{}
	for _, name := range []string{"GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
		files[name] = filepath.Join(r.t.TempDir(), name)
	}
	script := filepath.Join(r.t.TempDir(), "step.sh")
	if err := os.WriteFile(script, []byte(r.value(s.Run)), 0o600); err != nil {
		r.t.Fatal(err)
	}
	all := map[string]string{"GITHUB_ACTIONS": "true", "CI": "true",
		"RUNNER_TEMP": r.temp, "GITHUB_WORKSPACE": r.workspace, "NO_COLOR": "1"}
	maps.Copy(all, files)
	maps.Copy(all, r.given)
	maps.Copy(all, r.env)
	for _, more := range []map[string]string{environment, s.Env} {
		for name, text := range more {
			all[name] = r.value(text)
		}
	}
	arguments := []string{"-e", script}
	if s.Shell == "bash" {
		arguments = []string{"--noprofile", "--norc", "-eo", "pipefail", script}
	}
	cmd := exec.CommandContext(r.t.Context(), "bash", arguments...)
	cmd.Dir = r.workspace
	for _, kept := range []string{"HOME", "GOCACHE", "GOMODCACHE",
		"GOPATH", "GOFLAGS", "GOPROXY", "GONOSUMDB", "GOTOOLCHAIN"} {
		if value, ok := os.LookupEnv(kept); ok {
			cmd.Env = append(cmd.Env, kept+"="+value)
		}
	}
	cmd.Env = append(cmd.Env, "PATH="+strings.Join(append(slices.Clone(r.path), os.Getenv("PATH")), ":"))
	for name, value := range all {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	log, err := cmd.CombinedOutput()
	r.logs[s.Name] = string(log)
	r.failed = r.failed || err != nil
	r.read(s.ID, files)
}

// read takes in the files that a step wrote.
func (r *runner) read(id string, files map[string]string) {
	text := func(name string) string {
		b, _ := os.ReadFile(files[name]) // a step need not write it
		return string(b)
	}
	for line := range strings.Lines(text("GITHUB_PATH")) {
		r.path = append([]string{strings.TrimSpace(line)}, r.path...)
	}
	maps.Copy(r.env, assignments(text("GITHUB_ENV")))
	for name, value := range assignments(text("GITHUB_OUTPUT")) {
		r.outputs[id+"."+name] = value
	}
	r.summary += text("GITHUB_STEP_SUMMARY")
}

// assignments reads NAME=value, and values between delimiters.
func assignments(text string) map[string]string {
	found := map[string]string{}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if name, end, ok := strings.Cut(lines[i], "<<"); ok && !strings.Contains(name, "=") {
			var value []string
			for i++; i < len(lines) && lines[i] != end; i++ {
				value = append(value, lines[i])
			}
			found[name] = strings.Join(value, "\n")
		} else if name, value, ok := strings.Cut(lines[i], "="); ok {
			found[name] = value
		}
	}
	return found
}
