//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/testport"
)

// story is a run of workers, each a process of its own.
type story struct {
	child
	t       *testing.T
	hub     string // its address
	token   string
	run     *running
	workers []*running // by K - 1
}

// newFleet is a run of which no process is there yet.
func newFleet(t *testing.T, thresholds, hub string, workers int) *story {
	t.Helper()
	return &story{child: newChild(t, thresholds), t: t, hub: hub, workers: make([]*running, workers)}
}

// startFleet is a run that waits for its workers.
func startFleet(t *testing.T, thresholds string, workers int, flags ...string) *story {
	t.Helper()
	f := newFleet(t, thresholds, loopbackHub(t), workers)
	f.begin(flags...)
	return f
}

// begin starts the process of the run.
func (f *story) begin(flags ...string) {
	f.t.Helper()
	f.run = f.start("run", nil, append([]string{
		"run", f.file, "--seed", "7", "--workers", fmt.Sprint(len(f.workers)), "--listen", f.hub,
	}, flags...)...)
	f.token = f.run.await(`LOADGATE_JOIN_TOKEN=(\S+)`)
}

// loopbackHub is an address at which nobody listens.
func loopbackHub(t *testing.T) string {
	t.Helper()
	port, err := testport.Free()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}

// join starts the worker of part k, which connects to the hub at an address. In is a command that runs it somewhere
// else.
func (f *story) join(k int, hub string, in []string, flags ...string) *running {
	f.t.Helper()
	name := fmt.Sprintf("runner-%d", k)
	args := append([]string{
		"worker", hub, "--name", name, "--index", fmt.Sprint(k - 1), "--out", name, "--wait", "1m",
	}, flags...)
	f.workers[k-1] = f.start(name, in, args...)
	return f.workers[k-1]
}

// joinAll starts a worker for each part.
func (f *story) joinAll(flags ...string) {
	f.t.Helper()
	for k := range f.workers {
		f.join(k+1, f.hub, nil, flags...)
	}
}

// resume goes on with the run.
func (f *story) resume() {
	f.t.Helper()
	f.run = f.start("resume", nil, "run", f.file, "--resume", filepath.Join(f.dir, "loadgate-out"))
}

// running is a process of loadgate.
type running struct {
	t    *testing.T
	cmd  *exec.Cmd
	said string // file with all that it says
	done chan struct{}
}

// start starts a process of loadgate. What it says is shown where the test fails.
func (f *story) start(name string, in []string, args ...string) *running {
	f.t.Helper()
	out, err := os.Create(filepath.Join(f.dir, name+".txt"))
	if err != nil {
		f.t.Fatal(err)
	}
	defer out.Close()
	args = append(append(in[:len(in):len(in)], f.loadgate), args...)
	p := &running{
		t: f.t, said: out.Name(), done: make(chan struct{}),
		cmd: exec.CommandContext(context.WithoutCancel(f.t.Context()), args[0], args[1:]...),
	}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = f.dir, out, out
	p.cmd.Env = append(os.Environ(), "LOADGATE_JOIN_TOKEN="+f.token, "NO_COLOR=1")
	if err := p.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // the code is in its state
		close(p.done)
	}()
	f.t.Cleanup(func() {
		p.kill()
		if f.t.Failed() {
			f.t.Logf("%s:\n%s", name, p.text())
		}
	})
	return p
}

func (p *running) text() string {
	text, err := os.ReadFile(p.said)
	if err != nil {
		p.t.Error(err)
	}
	return string(text)
}

// patience is how long a busy machine may take for what never takes long.
const patience = 90 * time.Second

// await waits until the process says something, and returns the first group of it.
func (p *running) await(expression string) string {
	p.t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	deadline := time.After(patience)
	for re := regexp.MustCompile(expression); ; {
		if found := re.FindStringSubmatch(p.text()); found != nil {
			return found[len(found)-1]
		}
		select {
		case <-look.C:
		case <-p.done:
			if !re.MatchString(p.text()) {
				p.t.Fatalf("it has ended, and has not said %q", expression)
			}
		case <-deadline:
			p.t.Fatalf("%q was not said", expression)
		}
	}
}

// kill ends the process as a machine does that loses its power.
func (p *running) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// signal sends a signal to the process, which goes on.
func (p *running) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// exit waits for the end, and returns the exit code.
func (p *running) exit() int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(2 * patience):
		p.t.Fatal("it does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// out is a file in the folder of the run.
func (f *story) out(name ...string) string {
	return filepath.Join(append([]string{f.dir, "loadgate-out"}, name...)...)
}

// sent is the journal of worker k as the run has it, and own as the worker itself.
func (f *story) sent(k int) []byte { return f.read(f.out("workers", fmt.Sprintf("%d.ndjson", k))) }

func (f *story) own(k int) []byte { return f.read(f.journal(k)) }

// journal is the file of worker k itself.
func (f *story) journal(k int) string {
	return filepath.Join(f.dir, fmt.Sprintf("runner-%d", k), fmt.Sprintf("%d-1.ndjson", k))
}

// read reads a file; one that is not there is empty.
func (f *story) read(name string) []byte {
	f.t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		f.t.Fatal(err)
	}
	return text
}

