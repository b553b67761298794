package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// stepNamed is a step of the action.
func stepNamed(t *testing.T, name string) step {
	t.Helper()
	for _, s := range readWorkflow(t, filepath.Join(root, "action.yml")).Runs.Steps {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("action.yml has no step %q", name)
	return step{}
}

// released is a release as its page has it.
type released struct {
	checksums func(name string, archive []byte) string
	signature func(checksums string) string // "": there is none
}

// signedBy is the signature of a list of checksums by a workflow, in the form that
// the stand-in for cosign takes.
func signedBy(workflow string) func(checksums string) string {
	return func(checksums string) string {
		return fmt.Sprintf("%s %x\n", workflow, sha256.Sum256([]byte(checksums)))
	}
}

// cosign is a fake of the program: it takes a signature of the given file, made
// by the given workflow with a token of GitHub's, and refuses any other, and any
// other arguments.
const cosign = `#!/bin/bash
[[ $# == 8 && $1 == verify-blob && $3 == --bundle ]] || exit 2
[[ $5 == --certificate-identity && $7 == --certificate-oidc-issuer ]] || exit 2
[[ $8 == https://token.actions.githubusercontent.com ]] || exit 3
read -r identity sum <"$4"
[[ $identity == "$6" && $sum == "$(sha256sum "$2" | cut -d' ' -f1)" ]]
`

// publish serves a release whose binary says who it is.
func publish(t *testing.T, r released) *httptest.Server {
	t.Helper()
	script := "#!/bin/sh\necho released\n"
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	packed := tar.NewWriter(zipped)
	if err := packed.WriteHeader(&tar.Header{Name: "loadgate", Mode: 0o755, Size: int64(len(script))}); err != nil {
		t.Fatal(err)
	}
	if _, err := packed.Write([]byte(script)); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	const name, page = "loadgate_1.2.3_linux_amd64.tar.gz", "/o/loadgate/releases/download/v1.2.3/"
	list := r.checksums(name, archive.Bytes())
	files := map[string]string{
		name: archive.String(), "checksums.txt": list, "checksums.txt.sigstore.json": r.signature(list),
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := files[strings.TrimPrefix(r.URL.Path, page)]
		if !ok || text == "" && !strings.HasSuffix(r.URL.Path, ".txt") {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, text)
	}))
	t.Cleanup(s.Close)
	return s
}

