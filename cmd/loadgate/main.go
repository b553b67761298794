// Command loadgate loads a service, measures it and checks that it stays within
// its limits.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/loadgate/loadgate/internal/cli"
)

func main() {
	// net/http complains there of what servers send over HTTP/2, which is counted.
	log.SetOutput(io.Discard)
	// A reader that goes away must not take the verdict with it.
	signal.Ignore(syscall.SIGPIPE)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	// A terminal that goes away ends a run as SIGTERM does, unless nohup says that
	// it shall go on.
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	// After the first signal the next one ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Main(ctx, cli.Env{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.LookupEnv, Now: time.Now, Seed: cli.RandomSeed, Executable: os.Executable, Exit: os.Exit,
	}))
}