// awaitLines waits until the run has at least this many lines of worker k.
func (f *story) awaitLines(k, lines int) {
	f.t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for deadline := time.After(patience); bytes.Count(f.sent(k), []byte("\n")) < lines; {
		select {
		case <-look.C:
		case <-f.run.done:
			f.t.Fatal("the run has ended")
		case <-deadline:
			f.t.Fatalf("the run does not get %d lines of worker %d", lines, k)
		}
	}
}

// whole fails where the run lacks a line of one of its workers, or any part ended early.
func (f *story) whole() {
	f.t.Helper()
	for k := range f.workers {
		f.delivered(k + 1)
	}
	for _, s := range f.result(f.t).Shards {
		if *s.End != result.Complete {
			f.t.Errorf("the part of %s is %s, want complete", s.Worker, s.End)
		}
	}
}

// delivered fails where the run lacks a line of worker k.
func (f *story) delivered(k int) {
	f.t.Helper()
	own, sent := f.own(k), f.sent(k)
	if len(own) == 0 || !bytes.Equal(own, sent) {
		f.t.Errorf("the run has %d lines of worker %d, which wrote %d",
			bytes.Count(sent, []byte("\n")), k, bytes.Count(own, []byte("\n")))
	}
}

// sums fails where the result of the run is not the sum of its journals, or where their verdict is another one.
func (f *story) sums() {
	f.t.Helper()
	var shards []*result.Result
	args := []string{"check", "--thresholds", f.file, "-o", "verdict=checked.json"}
	for k := range f.workers {
		name := f.out("workers", fmt.Sprintf("%d.ndjson", k+1))
		shard, err := result.Decode(bytes.NewReader(f.sent(k+1)), name)
		if err != nil {
			f.t.Fatal(err)
		}
		shards, args = append(shards, shard), append(args, name)
	}
	sum, err := result.Merge(shards...)
	if err != nil {
		f.t.Fatal(err)
	}
	made := f.result(f.t)
	made.Origin, made.Resources = sum.Origin, sum.Resources // are the coordinator's
	if got, want := encoded(f.t, made), encoded(f.t, sum); !bytes.Equal(got, want) {
		f.t.Errorf("the result of the run is not the sum of its journals:\n%s\n%s", got, want)
	}
	code := f.start("check", nil, args...).exit()
	if ran := f.run.exit(); ran >= 0 && code != ran {
		f.t.Errorf("check exits with %d, the run with %d", code, ran)
	}
	checked, verdict := f.read(filepath.Join(f.dir, "checked.json")), f.read(f.out("verdict.json"))
	if len(verdict) == 0 || !bytes.Equal(checked, verdict) {
		f.t.Errorf("check judges otherwise than the run:\n%s\n%s", checked, verdict)
	}
}

// names fails where the run is not inconclusive, or does not say which part ended early, on which machine and when.
func (f *story) names(k int) {
	f.t.Helper()
	says := regexp.MustCompile(fmt.Sprintf(
		`"reason": "shard %d/%d on runner-%d [a-z ]+ at 0:\d\d of 0:\d\d: `, k, len(f.workers), k))
	if code, verdict := f.run.exit(), f.read(f.out("verdict.json")); code != 3 || !says.Match(verdict) {
		f.t.Errorf("the run exits with %d, want 3, and a verdict with %s:\n%s", code, says, verdict)
	}
}

func encoded(t *testing.T, r *result.Result) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := r.Encode(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// flat is a text with one space between its words: a table breaks lines anywhere.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// quickService answers at once.
func quickService(t *testing.T) *httptest.Server {
	t.Helper()
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(service.Close)
	return service
}

// smallLoad is a load of a few users for a number of seconds, without a try-out.
func smallLoad(url string, seconds int) string {
	return fmt.Sprintf(`
version: 1
target: {url: %s}
profiles: {p: {users: 6, spawn_rate: 60/s, duration: %ds, warm_up: 0s, try: false}}
users: {g: {wait: 100ms..300ms, vars: {me: '${ seq() }'}, steps: ['GET /items/${ me }', GET /about]}}
judge: {decide: point}
thresholds:
  sound: {endpoints: "*", success: 99%%}
`, url, seconds)
}
