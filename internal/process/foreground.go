package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"time"
)

// Foreground is a command that a person started with this one: it has the streams of this process, and a Ctrl-C
// in a terminal reaches both.
type Foreground struct {
	Args           []string // the program and its arguments
	Env            []string // as os.Environ has it; nil: that of this process
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Run runs the command to its end, and says how it ended: "" for well, else as EndedError does. When ctx ends
// and the command does not, it is interrupted, and killed some seconds later. The error says that
// it could not be started.
func (f Foreground) Run(ctx context.Context) (status string, err error) {
	cmd := exec.CommandContext(ctx, f.Args[0], f.Args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = f.Env, f.Stdin, f.Stdout, f.Stderr
	cmd.Cancel = func() error {
		// A Ctrl-C in a terminal has reached the command as well, and many programs take a second one for an
		// order to drop everything.
		own := time.NewTimer(ownEnd)
		defer own.Stop()
		<-own.C
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return cmd.Process.Kill() // there is no interrupt here
		}
		return nil
	}
	cmd.WaitDelay = interruptGrace
	err = cmd.Run()
	if cmd.ProcessState == nil {
		if path := (*fs.PathError)(nil); errors.As(err, &path) {
			err = path.Err
		}
		if search := (*exec.Error)(nil); errors.As(err, &search) {
			err = search.Err
		}
		return "", fmt.Errorf("start %q: %w", f.Args[0], err)
	}
	if cmd.ProcessState.Success() {
		return "", nil
	}
	return cmd.ProcessState.String(), nil
}

const (
	// ownEnd is how long a command may take to end by itself when the context has ended.
	ownEnd = time.Second
	// interruptGrace is how long it may take in all.
	interruptGrace = 10 * time.Second
)
