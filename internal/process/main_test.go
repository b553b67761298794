package process_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/loadgate/loadgate/internal/process"
)

// This program is also its own supervisor, and a parent that can be killed.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "supervise":
			end(process.Supervise(os.Args[2:]))
		case "parent":
			end(parent(os.Args[2]))
		}
	}
	goleak.VerifyTestMain(m)
}

func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// supervisor is this program as one.
func supervisor() []string { return []string{os.Args[0], "supervise"} }

// parent starts a command that writes to its own output, and never stops it.
func parent(line string) error {
	_, err := process.Start(context.Background(), process.Command{Line: line, Log: os.Stdout, Supervisor: supervisor()})
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}
