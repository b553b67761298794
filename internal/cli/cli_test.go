package cli_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/cli"
)

// brokenWriter is a reader that has gone away.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// run calls the program as a process would be.
func run(ctx context.Context, stdout io.Writer, environment map[string]string,
	args ...string) (code int, stderr string) {
	var errs strings.Builder
	code = cli.Main(ctx, cli.Env{
		Args: args, Stdin: strings.NewReader(""), Stdout: stdout, Stderr: &errs,
		Getenv: func(name string) (string, bool) { v, ok := environment[name]; return v, ok },
		Now:    time.Now, Seed: func() uint64 { return 1 },
	})
	return code, errs.String()
}

// write puts a file into a new folder.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const file = `version: 1
env: [API_KEY]
secret: [API_KEY]
target: {url: http://localhost:1}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 5m}}
users: {g: {wait: 1s, steps: [{request: GET /a, headers: {X-Key: '${ env("API_KEY", "none") }'}}]}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`

func TestMainExitCodes(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	const closed = "http://127.0.0.1:1" // nobody listens on it, and no test is given it
	out := filepath.Join(t.TempDir(), "out")
	tests := []struct {
		name   string
		env    map[string]string
		args   []string
		code   int
		stderr string
	}{
		{"help", nil, []string{"--help"}, 0, ""},
		{"plan decides", nil, []string{"plan", path}, 0, ""},
		{"plan cannot decide", nil, []string{"plan", path, "-t", "20s"}, 3, ""},
		{"flag unknown", nil, []string{"plan", path, "--hots", "x"},
			2, "loadgate: unknown flag: --hots; did you mean --host?\n"},
		{"two files", nil, []string{"plan", path, path}, 2,
			"plan takes at most 1 argument, thresholds.yaml; 2 given: "},
		{"pace that is none", nil, []string{"plan", path, "--pace", "fast"},
			2, "--pace fast: write a number above 0 and at most 1000000, or auto"},
		{"users that are none", nil, []string{"plan", path, "-u", "-3"}, 2, "--users -3: write 1 to 1000000"},
		{"rate that is none", nil, []string{"plan", path, "-r", "0"}, 2, "--spawn-rate 0: write users per second"},
		{"rate as Locust takes it", nil, []string{"plan", path, "-r", "5"}, 0, ""},
		{"time without a unit", nil, []string{"plan", path, "-t", "5"},
			2, "loadgate: --run-time 5: its unit is missing; write -t 5s or -t 5m\n"},
		{"shard", nil, []string{"plan", path, "--shard", "2/4", "--seed", "7"}, 0, ""},
		{"shard that is none", nil, []string{"run", path, "--shard", "5/4", "--seed", "7"},
			2, "loadgate: --shard 5/4: there is no part 5 of 4; write 1/4 to 4/4\n"},
		{"shard without a seed", nil, []string{"run", path, "--shard", "2/4"},
			2, "loadgate: --shard needs --seed: all shards must use the same seed\nloadgate: hint: "},
		{"shard with a seed's twin", map[string]string{"LOADGATE_SEED": "7", "LOADGATE_SHARD": "2/4"},
			[]string{"plan", path}, 0, ""},
		{"shard of one, without a seed", nil, []string{"plan", path, "--shard", "1/1"}, 0, ""},
		{"shard without a user", nil, []string{"plan", path, "--shard", "1/11", "--seed", "7"},
			2, "shard 1/11: profile p has 10 users, too few for so many parts; write at most 10"},
		{"start that is past", nil, []string{"run", path, "--start-at", "2001-02-03T04:05:06Z"},
			2, "--start-at 2001-02-03T04:05:06Z: that was "},
		{"twin of a flag", map[string]string{"LOADGATE_RUN_TIME": "20s"}, []string{"plan", path}, 3, ""},
		{"flag before its twin", map[string]string{"LOADGATE_RUN_TIME": "60s"},
			[]string{"plan", path, "-t", "5m"}, 0, ""},
		{"twin that is wrong", map[string]string{"LOADGATE_USERS": "x"},
			[]string{"plan", path}, 2, `LOADGATE_USERS="x"`},
		{"host not allowed", nil, []string{"run", path, "--host", "http://example.com"},
			2, "example.com is not on the allow list"},
		{"nobody listens", nil, []string{"run", path, "--host", closed, "--out", out, "-q"},
			4, closed + " is not ready: GET /: connection refused"},
		{"result that is none", nil, []string{"check", path, "--thresholds", path}, 2, "neither a result of loadgate"},
		{"limits that are not there", nil, []string{"check", "r.json", "--thresholds", path + "x"}, 2,
			"\nloadgate: hint: name it with --thresholds FILE; loadgate init --results r.json writes a first one\n"},
		{"format that is none", nil, []string{"check", path, "-o", "pdf=x"},
			2, "loadgate: --output pdf=x: pdf is unknown; write FORMAT=FILE, and the formats are table, "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, stderr := run(context.Background(), io.Discard, tt.env, tt.args...)
			if code != tt.code || !strings.Contains(stderr, tt.stderr) || tt.stderr == "" && stderr != "" {
				t.Errorf("Main(%q) = %d, %q; want %d, %q", tt.args, code, stderr, tt.code, tt.stderr)
			}
		})
	}
}

// An output that breaks does not change what the run came to.
func TestMainBrokenOutput(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	if code, stderr := run(context.Background(), brokenWriter{}, nil, "plan", path); code != 4 ||
		!strings.Contains(stderr, "broken pipe") {
		t.Errorf("plan into a broken pipe = %d, %q; want 4 and the cause", code, stderr)
	}
}

// What ends before it began is an interruption.
func TestMainInterrupted(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	code, stderr := run(ctx, io.Discard, nil, "run", path, "-q", "--out", t.TempDir())
	if code != 130 || stderr != "loadgate: interrupted before anything was measured\n" {
		t.Errorf("an interrupted run = %d, %q; want 130 and one line", code, stderr)
	}
}

// A secret of the environment is in no output.
func TestMainKeepsSecrets(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	var stdout strings.Builder
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	answer := "HTTP/1.1 404 Not Found\r\nContent-Length: 17\r\nConnection: close\r\n\r\nno such k3y-1234!"
	t.Cleanup(serve(listener, answer))
	code, stderr := run(context.Background(), &stdout, map[string]string{"API_KEY": "k3y-1234"},
		"try", path, "--host", "http://"+listener.Addr().String())
	if code != 4 || !strings.Contains(stderr, "the path does not exist") {
		t.Errorf("try = %d, %q; want 4 and what is wrong", code, stderr)
	}
	if text := stdout.String() + stderr; strings.Contains(text, "k3y-1234") || !strings.Contains(text, "***") {
		t.Errorf("the output shows the secret, or does not mask it:\n%s", text)
	}
}

// A target that was ready and then never answered is no verdict about it.
func TestMainTargetThatNeverAnswers(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(serveOnce(listener, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
	out := t.TempDir()
	var stdout strings.Builder
	code, stderr := run(context.Background(), &stdout, nil, "run",
		path, "--no-try", "-q", "-t", "2s", "--out", out, "--host", "http://"+listener.Addr().String())
	if code != 4 || !strings.Contains(stderr, "never answered, so nothing was measured") {
		t.Errorf("run = %d, %q; want 4 and that it never answered", code, stderr)
	}
	if !strings.Contains(stdout.String(), "Exit code 4") {
		t.Errorf("the table does not say how it ends:\n%s", stdout.String())
	}
	if _, err := os.Stat(filepath.Join(out, "result.json")); err != nil {
		t.Errorf("what was measured is lost: %v", err)
	}
}

// writeIn puts another file beside it.
func writeIn(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// A command whose words reach nobody has not done its work, and says so.
func TestMainFullDisk(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	passed := write(t, "verdict.json",
		`{"schema": "loadgate.verdict/1", "outcome": "pass", "exit_code": 0, "checks": []}`)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(serve(listener, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
	environment := map[string]string{"LOADGATE_WEBHOOK": "https://hooks.example.com/secret"}
	for _, args := range [][]string{
		{"version"}, {"schema"}, {"validate", path}, {"plan", path}, {"export", "k6", path},
		{"history", "list", "--history", t.TempDir()}, {"history", "prune", "--keep", "1", "--history", t.TempDir()},
		{"notify", passed}, {"comment"}, {"try", path, "--host", "http://" + listener.Addr().String()},
	} {
		if code, stderr := run(context.Background(), fullDisk{}, environment, args...); code != 4 ||
			!strings.Contains(stderr, "loadgate: write to standard output: no space left on device\n") {
			t.Errorf("%v onto a full disk = %d, %q; want 4 and the cause", args, code, stderr)
		}
	}
}

// The password of the address that init reads is neither in the file it writes nor in a message.
func TestInitKeepsPasswords(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const api = `{"openapi": "3.0.3", "info": {"title": "shop", "version": "1"},` +
		` "paths": {"/items": {"get": {"responses": {"200": {"description": "ok"}}}}}}`
	t.Cleanup(serve(listener, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		len(api), api)))
	path := filepath.Join(t.TempDir(), "thresholds.yaml")
	for _, tt := range []struct {
		host string
		code int
	}{{listener.Addr().String(), 0}, {"127.0.0.1:1", 4}, {"127.0.0.1:port", 2}} {
		var stdout strings.Builder
		code, stderr := run(context.Background(), &stdout, nil, "init", "--force", "--file", path,
			"--openapi", "http://ada:s3cr3t@"+tt.host+"/openapi.json")
		if text := stdout.String() + stderr; code != tt.code || strings.Contains(text, "s3cr3t") {
			t.Errorf("init from %s = %d, want %d and no password:\n%s", tt.host, code, tt.code, text)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), "s3cr3t") ||
		!strings.Contains(string(text), "http://"+listener.Addr().String()) {
		t.Errorf("the file has the password, or lacks the address: %v\n%s", err, text)
	}
}

// The query of the address that init reads, which may hold a token, is not in the file it writes.
func TestInitKeepsQueries(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const har = `{"log": {"entries": [{"request": {"method": "GET", "url": "http://localhost/a"},` +
		` "response": {"status": 200}}]}}`
	t.Cleanup(serve(listener, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		len(har), har)))
	path := filepath.Join(t.TempDir(), "thresholds.yaml")
	code, stderr := run(context.Background(), io.Discard, nil, "init", "--file", path,
		"--har", "http://"+listener.Addr().String()+"/files/checkout.har?token=s3cr3t")
	text, err := os.ReadFile(path)
	if err != nil || code != 0 || strings.Contains(string(text), "s3cr3t") ||
		!strings.Contains(string(text), "\n  checkout:\n") {
		t.Errorf("init = %d, %q, %v; want the group checkout and no token in\n%s", code, stderr, err, text)
	}
}

// closedPipe is a pipe whose reader has gone away.
type closedPipe struct{ writes int }

func (p *closedPipe) Write([]byte) (int, error) {
	p.writes++
	return 0, &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
}

// A reader that has enough, such as head, ends nothing badly: no text, and the
// code that the command would have had.
func TestMainClosedPipe(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	for _, tt := range []struct {
		args []string
		code int
	}{
		{[]string{"schema"}, 0},
		{[]string{"--help"}, 0},
		{[]string{"version"}, 0},
		{[]string{"validate", path}, 0},
		{[]string{"plan", path}, 0},
		{[]string{"plan", path, "-t", "20s"}, 3},
		{[]string{"export", "k6", path}, 0},
	} {
		p := &closedPipe{}
		if code, stderr := run(context.Background(), p, nil, tt.args...); code != tt.code ||
			stderr != "" || p.writes == 0 {
			t.Errorf("%v into a closed pipe = %d, %q after %d writes; want %d and nothing",
				tt.args, code, stderr, p.writes, tt.code)
		}
	}
}
