package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/cli"
)

// command is a command line of the README with the output below it.
type command struct {
	line   string
	output string
}

// readme returns the commands of all console blocks of README.md.
func readme(t *testing.T) (commands []command, text string) {
	t.Helper()
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	inside := false
	for line := range strings.Lines(string(b)) {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = strings.TrimSpace(line) == "```console"
		case !inside:
		case strings.HasPrefix(line, "$ "):
			commands = append(commands, command{line: strings.TrimSpace(line[2:])})
		case len(commands) == 0:
			t.Fatalf("a console block begins with output: %s", line)
		default:
			commands[len(commands)-1].output += line
		}
	}
	return commands, string(b)
}

// execute runs loadgate in this process, at the root of the repository.
func execute(t *testing.T, args ...string) (code int, stdout string) {
	t.Helper()
	t.Chdir("../..")
	var out strings.Builder
	code = cli.Main(context.Background(), cli.Env{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: io.Discard,
		Getenv: func(string) (string, bool) { return "", false }, Now: time.Now, Seed: func() uint64 { return 42 },
	})
	return code, out.String()
}

// Every command that begins with loadgate prints what the README says.
func TestReadmeCommands(t *testing.T) {
	commands, text := readme(t)
	if n := strings.Count(text, "\n"); n >= 200 {
		t.Errorf("README.md has %d lines, want fewer than 200", n)
	}
	tried := 0
	for _, c := range commands {
		args, ok := strings.CutPrefix(c.line, "loadgate ")
		if !ok {
			continue
		}
		tried++
		t.Run(c.line, func(t *testing.T) {
			code, got := execute(t, strings.Fields(args)...)
			if code != 0 {
				t.Errorf("exit code %d, want 0", code)
			}
			if diff := cmp.Diff(strings.TrimSpace(c.output), strings.TrimSpace(got)); diff != "" {
				t.Errorf("README.md (-want +got):\n%s", diff)
			}
		})
	}
	if tried < 2 {
		t.Errorf("README.md has %d commands to run, want at least 2", tried)
	}
}

// The file that the README shows is the one that its commands use.
func TestReadmeExample(t *testing.T) {
	_, text := readme(t)
	example, err := os.ReadFile("../../docs/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "```yaml\n"+string(example)+"```") {
		t.Error("docs/example.yaml and the file in README.md differ")
	}
}

// The first command of the README, live: a minute of load on the stand-in.
// What a busy machine does to latencies is not asked here, nor the verdict that
// comes of it: which rules are judged, and that nothing fails, is.
func TestReadmeDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("a minute of load; left out by -short")
	}
	t.Parallel()
	commands, _ := readme(t)
	at := slices.IndexFunc(commands, func(c command) bool { return strings.Contains(c.line, "run --demo") })
	if at < 0 {
		t.Fatal("README.md shows no demo run")
	}
	args, ok := strings.CutPrefix(commands[at].line, "go run ./cmd/loadgate ")
	if !ok {
		t.Fatalf("the demo is started by %q", commands[at].line)
	}
	var out, progress strings.Builder
	code := cli.Main(context.Background(), cli.Env{
		Args:   append(strings.Fields(args), "../../thresholds.yaml", "--out", t.TempDir(), "--seed", "42"),
		Stdout: &out, Stderr: &progress, Stdin: strings.NewReader(""),
		Getenv: func(string) (string, bool) { return "", false }, Now: time.Now,
	})
	got := out.String()
	t.Logf("exit code %d\n%s", code, got)
	told := strings.HasSuffix(strings.Join(strings.Fields(got), " "), fmt.Sprintf("Exit code %d.", code))
	if !told || code != 0 && code != 1 && code != 3 {
		t.Errorf("exit code %d is no verdict, or not the one that the table tells", code)
	}
	if !strings.Contains(got, " 0 failed") ||
		!regexp.MustCompile(`(?m)^✓ every endpoint .* success ≥ 99.5%`).MatchString(got) {
		t.Error("requests failed")
	}
	// Each rule and limit of the README's table is in the run's.
	row := regexp.MustCompile(`(?m)^. ([a-z ]+?)  .*  ((?:p95|success) [<≥] [\d.]+(?:ms|s|%))`)
	wrapped := regexp.MustCompile(`(?m)^(. [a-z ]*[a-z])(  .*)\n  ([a-z ]+)$`) // a name that goes on in the next line
	rules := func(text string) map[string]bool {
		text = wrapped.ReplaceAllString(text, "$1 $3$2")
		found := map[string]bool{}
		for _, m := range row.FindAllStringSubmatch(text, -1) {
			found[m[1]+" "+m[2]] = true
		}
		return found
	}
	want := rules(commands[at].output)
	if len(want) < 7 {
		t.Fatalf("found %d limits in README.md", len(want))
	}
	judged := rules(got)
	for rule := range want {
		if !judged[rule] {
			t.Errorf("the run did not judge %q", rule)
		}
	}
}
