package cli

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/exitcode"
)

// stuck is an input that nobody writes to.
type stuck struct{ reading, free chan struct{} }

func (s stuck) Read([]byte) (int, error) {
	close(s.reading)
	<-s.free
	return 0, io.ErrUnexpectedEOF
}

// A command that reads what never comes ends with the first signal.
func TestASignalEndsACommandThatReads(t *testing.T) {
	in := stuck{make(chan struct{}), make(chan struct{})}
	ctx, signal := context.WithCancel(context.Background())
	defer signal()
	var said strings.Builder
	code := make(chan int, 1)
	var all sync.WaitGroup
	all.Go(func() {
		Main(ctx, Env{
			Args:  []string{"check", "-", "--thresholds", "../../thresholds.yaml"},
			Stdin: in, Stdout: io.Discard, Stderr: &said,
			Getenv: func(string) (string, bool) { return "", false }, Now: time.Now, Seed: func() uint64 { return 1 },
			Exit: func(c int) { code <- c; close(in.free) },
		})
	})
	<-in.reading
	signal()
	all.Wait()
	if got := <-code; got != exitcode.Interrupted ||
		!strings.Contains(said.String(), "interrupted before anything was measured") {
		t.Errorf("exit code %d, said %q", got, said.String())
	}
}

// What ends with care has five seconds for it, and no more.
func TestASignalEndsWhatShouldEndByItself(t *testing.T) {
	for _, late := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, signal := context.WithCancel(t.Context())
			began, ended := time.Now(), time.Duration(0)
			e := Env{Stderr: io.Discard, Exit: func(int) { ended = time.Since(began) }}.Watch(ctx)
			e.EndGently()
			signal()
			if !late {
				time.Sleep(4 * time.Second)
				e.IgnoreSignals()
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if want := map[bool]time.Duration{true: 5 * time.Second}[late]; ended != want {
				t.Errorf("late %v: ended after %s, want %s (0: not at all)", late, ended, want)
			}
			e.IgnoreSignals()
		})
	}
}
