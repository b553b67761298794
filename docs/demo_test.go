package docs_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/cli"
)

// The switches of demo.md are those of the commands, under both names.
func TestDemoSwitches(t *testing.T) {
	flags := func(pattern string, args ...string) (names []string) {
		var out bytes.Buffer
		none := func(string) (string, bool) { return "", false }
		env := cli.Env{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Getenv: none}
		if code := cli.Main(t.Context(), env); code != 0 {
			t.Fatalf("%v: %d %s", args, code, out.String())
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(out.String(), -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		return names
	}
	var described []string
	row := regexp.MustCompile("(?m)^\\| `--demo-([a-z0-9-]+)` \\|")
	for _, m := range row.FindAllStringSubmatch(page(t, "demo.md"), -1) {
		described = append(described, m[1])
	}
	described = append(described, "seed") // in the text
	slices.Sort(described)
	if diff := cmp.Diff(flags(`(?m)^ +--demo-([a-z0-9-]+)`, "run", "--help"), described); diff != "" {
		t.Errorf("switches (-run --help +demo.md):\n%s", diff)
	}
	own := func(name string) bool { return name == "listen" || name == "github" }
	alone := slices.DeleteFunc(flags(`(?m)^ +--([a-z0-9-]+)`, "demo", "--help"), own)
	if diff := cmp.Diff(alone, described); diff != "" {
		t.Errorf("switches (-demo --help +demo.md):\n%s", diff)
	}
}
