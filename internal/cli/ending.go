package cli

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/exitcode"
)

// endWithin is how long a command that ends by itself may take after the first
// signal. Users in flight have 3 s of it, and files are written after that.
const endWithin = 5 * time.Second

// ending ends the process when a signal has come, wherever the command is then:
// at once while it reads and reckons, and after endWithin once it has begun what
// has to be ended with care. A nil one does nothing.
type ending struct {
	ctx    context.Context
	stderr io.Writer
	exit   func(code int)

	release func() // ends the watch

	mu     sync.Mutex
	gentle bool
}

// newEnding begins to watch. Without env.Exit there is nothing to watch for.
func newEnding(ctx context.Context, env Env) *ending {
	if env.Exit == nil {
		return nil
	}
	e := &ending{ctx: ctx, stderr: env.Stderr, exit: env.Exit}
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		e.mu.Lock()
		gentle := e.gentle
		e.mu.Unlock()
		if !gentle {
			e.end("interrupted before anything was measured")
			return
		}
		late := time.NewTimer(endWithin)
		defer late.Stop()
		select {
		case <-over:
		case <-late.C:
			e.end(fmt.Sprintf("ended: it was not done %s after the signal", endWithin))
		}
	})
	e.release = sync.OnceFunc(func() { stop(); close(over) })
	return e
}

// never says that no signal ends the process from now on: the command is done,
// or has its own way to end.
func (e *ending) never() {
	if e != nil {
		e.release()
	}
}

// gently says that the command ends by itself from now on when ctx does.
func (e *ending) gently() {
	if e == nil {
		return
	}
	e.mu.Lock()
	e.gentle = true
	e.mu.Unlock()
}

func (e *ending) end(why string) {
	fmt.Fprintln(e.stderr, "loadgate: "+why)
	e.exit(exitcode.Interrupted)
}
