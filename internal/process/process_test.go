//go:build unix

package process_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/process"
)

// output is the end of a pipe that every process of a tree holds the other end
// of: it is at its end when the last of them is gone.
type output struct {
	t    *testing.T
	read *os.File
	text *bufio.Reader
}

func newOutput(t *testing.T) (o *output, write *os.File) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = read.Close() })
	// A process that was left would hold the test up for ever.
	if err := read.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return &output{t, read, bufio.NewReader(read)}, write
}

// await reads up to so many lines that say "up".
func (o *output) await(up int) {
	o.t.Helper()
	for up > 0 {
		line, err := o.text.ReadString('\n')
		if err != nil {
			o.t.Fatalf("waiting for %d more to be up: %v", up, err)
		}
		if line == "up\n" {
			up--
		}
	}
}

// rest reads until nobody is left to write.
func (o *output) rest() string {
	o.t.Helper()
	rest, err := io.ReadAll(o.text)
	if err != nil {
		o.t.Fatalf("somebody is left: %v", err)
	}
	return string(rest)
}

// start starts a command whose processes all hold the output.
func start(t *testing.T, ctx context.Context, c process.Command) (*process.Process, *output) {
	t.Helper()
	o, write := newOutput(t)
	c.Log, c.Supervisor = write, supervisor()
	p, err := process.Start(ctx, c)
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop() })
	return p, o
}

// family is a command with a child, a grandchild whose parent ends, and, where
// they are found again, one in a session of its own and a daemon in another.
// It comes with the number of those that say that they are up.
func family(t *testing.T) (line string, up int) {
	line, up = `sh -c 'echo up; exec sleep 600' & sh -c '(echo up; exec sleep 600) &'; `, 3
	if runtime.GOOS == "linux" {
		if _, err := exec.LookPath("setsid"); err != nil {
			t.Skip("no setsid here (Debian: util-linux)")
		}
		line += `setsid sh -c 'echo up; exec sleep 600' & setsid sh -c '(setsid sh -c "echo up; exec sleep 600" &)'; `
		up += 2
	}
	return line + `echo up; wait`, up
}

// Stop ends the whole tree, and can be called again.
func TestProcessStop(t *testing.T) {
	line, up := family(t)
	p, o := start(t, t.Context(), process.Command{Line: line})
	o.await(up)
	for range 2 {
		if err := p.Stop(); err != nil {
			t.Errorf("Stop: %v", err)
		}
	}
	o.rest()
	<-p.Exited()
	if err := p.Err(); err != nil {
		t.Errorf("Err() = %v after Stop, want nil", err)
	}
}

// A context that ends does too.
func TestProcessContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, o := start(t, ctx, process.Command{Line: "echo up; exec sleep 600"})
	o.await(1)
	cancel()
	o.rest()
	<-p.Exited()
	if err := p.Err(); err != nil {
		t.Errorf("Err() = %v, want nil", err)
	}
}

// The tree ends with its parent, even where that could do nothing about it.
func TestProcessParentKilled(t *testing.T) {
	line, up := family(t)
	o, write := newOutput(t)
	parent := exec.Command(os.Args[0], "parent", line)
	parent.Stdout, parent.Stderr = write, write
	stdin, err := parent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close() // it has a reason to wait until then
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	o.await(up)
	if err := parent.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = parent.Wait() // it was killed
	o.rest()
}

// What does not heed SIGTERM is killed after the grace, whichever session it is
// in.
func TestProcessGrace(t *testing.T) {
	line, up := family(t)
	p, o := start(t, t.Context(), process.Command{Line: `trap "" TERM; ` + line, Grace: time.Millisecond})
	o.await(up)
	if err := p.Stop(); err != nil {
		t.Errorf("Stop: %v", err)
	}
	o.rest()
}

// What heeds SIGTERM has time to end well.
func TestProcessEndsWell(t *testing.T) {
	// A child that is a shell yet would take the signal as that does.
	p, o := start(t, t.Context(), process.Command{
		Line: `trap 'echo bye; exit' TERM; sh -c 'echo up; exec sleep 600' & echo up; wait`, Grace: time.Minute,
	})
	o.await(2)
	if err := p.Stop(); err != nil {
		t.Errorf("Stop: %v", err)
	}
	if rest := o.rest(); !strings.HasSuffix(rest, "bye\n") {
		t.Errorf("the log ends with %q, want its last words", rest)
	}
}

// A process that ends by itself is noticed, with how.
func TestProcessEnds(t *testing.T) {
	tests := []struct {
		name, line string
		status     string
		log        string
	}{
		{"a failure", "echo out; echo err >&2; exit 3", "exit status 3", "out\nerr\n"},
		{"no failure", "echo done", "exit status 0", "done\n"},
		{"a signal", "kill -KILL $$", "signal: killed", ""},
		{"no such command", "no-such-command-1 --port 8000", "exit status 127: the command was not found",
			"no-such-command-1"},
		{"a command that cannot be run", "/", "exit status 126: the command cannot be run", ""},
		{"a group that ends itself", "kill -KILL 0", "signal: killed", ""},
		{"a failure that leaves a child", "sleep 600 & exit 4", "exit status 4", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, o := start(t, t.Context(), process.Command{Line: tt.line})
			<-p.Exited()
			ended, ok := errors.AsType[*process.EndedError](p.Err())
			if !ok || ended.Status != tt.status || ended.At.IsZero() {
				t.Errorf("Err() = %#v, want %q", p.Err(), tt.status)
			}
			if err := p.Stop(); err != nil {
				t.Errorf("Stop: %v", err)
			}
			if rest := o.rest(); !strings.Contains(rest, tt.log) {
				t.Errorf("log %q, want %q in it", rest, tt.log)
			}
			if p.Err() == nil {
				t.Error("Err() = nil after Stop, want how it had ended")
			}
		})
	}
}