// A release is taken when the list with its checksum was signed by the workflow
// that makes releases, for this tag, and else not.
func TestActionInstallsARelease(t *testing.T) {
	for _, tool := range []string{"curl", "tar", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s here", tool)
		}
	}
	sum := func(name string, archive []byte) string { return fmt.Sprintf("%x  %s\n", sha256.Sum256(archive), name) }
	otherBytes := func(name string, _ []byte) string { return sum(name, nil) }
	otherFile := func(name string, archive []byte) string { return sum("x"+name, archive) }
	nothing := func(string, []byte) string { return "" }
	const workflow = "https://github.com/o/loadgate/.github/workflows/release.yml@refs/tags/"
	const refused = "were not signed by the release workflow of o/loadgate"
	signed := signedBy(workflow + "v1.2.3")
	unsigned := func(string) string { return "" }
	otherList := func(string) string { return signed("other") }
	byCI := signedBy("https://github.com/o/loadgate/.github/workflows/ci.yml@refs/heads/main")
	byFork := signedBy(strings.Replace(workflow, "/o/", "/fork/", 1) + "v1.2.3")
	good := released{sum, signed}
	for _, test := range []struct {
		name    string
		ref     string
		release released
		says    string // what the log has; "released" is installed
	}{
		{"right", "v1.2.3", good, "released"},
		{"of other bytes", "v1.2.3", released{otherBytes, signed}, "FAILED"},
		{"of another file", "v1.2.3", released{otherFile, signed}, ""},
		{"empty", "v1.2.3", released{nothing, signed}, ""},
		{"of no release", "v1.2.4", good, "404"},
		{"not signed", "v1.2.3", released{sum, unsigned}, "404"},
		{"signed over another list", "v1.2.3", released{sum, otherList}, refused},
		{"signed by another workflow", "v1.2.3", released{sum, byCI}, refused},
		{"signed by another repository", "v1.2.3", released{sum, byFork}, refused},
		{"signed for another tag", "v1.2.3", released{sum, signedBy(workflow + "v1.2.2")}, refused},
		{"without cosign", "v1.2.3", good, "::error::cosign is missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRunner(t, t.TempDir())
			tools := t.TempDir()
			if test.name != "without cosign" {
				if err := os.WriteFile(filepath.Join(tools, "cosign"), []byte(cosign), 0o700); err != nil {
					t.Fatal(err)
				}
			} else if _, err := exec.LookPath("cosign"); err == nil {
				t.Skip("there is a cosign here")
			}
			r.path = []string{tools}
			action, err := filepath.Abs(root)
			if err != nil {
				t.Fatal(err)
			}
			r.given["GITHUB_SERVER_URL"] = publish(t, test.release).URL
			r.says = map[string]string{"github.action_path": action,
				"github.action_repository": "o/loadgate", "inputs.version || github.action_ref": test.ref}
			r.run(nil, []step{stepNamed(t, "Install loadgate")})
			installed, log := test.says == "released", r.logs["Install loadgate"]
			if r.failed == installed || (len(r.path) == 2) != installed ||
				strings.Contains(log, "released") != installed || !strings.Contains(log, test.says) {
				t.Errorf("failed %t, path %v:\n%s", r.failed, r.path, log)
			}
		})
	}
}

// ofARelease is the condition under which cosign is needed.
const ofARelease = "startsWith(inputs.version || github.action_ref, 'v')" +
	" && contains(inputs.version || github.action_ref, '.')"

// The whole action, from its own source: the first run finds no history and
// leaves one, a pull request compares and leaves nothing.
func TestAction(t *testing.T) {
	if testing.Short() {
		t.Skip("live load")
	}
	t.Parallel()
	workspace := checkout(t)
	server, repository := hub(t)
	action, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	steps := readWorkflow(t, filepath.Join(root, "action.yml")).Runs.Steps
	for _, test := range []struct {
		name  string
		keeps bool
	}{{"on main", true}, {"of a pull request", false}} {
		r := newRunner(t, workspace)
		r.given["GITHUB_SERVER_URL"], r.given["GITHUB_REPOSITORY"], r.given["GITHUB_RUN_ID"] = server, "o/r", test.name
		port := freePort(t)
		history := filepath.Join(r.temp, "loadgate-history")
		r.says = map[string]string{
			"github.action_path": action, "github.action_repository": "o/loadgate",
			"inputs.version || github.action_ref": "main", "runner.temp": r.temp,
			"inputs.file": "thresholds.yaml", "inputs.profile": "",
			"inputs.target":   fmt.Sprintf("http://127.0.0.1:%d", port),
			"inputs.start":    fmt.Sprintf("loadgate demo --listen 127.0.0.1:%d", port),
			"inputs.run-time": "3s", "inputs.runner": "Linux-X64",
			"inputs.history-branch": "loadgate-history", "inputs.keep": "5",
			"inputs.token": "token", "inputs.allow": "", "inputs.out": "loadgate-out",
			"inputs.undecided":            "warn", // as on a busy machine
			ofARelease:                    "false",
			"inputs.history-branch != ''": "true", "inputs.upload != ''": "true", "inputs.upload": "loadgate",
			"inputs.history-branch != '' && format('{0}/loadgate-history', " +
				"runner.temp) || ''": history,
			"inputs.history-branch != '' && !startsWith(github.event_name, 'pull_request') && " +
				onDefaultBranch: fmt.Sprint(test.keeps),
		}
		ran := r.run(nil, steps)
		code := r.outputs["run.exit_code"]
		if r.failed || ran["Keep the run"] != test.keeps || code != "0" && code != "3" {
			t.Fatalf("%s: failed %t, ran %v, outputs %v:\n%v", test.name, r.failed, ran, r.outputs, r.logs)
		}
		if got := kept(t, repository); len(got) != 1 {
			t.Errorf("%s: the history holds %v, want the first run", test.name, got)
		}
		if _, err := os.Stat(filepath.Join(workspace, r.outputs["run.report"])); err != nil ||
			r.outputs["run.report"] == "" {
			t.Errorf("%s: report %q: %v", test.name, r.outputs["run.report"], err)
		}
	}
}

