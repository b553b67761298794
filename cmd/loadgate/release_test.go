package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// ofRepository is the text of a file of the repository.
func ofRepository(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// stage is one of a Dockerfile: its instructions, with FROM first.
type stage struct {
	name, from string
	lines      []string
}

var fromLine = regexp.MustCompile(`^FROM (?:--platform=\S+ )?(\S+)(?: AS (\S+))?$`)

// stagesOf reads a Dockerfile. Its instructions are of one line each.
func stagesOf(t *testing.T, source string) []stage {
	t.Helper()
	var all []stage
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if m := fromLine.FindStringSubmatch(line); m != nil {
			all = append(all, stage{from: m[1], name: m[2]})
		}
		if len(all) == 0 || strings.HasSuffix(line, `\`) {
			t.Fatalf("Dockerfile: %q is before the first stage, or of several lines", line)
		}
		last := &all[len(all)-1]
		last.lines = append(last.lines, line)
	}
	return all
}

// One Dockerfile makes two images that differ in one thing: where the binary
// comes from. Without --target it is built from the folder, by a Go that go.mod
// admits; the release takes what goreleaser has built, by the name of its stage.
func TestDockerfile(t *testing.T) {
	stages := stagesOf(t, ofRepository(t, "Dockerfile"))
	named := func(name string) stage {
		i := slices.IndexFunc(stages, func(s stage) bool { return s.name == name })
		if i < 0 {
			t.Fatalf("there is no stage %q", name)
		}
		return stages[i]
	}
	golang := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(ofRepository(t, "go.mod"))[1]
	build, release, own := named("build"), named("release"), stages[len(stages)-1]
	built := build.lines[len(build.lines)-1]
	if build.from != "golang:"+golang || !strings.HasSuffix(built, "-o /loadgate ./cmd/loadgate") {
		t.Errorf("the binary is built by %s: %s", build.from, built)
	}
	const to = " /usr/local/bin/loadgate"
	if own.from != release.from || own.lines[len(own.lines)-1] != "COPY --from=build /loadgate"+to {
		t.Errorf("a build without --target makes %q", own.lines)
	}
	if !slices.Equal(release.lines[1:], []string{"ARG TARGETPLATFORM", "COPY $TARGETPLATFORM/loadgate" + to}) {
		t.Errorf("the release makes %q", release.lines)
	}
	base := named(own.from)
	entry := `ENTRYPOINT ["` + strings.TrimSpace(to) + `"]`
	if !strings.HasSuffix(base.from, ":nonroot") || !slices.Contains(base.lines, entry) {
		t.Errorf("the image begins with %q", base.lines)
	}
	var config struct {
		Images []struct{ Flags []string } `yaml:"dockers_v2"`
	}
	if err := yaml.Unmarshal([]byte(ofRepository(t, ".goreleaser.yaml")), &config); err != nil {
		t.Fatal(err)
	}
	if len(config.Images) != 1 || !slices.Equal(config.Images[0].Flags, []string{"--target=release"}) {
		t.Errorf("goreleaser builds %v, want the stage release", config.Images)
	}
}

// What install.md has people type is what the release makes: names of files, the
// tap, the image, and who signed it, which the action asks for too.
func TestInstallPage(t *testing.T) {
	page := ofRepository(t, filepath.Join("docs", "install.md"))
	var config struct {
		Archives []struct {
			Name string `yaml:"name_template"`
		}
		Packages []struct {
			Name    string `yaml:"file_name_template"`
			Formats []string
		} `yaml:"nfpms"`
		Casks []struct {
			Repository struct{ Owner, Name string }
		} `yaml:"homebrew_casks"`
		Checksum struct {
			Name string `yaml:"name_template"`
		}
		Signs []struct{ Signature string }
	}
	if err := yaml.Unmarshal([]byte(ofRepository(t, ".goreleaser.yaml")), &config); err != nil {
		t.Fatal(err)
	}
	called := func(template, version string) string {
		of := strings.NewReplacer("{{ .Version }}", version, "{{ .Os }}", "linux", "{{ .Arch }}", "amd64")
		return of.Replace(template)
	}
	list, tap := config.Checksum.Name, config.Casks[0].Repository
	module := regexp.MustCompile(`(?m)^module (\S+)`).FindStringSubmatch(ofRepository(t, "go.mod"))[1]
	want := []string{
		"file=" + called(config.Archives[0].Name, "${version}") + ".tar.gz",
		list + "\" -O \"$page/" + strings.Replace(config.Signs[0].Signature, "${artifact}", list, 1),
		"brew install --cask " + tap.Owner + "/" + strings.TrimPrefix(tap.Name, "homebrew-") + "/loadgate",
		"ghcr.io/loadgate/loadgate:",
		"loadgate/loadgate/.github/workflows/release.yml@refs/tags/v$version",
		"go install " + module + "/cmd/loadgate@latest",
	}
	for _, format := range config.Packages[0].Formats {
		want = append(want, "./"+called(config.Packages[0].Name, "0.1.0")+"."+format)
	}
	for _, words := range want {
		if !strings.Contains(page, words) {
			t.Errorf("install.md does not say %q", words)
		}
	}
	for _, words := range []string{
		"/.github/workflows/release.yml@refs/tags/",
		"--certificate-oidc-issuer https://token.actions.githubusercontent.com",
	} {
		if !strings.Contains(page, words) || !strings.Contains(ofRepository(t, ".github/action.sh"), words) {
			t.Errorf("install.md and the action ask for other signatures: %q", words)
		}
	}
}

// Who types what install.md says gets the binary of a release that was signed, and
// nothing of another.
func TestInstallPageVerifies(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "tar", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s here", tool)
		}
	}
	page := ofRepository(t, filepath.Join("docs", "install.md"))
	block := regexp.MustCompile("(?s)```sh\n(version=.*?)```").FindStringSubmatch(page)
	if block == nil {
		t.Fatal("install.md verifies no archive")
	}
	for tag, want := range map[string]string{"v1.2.3": "released\n", "v1.2.2": ""} {
		sum := func(name string, archive []byte) string { return fmt.Sprintf("%x  %s\n", sha256.Sum256(archive), name) }
		signed := signedBy("https://github.com/loadgate/loadgate/.github/workflows/release.yml@refs/tags/" + tag)
		releases := publish(t, released{sum, signed}).URL + "/o/loadgate/releases"
		script := strings.NewReplacer(
			"version=0.1.0", "version=1.2.3", "https://github.com/loadgate/loadgate/releases", releases,
		).Replace(block[1])
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "cosign"), []byte(cosign), 0o700); err != nil {
			t.Fatal(err)
		}
		c := exec.CommandContext(t.Context(), "bash", "-e", "-c", script+"\n./loadgate >said")
		c.Dir, c.Env = folder, append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
		out, err := c.CombinedOutput()
		said, _ := os.ReadFile(filepath.Join(folder, "said")) // not there where nothing was installed
		if string(said) != want || (err == nil) != (want != "") {
			t.Errorf("signed for %s: %v, the binary says %q, want %q\n%s", tag, err, said, want, out)
		}
	}
}

// Programs that make or verify a release are of one known version, the same in
// both places.
func TestReleaseIsPinned(t *testing.T) {
	release := readWorkflow(t, filepath.Join(root, ".github", "workflows", "release.yml"))
	action := readWorkflow(t, filepath.Join(root, "action.yml"))
	ci := readWorkflow(t, filepath.Join(root, ".github", "workflows", "ci.yml"))
	exact := regexp.MustCompile(`^v\d+\.\d+\.\d+$`)
	found := map[string]string{}
	for _, s := range slices.Concat(release.Jobs["publish"].Steps, action.Runs.Steps, ci.Jobs["image"].Steps) {
		var version any
		name, _, _ := strings.Cut(s.Uses, "@")
		switch name {
		case "sigstore/cosign-installer":
			version = s.With["cosign-release"]
		case "goreleaser/goreleaser-action":
			version = s.With["version"]
		default:
			continue
		}
		is, _ := version.(string)
		if !exact.MatchString(is) || found[name] != "" && found[name] != s.Uses+" "+is {
			t.Errorf("%s is %q, once %q; write one exact version", s.Uses, is, found[name])
		}
		found[name] = s.Uses + " " + is
	}
	if len(found) != 2 {
		t.Errorf("found %v, want cosign and goreleaser", found)
	}
}
