package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Foreground is a command that a person started with this one: it has the streams of this process, and a Ctrl-C
// in a terminal reaches both.
type Foreground struct {
	Args           []string // the program and its arguments
	Env            []string // as os.Environ has it; nil: that of this process
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Now kills the command and what it started at once when it closes; nil: it never does.
	Now <-chan struct{}
}

// Run runs the command to its end, and says how it ended: "" for well, else as EndedError does. When ctx ends
// and the command does not, it is interrupted, and killed some seconds later with what it started. The error says that
// it could not be started.
func (f Foreground) Run(ctx context.Context) (status string, err error) {
	cmd := exec.Command(f.Args[0], f.Args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = f.Env, f.Stdin, f.Stdout, f.Stderr
	cmd.WaitDelay = outputGrace
	if err := cmd.Start(); err != nil {
		if path := (*fs.PathError)(nil); errors.As(err, &path) {
			err = path.Err
		}
		if search := (*exec.Error)(nil); errors.As(err, &search) {
			err = search.Err
		}
		return "", fmt.Errorf("start %q: %w", f.Args[0], err)
	}
	ended := make(chan struct{})
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() {
		defer close(ended)
		_ = cmd.Wait() // the state says the same
	})
	f.end(ctx, cmd, ended)
	<-ended
	if cmd.ProcessState.Success() {
		return "", nil
	}
	return cmd.ProcessState.String(), nil
}

// end ends a command when ctx or Now does, and returns when nothing more is to be done for that.
func (f Foreground) end(ctx context.Context, cmd *exec.Cmd, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-f.Now:
		killAll(cmd)
		return
	case <-ctx.Done():
	}
	interrupt := func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			killAll(cmd) // there is no interrupt here
		}
	}
	// A Ctrl-C in a terminal has reached the command as well, and many programs take a second one for an
	// order to drop everything.
	for _, next := range []struct {
		within time.Duration
		do     func()
	}{{ownEnd, interrupt}, {interruptGrace - ownEnd, func() { killAll(cmd) }}} {
		over := time.NewTimer(next.within)
		defer over.Stop()
		select {
		case <-ended:
			return
		case <-f.Now:
			killAll(cmd)
			return
		case <-over.C:
			next.do()
		}
	}
}

const (
	// ownEnd is how long a command may take to end by itself when the context has ended.
	ownEnd = time.Second
	// interruptGrace is how long it may take in all.
	interruptGrace = 10 * time.Second
	// outputGrace is how long what the command left running may write after its end.
	outputGrace = 10 * time.Second
)
