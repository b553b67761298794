package load_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/load"
)

// The env_file stays on its machine: workers get its values with those of the environment, and a cluster neither.
func TestEnvFileIsNotPacked(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"thresholds.yaml": `version: 1
env: [TOKEN, OWN, UNREAD]
env_file: .env
target: {url: http://localhost, headers: {X: '${ env("TOKEN") }', Y: '${ env("OWN") }'}}
data: {names: {file: names.csv}}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {all: {endpoints: "*", success: 99%}}
`,
		"names.csv": "name\nada\n", ".env": "TOKEN=t0ken\nOWN=file\nUNREAD=unread\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := environ.Env{Now: time.Now, Getenv: func(name string) (string, bool) {
		return map[string]string{"OWN": "own"}[name], name == "OWN"
	}}
	file := filepath.Join(folder, "thresholds.yaml")
	_, files, vars, err := new(load.Flags).Pack(env, file, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"TOKEN": "t0ken", "OWN": "own"}, vars); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	want := []string{"names.csv", "thresholds.yaml"}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("workers get %q, want %q", got, want)
	}
	_, files, names, err := new(load.Flags).Carry(env, file, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("a cluster gets %q, want %q", got, want)
	}
	if len(names) != 2 || !names[0].Needed || !names[1].Needed {
		t.Errorf("variables of the cluster: %+v, want OWN and TOKEN, both needed", names)
	}
	for name, content := range files {
		if strings.Contains(string(content), "t0ken") {
			t.Errorf("%s has a value of the env_file", name)
		}
	}
}
