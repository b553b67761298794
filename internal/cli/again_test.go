package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Every flag of a command that makes a load is in the command that makes it
// again, or is known to be beside it: a new flag fails here until it is said
// which.
func TestAgainKnowsEveryFlag(t *testing.T) {
	deciding := strings.Fields(`a a-cmd allow also at-least b b-cmd demo from growth host lost no-try only pace pairs peak
		precision profile rate replicas run-time scale-by scale-up shard skip slice smoke spawn-rate start step stored to users within workers`)
	env := environ.Env{Getenv: func(string) (string, bool) { return "", false }}
	seen := map[string]bool{}
	for _, c := range newRoot(env, environ.NewGitHubFlag(&env), nil).Commands() {
		if !slices.Contains([]string{"run", "ab", "capacity"}, c.Name()) {
			continue
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			seen[f.Name] = true
			decides := slices.Contains(deciding, f.Name) || strings.HasPrefix(f.Name, "demo-")
			if decides == irrelevantToRerun[f.Name] {
				t.Errorf("%s --%s: neither, or both, of what decides a load and what is beside it", c.Name(), f.Name)
			}
		})
	}
	for name := range irrelevantToRerun {
		if !seen[name] && name != "help" && name != "github" {
			t.Errorf("--%s is no flag of these commands any more", name)
		}
	}
}

// A flag that may be given more than once is written as often.
func TestAgainRepeatsFlags(t *testing.T) {
	s, err := thresholds.Decode([]byte(`version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`), "f", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	env := environ.Env{Getenv: func(string) (string, bool) { return "", false }}
	run, _, err := newRoot(env, environ.NewGitHubFlag(&env), nil).Find([]string{"run"})
	if err != nil {
		t.Fatal(err)
	}
	given := []string{"--demo", "--demo-slow=GET /a=600ms", "--demo-slow=GET /b=+60%",
		"--demo-fail=2%", "--allow=commands", "--csv=x", "--quiet"}
	if err := run.ParseFlags(given); err != nil {
		t.Fatal(err)
	}
	got := rerunCommand("run", "f", run.Flags(), p)
	want := []string{"loadgate", "run", "f", "--allow=commands",
		"--demo", "--demo-fail=2%", "--demo-slow=GET /a=600ms", "--demo-slow=GET /b=+60%", "--seed=7"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
