package tape

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/exitcode"
)

// again waits for the second signal, which ends a recording at once: nothing is drafted.
type again struct {
	came    chan struct{} // closed at the second signal
	signals chan os.Signal
	over    chan struct{}
	all     sync.WaitGroup
}

// endWithin is how long a recording may take to end after the second signal.
const endWithin = 3 * time.Second

// newAgain begins to wait. A recording that does not end soon after the second signal is ended with the process;
// remove removes its certificate then.
func newAgain(env environ.Env, remove func() error) *again {
	a := &again{came: make(chan struct{}), signals: make(chan os.Signal, 2), over: make(chan struct{})}
	which := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		which = append(which, syscall.SIGHUP)
	}
	signal.Notify(a.signals, which...)
	a.all.Go(func() {
		for range 2 {
			select {
			case <-a.signals:
			case <-a.over:
				return
			}
		}
		close(a.came)
		late := time.NewTimer(endWithin)
		defer late.Stop()
		select {
		case <-a.over:
		case <-late.C:
			if env.Exit != nil {
				_ = remove() // there is nobody left to tell
				env.Exit(exitcode.Interrupted)
			}
		}
	})
	return a
}

// stop ends the wait.
func (a *again) stop() {
	signal.Stop(a.signals)
	close(a.over)
	a.all.Wait()
}

// err is that the second signal has come; nil: it has not.
func (a *again) err() error {
	select {
	case <-a.came:
		return fmt.Errorf("%w%w", failure.ErrInterrupted, errors.New("a second signal came: nothing is drafted"))
	default:
		return nil
	}
}