// An undecided run is what the input says it is.
func TestActionUndecided(t *testing.T) {
	for undecided, failed := range map[string]bool{"fail": true, "warn": false} {
		workspace := t.TempDir()
		if err := os.WriteFile(filepath.Join(workspace, "loadgate"), []byte("#!/bin/sh\nexit 3\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		r := newRunner(t, workspace)
		r.path = []string{workspace}
		action, err := filepath.Abs(root)
		if err != nil {
			t.Fatal(err)
		}
		r.says["github.action_path"] = action
		s := stepNamed(t, "Load test")
		s.Env = map[string]string{"ACTION": action, "FILE": "thresholds.yaml",
			"HISTORY": "", "UNDECIDED": undecided, "LOADGATE_OUT": "out"}
		r.run(nil, []step{s})
		if r.failed != failed {
			t.Errorf("undecided: %s: failed %t, want %t:\n%s", undecided, r.failed, failed, r.logs[s.Name])
		}
	}
}

// The pre-release test compares with the tag before, and says that there is
// none.
func TestPreReleaseWorkflow(t *testing.T) {
	if testing.Short() {
		t.Skip("live load")
	}
	t.Parallel()
	workspace := checkout(t)
	git(t, workspace, "init", "-q")
	commit := func() {
		git(t, workspace, "add", "-A")
		git(t, workspace, "commit", "-q", "--allow-empty", "-m", "a change")
	}
	commit()
	git(t, workspace, "tag", "v0.1.0")
	steps := readWorkflow(t, filepath.Join(workspace, ".github", "workflows", "pre-release.yml")).Jobs["compare"].Steps
	first := newRunner(t, workspace)
	first.says = map[string]string{"steps.last.outputs.tag != ''": "false"}
	first.run(nil, steps[:3])
	if first.failed || first.outputs["last.tag"] != "" ||
		!strings.Contains(first.logs["Find the last release"], "::notice::there is no release before this one") {
		t.Fatalf("failed %t, outputs %v:\n%s", first.failed, first.outputs, first.logs)
	}

	commit()
	git(t, workspace, "tag", "v0.2.0")
	r := newRunner(t, workspace)
	r.says = map[string]string{"steps.last.outputs.tag != ''": "true", "inputs.profile": "demo", "inputs.pairs": "5"}
	environment := readWorkflow(t,
		filepath.Join(workspace, ".github", "workflows", "pre-release.yml")).Jobs["compare"].Env
	if *long {
		environment["LOADGATE_SLICE"] = "20s"
		r.run(environment, steps)
		if r.failed || !strings.Contains(r.summary, "B against A") {
			t.Errorf("failed %t, summary:\n%s\n%s", r.failed, r.summary, r.logs["Compare"])
		}
		return
	}
	r.run(environment, steps[:4])
	if r.failed || r.outputs["last.tag"] != "v0.1.0" {
		t.Fatalf("failed %t, outputs %v:\n%s", r.failed, r.outputs, r.logs)
	}
	for _, name := range []string{"a", "b", "loadgate"} {
		if out, err := exec.CommandContext(t.Context(), filepath.Join(r.temp, "bin", name),
			"version").CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}