// A command that ends well and leaves a daemon has ended when that has.
func TestProcessDaemon(t *testing.T) {
	gate := filepath.Join(t.TempDir(), "gate")
	if err := syscall.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	p, o := start(t, t.Context(),
		process.Command{Line: `(echo up; read line <"$GATE") & exit 0`, Env: append(os.Environ(), "GATE="+gate)})
	o.await(1)
	write, err := os.OpenFile(gate, os.O_WRONLY, 0) // opens once the daemon reads
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Err(); err != nil {
		t.Errorf("Err() = %v while the daemon runs", err)
	}
	if err := write.Close(); err != nil {
		t.Error(err)
	}
	<-p.Exited()
	if err := p.Err(); err == nil || err.Error() != "exit status 0" {
		t.Errorf("Err() = %v, want exit status 0", err)
	}
}

// A context of the process ends when it does, and says why.
func TestProcessContext(t *testing.T) {
	p, o := start(t, t.Context(), process.Command{Line: "exit 1"})
	ctx, release := p.Context(t.Context())
	defer release()
	<-ctx.Done()
	if ended, ok := errors.AsType[*process.EndedError](context.Cause(ctx)); !ok {
		t.Errorf("cause %v, want an *EndedError (%v)", context.Cause(ctx), ended)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	o.rest()

	p, o = start(t, t.Context(), process.Command{Line: "echo up; exec sleep 600"})
	ctx, release = p.Context(t.Context())
	o.await(1)
	if err := p.Stop(); err != nil || ctx.Err() != nil {
		t.Errorf("Stop: %v, the context: %v; want neither", err, ctx.Err())
	}
	release()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("after its release the context says %v", ctx.Err())
	}
}

// Two processes side by side end apart from each other.
func TestProcessesApart(t *testing.T) {
	a, outA := start(t, t.Context(), process.Command{Line: "echo up; exec sleep 600"})
	b, outB := start(t, t.Context(), process.Command{Line: "echo up; read line; echo $NAME; exec sleep 600",
		Env: append(os.Environ(), "NAME=b")})
	outA.await(1)
	outB.await(1)
	if a.Pid() == b.Pid() {
		t.Errorf("both are process %d", a.Pid())
	}
	if err := a.Stop(); err != nil {
		t.Error(err)
	}
	outA.rest()
	if line, err := outB.text.ReadString('\n'); line != "b\n" || err != nil {
		t.Errorf("b says %q (%v), want its environment, and no input", line, err)
	}
	if err := b.Err(); err != nil {
		t.Errorf("b ended with a: %v", err)
	}
	if err := b.Stop(); err != nil {
		t.Error(err)
	}
	outB.rest()
}

// A log need be no file.
func TestProcessLog(t *testing.T) {
	var log strings.Builder
	p, err := process.Start(t.Context(),
		process.Command{Line: "echo one; echo two >&2", Log: &log, Supervisor: supervisor()})
	if err != nil {
		t.Fatal(err)
	}
	<-p.Exited()
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if log.String() != "one\ntwo\n" {
		t.Errorf("log %q", log.String())
	}
}

// What cannot be started says so.
func TestStartMistakes(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		c    process.Command
		want string
	}{
		{"no command", t.Context(), process.Command{Line: " ", Supervisor: supervisor()},
			"start process: the command is empty"},
		{"no supervisor", t.Context(), process.Command{Line: "true"}, "start process: it has no supervisor"},
		{"no such supervisor", t.Context(), process.Command{Line: "true", Supervisor: []string{"/no/such"}},
			`start "true": fork/exec /no/such: no such file or directory`},
		{"a supervisor that is none", t.Context(), process.Command{Line: "true",
			Supervisor: []string{"/bin/sh", "-c", "exit 1"}}, `start "true": its supervisor ended: EOF`},
		{"too late", ended, process.Command{Line: "true", Supervisor: supervisor()}, "context canceled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := process.Start(tt.ctx, tt.c); err == nil || err.Error() != tt.want {
				t.Errorf("Start = %v, want %s", err, tt.want)
			}
		})
	}
}

// A supervisor that is killed takes the command with it, and that it was
// killed is an error.
func TestProcessSupervisorKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells a process that its parent has ended")
	}
	p, o := start(t, t.Context(), process.Command{Line: `echo up; echo $PPID; exec sleep 600`})
	o.await(1)
	line, err := o.text.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("kill", "-KILL", strings.TrimSpace(line)).CombinedOutput(); err != nil {
		t.Fatalf("kill: %v: %s", err, out)
	}
	o.rest()
	<-p.Exited()
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "its supervisor ended first (signal: killed)") {
		t.Errorf("Err() = %v, want what became of the supervisor", err)
	}
	if err := p.Stop(); err == nil || !strings.Contains(err.Error(), "what it started may be left") {
		t.Errorf("Stop = %v, want that something may be left", err)
	}
}
