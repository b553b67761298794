package process_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/loadgate/loadgate/internal/process"
)

// A command in the foreground has the streams and the environment that it is given, and reports how it ended.
func TestForeground(t *testing.T) {
	var out, wrong strings.Builder
	f := process.Foreground{Args: []string{"sh", "-c", `cat; echo "$A" >&2`},
		Env: []string{"A=b", "PATH=/usr/bin:/bin"}, Stdin: strings.NewReader("in"), Stdout: &out, Stderr: &wrong}
	status, err := f.Run(t.Context())
	if status != "" || err != nil || out.String() != "in" || wrong.String() != "b\n" {
		t.Errorf("Run = %q, %v with %q and %q", status, err, out.String(), wrong.String())
	}
	f.Args = []string{"sh", "-c", "exit 3"}
	if status, err := f.Run(t.Context()); status != "exit status 3" || err != nil {
		t.Errorf("Run = %q, %v; want exit status 3", status, err)
	}
	for name, want := range map[string]error{"./nowhere": fs.ErrNotExist, "no-such-program": exec.ErrNotFound} {
		f.Args = []string{name}
		if status, err := f.Run(t.Context()); status != "" || !errors.Is(err, want) || !strings.HasPrefix(err.Error(),
			`start "`+name+`": `) {
			t.Errorf("%s: %q, %v; want %v", name, status, err, want)
		}
	}
}

// When the context ends, the command is interrupted and may end as it likes.
func TestForegroundIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w := io.Pipe()
	var all sync.WaitGroup
	all.Go(func() {
		_, _ = bufio.NewReader(r).ReadString('\n')
		cancel()
		_, _ = io.Copy(io.Discard, r)
	})
	f := process.Foreground{Args: []string{"sh", "-c", `trap 'exit 7' INT; echo ready; while :; do sleep 0.02; done`},
		Stdout: w}
	status, err := f.Run(ctx)
	_ = w.Close()
	all.Wait()
	if status != "exit status 7" || err != nil {
		t.Errorf("Run = %q, %v; want exit status 7", status, err)
	}
}

// A command that takes no signal is killed at once when it is asked for, and so is what it started.
func TestForegroundIsKilled(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	now := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		cancel()
		f := process.Foreground{Args: []string{"sh", "-c",
			`trap '' INT TERM; sh -c 'sh -c "echo ready; sleep 600"; :' & wait; wait; sleep 600`}, Stdout: w, Now: now}
		if status, err := f.Run(ctx); status != "signal: killed" || err != nil {
			t.Errorf("Run = %q, %v; want it killed", status, err)
		}
		_ = w.Close()
	})
	in := bufio.NewReader(r)
	if _, err := in.ReadString('\n'); err != nil {
		t.Error(err)
	}
	close(now)
	if _, err := io.Copy(io.Discard, in); err != nil { // it ends when nobody holds the other end
		t.Error(err)
	}
	all.Wait()
	_ = r.Close()
}
