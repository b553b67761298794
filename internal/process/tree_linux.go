package process

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// tree is all processes that a command has started, itself included: the
// descendants of this process. None gets lost, whatever session or group it
// makes and however often it forks: this process is a subreaper, so one whose
// parent ends becomes its child.
type tree struct{ root int }

// apart puts a process into a session of its own.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// plant starts the command of a tree. From then on this process must wait for
// no child in another way, and the calling thread must not end. The command
// has a session of its own: one that ends its whole process group does not end
// its supervisor. Should that be killed nevertheless, the command goes with it.
func plant(cmd *exec.Cmd) (*tree, error) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("become the parent of orphans: %w", err)
	}
	if _, err := parents(); err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &tree{cmd.Process.Pid}, nil
}

// wait buries the dead until none of the tree is left, and tells how the
// command itself ended.
func (t *tree) wait(ended func(status string, failed bool)) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return // no child, and so no descendant
		case pid == t.root && status.Signaled():
			ended("signal: "+status.Signal().String(), true)
		case pid == t.root:
			ended(endedWords(status.ExitStatus()), status.ExitStatus() != 0)
		}
	}
}

// signal sends a signal to every process of the tree that there is now, and
// returns them.
func (t *tree) signal(s syscall.Signal) (pids []int) {
	self := os.Getpid()
	below, inside, err := descendants(self)
	if err != nil {
		return []int{t.root} // it could be read before; the next time, then
	}
	for _, pid := range below {
		send(pid, s, inside)
	}
	return below
}

// killAll kills a command that was started and was not waited for, with what it started. A process whose parent has
// ended before is no longer known to be of it.
func killAll(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(syscall.SIGSTOP) // one that has ended needs none of these
	var below []int
	var inside map[int]bool
	stopped := map[int]bool{}
	for more := true; more && len(stopped) < mostStopped; { // what is stopped starts no others
		var err error
		if below, inside, err = descendants(cmd.Process.Pid); err != nil {
			break
		}
		more = false
		for _, pid := range below {
			if !stopped[pid] {
				send(pid, syscall.SIGSTOP, inside)
				stopped[pid], more = true, true
			}
		}
	}
	for _, pid := range slices.Backward(below) { // while its parent is there
		send(pid, syscall.SIGKILL, inside)
	}
	_ = cmd.Process.Kill()
}

// mostStopped bounds the search for what a command started.
const mostStopped = 10_000

// descendants are the processes below one, and these with itself as a set.
func descendants(root int) (below []int, inside map[int]bool, err error) {
	of, err := parents()
	if err != nil {
		return nil, nil, err
	}
	children := map[int][]int{}
	for pid, parent := range of {
		children[parent] = append(children[parent], pid)
	}
	inside = map[int]bool{root: true}
	for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
		for _, pid := range children[queue[0]] {
			inside[pid] = true
			below = append(below, pid)
			queue = append(queue, pid)
		}
	}
	return below, inside, nil
}

// send signals a process whose parent is one of the tree's. The number may be
// another's by now: so it is asked for its parent once more when its handle,
// which never changes hands, is held.
func send(pid int, s syscall.Signal, inside map[int]bool) {
	p, err := os.FindProcess(pid)
	if err != nil {
		return
	}
	defer p.Release()
	if parent, ok := parentOf(pid); ok && inside[parent] {
		_ = p.Signal(s) // one that has ended needs none; one that may not be signalled is left
	}
}

// parents has the parent of every process that can be seen.
func parents() (map[int]int, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	of := map[int]int{}
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if parent, ok := parentOf(pid); ok {
				of[pid] = parent
			}
		}
	}
	if _, ok := of[os.Getpid()]; !ok {
		return nil, fmt.Errorf("/proc does not show this process")
	}
	return of, nil
}

// parentOf reads a process's parent, the fourth field of its stat. The second
// is the program's name in brackets, which may hold anything, brackets too.
func parentOf(pid int) (parent int, ok bool) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, false
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0, false
	}
	parent, err = strconv.Atoi(string(fields[1]))
	return parent, err == nil
}
