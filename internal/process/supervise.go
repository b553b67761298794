package process

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// A supervisor stands between this program and a command, so that the command
// ends when the program does, even by SIGKILL. It is the same program, run
// again, and speaks with its parent over its standard streams:
//
//   - input: the lifeline. Nothing is ever sent; when it closes, the parent
//     has closed it or has ended, and everything is ended.
//   - output: reports, one JSON object a line.
//   - error: the command's own output, and what a crash of the supervisor says.
//
// The command gets none of the first two.

// report is one line from a supervisor; one of the fields is set.
type report struct {
	Pid   int    `json:"pid,omitempty"`   // the command was started
	Error string `json:"error,omitempty"` // it could not be
	Ended string `json:"ended,omitempty"` // it has ended by itself, with this status
	Left  []int  `json:"left,omitempty"`  // processes that SIGKILL does not end
}

// reporter writes reports. Safe for concurrent use.
type reporter struct {
	mu sync.Mutex
	w  io.Writer
}

// tell writes one report. Errors are ignored: a parent that has ended does not read it.
func (r *reporter) tell(what report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = json.NewEncoder(r.w).Encode(what)
}

// How often SIGKILL is sent to processes that remain, and after how long the
// supervisor reports that it has no effect. It goes on trying.
const (
	killEvery = 50 * time.Millisecond
	giveUp    = 3 * time.Second
)

// Supervise is the other side of Start: it runs a command on the standard
// streams of this process and returns when the lifeline has closed and nothing
// that the command started is left. Its arguments are the grace and the
// command line. It is for a process that does nothing else.
func Supervise(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("supervise: got %d arguments, want a grace and a command", len(args))
	}
	grace, err := time.ParseDuration(args[0])
	if err != nil {
		return fmt.Errorf("supervise: %w", err)
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	// A signal that is ignored stays so in the command, and one that is
	// neither ignored nor caught would end the supervisor of a dead parent.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	// The command gets a signal when the thread that started it ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	reports := &reporter{w: os.Stdout}
	cmd := shell(args[1])
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	t, err := plant(cmd)
	if err != nil {
		reports.tell(report{Error: err.Error()})
		return err
	}
	reports.tell(report{Pid: cmd.Process.Pid})

	var all sync.WaitGroup
	defer all.Wait()
	cut := make(chan struct{})
	all.Go(func() {
		defer close(cut)
		_, _ = io.Copy(io.Discard, os.Stdin) // however it ends, the parent is done
	})
	gone := make(chan struct{})
	all.Go(func() {
		defer close(gone)
		watch(t, cut, reports)
	})
	select {
	case <-cut:
	case <-asked:
	}
	fell(t, grace, gone, reports)
	return nil
}

// watch waits until nothing is left of a tree. It reports how the command
// ended, unless the parent wanted it to: at once when it failed, else when all
// that it left running has ended too.
func watch(t *tree, cut <-chan struct{}, reports *reporter) {
	last := ""
	tell := func() {
		select {
		case <-cut:
		default:
			reports.tell(report{Ended: last})
		}
		last = ""
	}
	t.wait(func(status string, failed bool) {
		if last = status; failed {
			tell()
		}
	})
	if last != "" {
		tell()
	}
}

// fell ends a tree and returns when it is gone.
func fell(t *tree, grace time.Duration, gone <-chan struct{}, reports *reporter) {
	t.signal(syscall.SIGTERM)
	over := time.NewTimer(grace)
	defer over.Stop()
	select {
	case <-gone:
		return
	case <-over.C:
	}
	again := time.NewTicker(killEvery)
	defer again.Stop()
	inVain := time.NewTimer(giveUp)
	defer inVain.Stop()
	for {
		left := t.signal(syscall.SIGKILL)
		select {
		case <-gone:
			return
		case <-inVain.C:
			reports.tell(report{Left: left})
			again.Reset(time.Second)
		case <-again.C:
		}
	}
}

// endedWords says how a command ended that the shell ran.
func endedWords(code int) string {
	switch code {
	case 126:
		return "exit status 126: the command cannot be run"
	case 127:
		return "exit status 127: the command was not found"
	}
	return fmt.Sprintf("exit status %d", code)
}

// shell runs a command line. Shells replace themselves by a command that
// stands alone.
func shell(line string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.Command("cmd", "/C", line)
	}
	return exec.Command("/bin/sh", "-c", line)
}
