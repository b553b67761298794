package cli_test

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// A flag that changes nothing without another is refused without it, wherever it
// stands, and before anything is read or sent.
func TestDependentFlags(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	t.Chdir(filepath.Dir(path))
	type call struct{ args, want string }
	calls := []call{
		{"run --demo=false --demo-leak", "--demo-leak needs --demo: it has no effect otherwise"},
		{"run --shard 1/2", "--shard needs --seed"},
		{"init --openapi api.json --format k6-json",
			"--format needs --results report_stats.csv: it has no effect otherwise"},
		{"init --demo --name x", "--name needs --results report_stats.csv"},
		{"export k6 --force", "--force needs --file load.js"},
		{"kubernetes --workers 2 --force", "--force needs --file run.yaml"},
		{"ab --from there --pairs 5",
			"--pairs does not go with --from, which judges stored results and sends nothing; leave one out"},
		{"ab --from there --a http://localhost:1", "--a does not go with --from"},
		{"capacity --stored there --from 5", "--from does not go with --stored"},
		{"capacity --stored there --out x", "--out does not go with --stored"},
		{"notify verdict.json --previous x", "--previous"},
	}
	found := 0
	for _, command := range []string{"run", "try", "capacity"} {
		var help strings.Builder
		run(context.Background(), &help, nil, command, "--help")
		for _, m := range flagLine.FindAllStringSubmatch(help.String(), -1) {
			name, valued := m[1], m[3] != "" || m[2] != ""
			if !strings.HasPrefix(name, "demo-") {
				continue
			}
			found++
			args := command + " --" + name
			if valued { // what it would be refused for is not looked at
				args += "=perhaps"
			}
			if m[2] == "N" {
				args = command + " --" + name + "=5"
			}
			calls = append(calls, call{args, "--" + name + " needs --demo: it has no effect otherwise"})
		}
	}
	if found < 45 {
		t.Errorf("%d flags of the stand-in; there are more", found)
	}
	for _, tt := range calls {
		environment := map[string]string{"LOADGATE_WEBHOOK": "https://hooks.example.com/x"}
		code, stderr := run(context.Background(), io.Discard, environment, strings.Fields(tt.args)...)
		if code != 2 || !strings.Contains(stderr, "loadgate: "+tt.want) || goWords.MatchString(stderr) {
			t.Errorf("loadgate %s = %d, %q; want 2 and %q", tt.args, code, stderr, tt.want)
		}
	}
}

// What the environment holds for other commands changes nothing here.
func TestDependentFlagsOfTheEnvironment(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	environment := map[string]string{"LOADGATE_SEED": "7", "LOADGATE_PROFILE": "p", "LOADGATE_OUT": "elsewhere"}
	_, stderr := run(context.Background(), io.Discard, environment, "ab", path, "--from", t.TempDir())
	if !strings.Contains(stderr, "it has no slices of side A") {
		t.Errorf("ab --from says %q", stderr)
	}
	code, stderr := run(context.Background(), io.Discard, map[string]string{"LOADGATE_DEMO_SLOW": "600ms"}, "run", path)
	if code != 2 || !strings.Contains(stderr, "--demo-slow needs --demo") {
		t.Errorf("LOADGATE_DEMO_SLOW without LOADGATE_DEMO = %d, %q", code, stderr)
	}
}

// A message in plain words, and code 4, for an address that nobody can listen on.
func TestDemoListens(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for address, want := range map[string]string{
		taken.Addr().String(): ": another program listens there; write another port, or 0 for a free one\n",
		"192.0.2.1:8000": ": this machine does not have that address; write 127.0.0.1, or 0.0.0.0 for all that " +
			"it has\n",
	} {
		code, stderr := run(context.Background(), io.Discard, nil, "demo", "--listen", address)
		if code != 4 || stderr != "loadgate: listen on "+address+want {
			t.Errorf("loadgate demo --listen %s = %d, %q; want 4 and %q", address, code, stderr, want)
		}
	}
}

// Arguments that are missing, and arguments that are too many.
func TestWrongArguments(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"export", "loadgate export takes at least 1 argument, k6|locust; none was given"},
		{"export k6 a b", "loadgate export takes at most 2 arguments, k6|locust and thresholds.yaml; 3 given: "},
		{"check", "loadgate check takes at least 1 argument, RESULT; none was given"},
		{"report", "loadgate report takes at least 1 argument, RESULT; none was given"},
		{"compare a", "loadgate compare takes 2 arguments, A and B; 1 given: "},
		{"run a b", "loadgate run takes at most 1 argument, thresholds.yaml; 2 given: "},
		{"version a", "loadgate version takes no argument; 1 given: "},
		{"init --demo perf.yaml",
			`loadgate init takes no argument; 1 given: "perf.yaml"; the file to write goes behind --file`},
	} {
		code, stderr := run(context.Background(), io.Discard, nil, strings.Fields(tt.args)...)
		if code != 2 || !strings.HasPrefix(stderr, "loadgate: "+tt.want) {
			t.Errorf("loadgate %s = %d, %q; want 2 and %q", tt.args, code, stderr, tt.want)
		}
	}
}
