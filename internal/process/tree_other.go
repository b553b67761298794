//go:build !unix

package process

import (
	"os/exec"
	"syscall"
)

// tree is a command alone: what it starts is not known here.
type tree struct{ cmd *exec.Cmd }

func apart() *syscall.SysProcAttr { return nil }

// plant starts the command of a tree.
func plant(cmd *exec.Cmd) (*tree, error) { return &tree{cmd}, cmd.Start() }

// wait returns when the command has ended, and tells how.
func (t *tree) wait(ended func(status string, failed bool)) {
	_ = t.cmd.Wait() // the state says the same
	ended(endedWords(t.cmd.ProcessState.ExitCode()), !t.cmd.ProcessState.Success())
}

// signal ends the command: there is no other signal here.
func (t *tree) signal(syscall.Signal) (pids []int) {
	_ = t.cmd.Process.Kill() // one that has ended needs none
	return []int{t.cmd.Process.Pid}
}

// killAll kills a command that was started. What it started is not known here.
func killAll(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // one that has ended needs none
}
