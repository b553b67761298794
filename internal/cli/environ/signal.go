package environ

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/exitcode"
)

// endWithin is how long a command that ends by itself may take after the first
// signal. Users in flight get 3 s, and files are written after that.
const endWithin = 5 * time.Second

// signalWatch ends the process when a signal has come, wherever the command is then:
// at once while it reads and computes, and after endWithin once it has begun what
// has to end gently. A nil one does nothing. Safe for concurrent use.
type signalWatch struct {
	stderr io.Writer
	exit   func(code int)

	stopOnce func()

	mu     sync.Mutex
	gentle bool
	more   time.Duration // beyond endWithin
}

// newSignalWatch begins to watch. Without Env.Exit there is nothing to watch for.
func newSignalWatch(ctx context.Context, env Env) *signalWatch {
	if env.Exit == nil {
		return nil
	}
	w := &signalWatch{stderr: env.Stderr, exit: env.Exit}
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		w.mu.Lock()
		gentle, within := w.gentle, endWithin+w.more
		w.mu.Unlock()
		if !gentle {
			w.end("interrupted before anything was measured")
			return
		}
		late := time.NewTimer(within)
		defer late.Stop()
		select {
		case <-over:
		case <-late.C:
			w.end(fmt.Sprintf("ended: it was not done %s after the signal", within))
		}
	})
	w.stopOnce = sync.OnceFunc(func() { stop(); close(over) })
	return w
}

func (w *signalWatch) stop() {
	if w != nil {
		w.stopOnce()
	}
}

func (w *signalWatch) endGently() {
	if w == nil {
		return
	}
	w.mu.Lock()
	w.gentle = true
	w.mu.Unlock()
}

func (w *signalWatch) endLater(by time.Duration) {
	if w == nil {
		return
	}
	w.mu.Lock()
	w.more = by
	w.mu.Unlock()
}

func (w *signalWatch) end(why string) {
	fmt.Fprintln(w.stderr, "loadgate: "+why)
	w.exit(exitcode.Interrupted)
}
