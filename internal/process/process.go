// Package process starts a command and ends everything that it started: with this
// process, however that ends. It knows nothing of loads and services.
package process

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// defaultGrace is how long a process has between SIGTERM and SIGKILL.
const defaultGrace = 5 * time.Second

// Command is what Start starts.
type Command struct {
	// Line is given to the shell: a program with its arguments, or more.
	Line string
	// Env is the environment as os.Environ has it; nil: that of this process.
	Env []string
	// Log receives standard output and error; nil: they are dropped. A *os.File is
	// passed to the process itself, which goes on writing to it when this process
	// is killed; the caller closes it.
	Log io.Writer
	// Grace is how long after SIGTERM SIGKILL comes; 0: 5 s.
	Grace time.Duration
	// Supervisor is a program with its first arguments that calls Supervise
	// with the arguments that follow: this program, as a rule.
	Supervisor []string
}

// Process is a command that was started, with everything that it starts. It
// ends with this process, however that ends: on Linux as a whole, on other
// systems as far as it stayed in its process group. Its methods are safe for
// concurrent use; two processes know nothing of each other.
type Process struct {
	pid        int
	grace      time.Duration
	supervisor *exec.Cmd
	lifeline   io.Closer // the supervisor ends everything when it closes
	unbind     func() bool
	stopping   atomic.Bool
	all        sync.WaitGroup

	exited chan struct{} // closed by watch
	err    error         // set before exited is closed
	failed error         // of Stop; set before all is done
}

// EndedError says how a process ended that was not stopped.
type EndedError struct {
	Status string    // such as "exit status 3" or "signal: killed"
	At     time.Time // when it was noticed
}

// Error is the status.
func (e *EndedError) Error() string { return e.Status }

// Start starts a command. It ends when ctx does or by Stop, which must be
// called in any case. Ctrl-C in a terminal does not reach it. Start
// succeeds even if the shell does not find the program: the process ends, and the log
// says why.
func Start(ctx context.Context, c Command) (*Process, error) {
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case strings.TrimSpace(c.Line) == "":
		return nil, errors.New("start process: the command is empty")
	case len(c.Supervisor) == 0:
		return nil, errors.New("start process: it has no supervisor")
	}
	if c.Grace <= 0 {
		c.Grace = defaultGrace
	}
	p := &Process{grace: c.Grace, exited: make(chan struct{})}
	reports, err := p.launch(c)
	if err == nil {
		p.unbind = context.AfterFunc(ctx, p.cut)
		if p.pid, err = begun(reports); err != nil {
			p.unbind()
			p.cut()
			_ = p.supervisor.Wait() // err says more
		}
	}
	if err != nil {
		return nil, fmt.Errorf("start %q: %w", c.Line, err)
	}
	p.all.Go(func() { p.watch(reports) })
	return p, nil
}

// launch starts the supervisor, in a session of its own: neither Ctrl-C nor
// what ends a whole process group reaches it. Its standard input is the
// lifeline, its standard output are its reports.
func (p *Process) launch(c Command) (*json.Decoder, error) {
	args := append(slices.Clone(c.Supervisor[1:]), c.Grace.String(), c.Line)
	p.supervisor = exec.Command(c.Supervisor[0], args...)
	p.supervisor.Env, p.supervisor.Stderr = c.Env, c.Log
	p.supervisor.SysProcAttr = apart()
	// A log that is not a file is a pipe, which a process that was left may keep open.
	p.supervisor.WaitDelay = time.Second
	lifeline, err := p.supervisor.StdinPipe()
	if err != nil {
		return nil, err
	}
	reports, err := p.supervisor.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.lifeline = lifeline
	return json.NewDecoder(reports), p.supervisor.Start()
}

// begun reads the first report: that the command was started, or why not.
func begun(reports *json.Decoder) (pid int, err error) {
	var r report
	switch err := reports.Decode(&r); {
	case err != nil:
		return 0, fmt.Errorf("its supervisor ended: %w", err)
	case r.Error != "":
		return 0, errors.New(r.Error)
	}
	return r.Pid, nil
}

// watch takes in the supervisor's reports until it has ended.
func (p *Process) watch(reports *json.Decoder) {
	ended := false
	end := func(err error) {
		if !ended {
			ended, p.err = true, err
			close(p.exited)
		}
	}
	for {
		var r report
		if reports.Decode(&r) != nil {
			break
		}
		switch {
		case r.Ended != "":
			end(&EndedError{r.Ended, time.Now()})
		case len(r.Left) > 0:
			p.failed = fmt.Errorf("stop process %d: processes %v do not end", p.pid, r.Left)
			p.kill()
		}
	}
	err := p.supervisor.Wait()
	if p.stopping.Load() {
		if err != nil && p.failed == nil {
			p.failed = fmt.Errorf("stop process %d: its supervisor: %w", p.pid, err)
		}
		end(nil)
		return
	}
	if err == nil {
		err = errors.New("exit status 0")
	}
	p.failed = fmt.Errorf("stop process %d: its supervisor has ended (%w); what it started may be left", p.pid, err)
	end(&EndedError{fmt.Sprintf("unknown: its supervisor ended first (%v)", err), time.Now()})
}

// Pid is the process of the command, or of the shell that runs it.
func (p *Process) Pid() int { return p.pid }

// Exited is closed when the process has ended, by itself or not. A command
// that ends well and leaves others running, as a daemon does, has ended when
// they have.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Err is nil until Exited is closed; then it is an *EndedError, or nil after
// the process was stopped.
func (p *Process) Err() error {
	select {
	case <-p.exited:
		return p.err
	default:
		return nil
	}
}

// Context returns a context that ends with ctx, by release, or when the
// process ends by itself; its cause is then the *EndedError.
func (p *Process) Context(ctx context.Context) (living context.Context, release func()) {
	living, cancel := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-p.exited:
			if p.err != nil { // else it was stopped, by somebody who knows
				cancel(p.err)
			}
		case <-living.Done():
		}
	})
	return living, func() {
		cancel(nil)
		watching.Wait()
	}
}

// Stop ends the process and everything that it started, by SIGTERM and, after
// the grace, by SIGKILL, and returns when nothing is left. It may be called
// again, and after the process has ended by itself. The error names what could
// not be ended.
func (p *Process) Stop() error {
	p.unbind()
	p.cut()
	// The supervisor gives up long before, and says so.
	late := time.AfterFunc(p.grace+2*giveUp, p.kill)
	defer late.Stop()
	p.all.Wait()
	return p.failed
}

// cut lets the supervisor end everything, and does not wait for it.
func (p *Process) cut() {
	p.stopping.Store(true)
	_ = p.lifeline.Close() // it may be closed already
}

// kill ends the supervisor alone.
func (p *Process) kill() {
	_ = p.supervisor.Process.Kill() // it may have ended already
}
