//go:build unix && !linux

package process

import (
	"errors"
	"os/exec"
	"syscall"
	"time"
)

// tree is the process group of a command. A process that starts its own group or
// session is lost: these systems do not report orphans.
type tree struct{ cmd *exec.Cmd }

// lookEvery is how often a group is looked at whose first process has ended.
const lookEvery = 100 * time.Millisecond

// apart puts a process into a session of its own.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// plant starts the command of a tree, in a session and group of its own.
func plant(cmd *exec.Cmd) (*tree, error) {
	cmd.SysProcAttr = apart()
	return &tree{cmd}, cmd.Start()
}

// wait returns when none of the tree is left, and tells how the command itself
// ended.
func (t *tree) wait(ended func(status string, failed bool)) {
	_ = t.cmd.Wait() // the state says the same
	state := t.cmd.ProcessState
	switch code := state.ExitCode(); {
	case code < 0:
		ended(state.String(), true)
	default:
		ended(endedWords(code), code != 0)
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for !errors.Is(syscall.Kill(-t.cmd.Process.Pid, 0), syscall.ESRCH) {
		<-look.C
	}
}

// signal sends a signal to the group, and returns its number.
func (t *tree) signal(s syscall.Signal) (pids []int) {
	_ = syscall.Kill(-t.cmd.Process.Pid, s) // a group that is gone needs none
	return []int{t.cmd.Process.Pid}
}

// killAll kills a command that was started. What it started is not known here.
func killAll(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // one that has ended needs none
}
