package cli

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/cli/environ"
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
		Main(ctx, environ.Env{
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
