package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// bench runs tools against targets.
type bench struct {
	folder                 string
	clientCore, serverCore int    // -1: any
	taskset                string // path; empty: nothing is pinned
	progress               io.Writer
}

// run is what came of one load that one tool made.
type run struct {
	cpu    time.Duration // of the tool's process, user and system
	memory int64         // its largest resident memory in bytes; 0: unknown
	alone  int64         // the same of a run with one user; 0: there was none
	said   figures
	kept   record
}

// perRequest is the tool's processor time for one request that reached the
// target, in nanoseconds. The target's count is the same measure for all.
func (r run) perRequest() float64 { return float64(r.cpu) / float64(max(r.kept.Requests, 1)) }

// came is how many requests reached the target.
func (r run) came() float64 { return float64(r.kept.Requests) }

// pin finds what pins processes to cores.
func (b *bench) pin() error {
	if b.clientCore < 0 && b.serverCore < 0 {
		return nil
	}
	path, err := exec.LookPath("taskset")
	if err != nil {
		return err
	}
	for _, core := range []int{b.clientCore, b.serverCore} {
		if core < 0 {
			continue
		}
		if err := exec.Command(path, "-c", strconv.Itoa(core),
			path, "-p", strconv.Itoa(os.Getpid())).Run(); err != nil {
			return fmt.Errorf("use core %d: %w", core, err)
		}
	}
	b.taskset = path
	return nil
}

func (b *bench) pinned() bool { return b.taskset != "" }

// command is a command on a core. taskset becomes the program that it starts,
// so its process is the program's.
func (b *bench) command(ctx context.Context, core int, path string, args ...string) *exec.Cmd {
	if b.taskset != "" && core >= 0 {
		args = append([]string{"-c", strconv.Itoa(core), path}, args...)
		path = b.taskset
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = time.Second
	return cmd
}

// repeat runs a scenario n times with each tool that can make it, by turns, so
// that what else the machine does falls on all alike. A tool that fails is
// named and has no runs.
func (b *bench) repeat(ctx context.Context, s scenario, found []installed, n int) (map[string][]run, error) {
	runs := map[string][]run{}
	broken := map[string]bool{}
	alone := map[string]int64{}
	for i := range n {
		for _, t := range found {
			if broken[t.name] {
				continue
			}
			r, made, err := b.once(ctx, s, t)
			if made && err == nil && s.alone && i == 0 {
				var one run
				one, _, err = b.once(ctx, s.solitary(), t)
				alone[t.name] = one.memory
			}
			r.alone = alone[t.name]
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case err != nil:
				fmt.Fprintf(b.progress, "peers: %s: %s: %v\n", s.name, t.name, err)
				broken[t.name] = true
				delete(runs, t.name)
			case made:
				runs[t.name] = append(runs[t.name], r)
				fmt.Fprintf(b.progress, "peers: %s %d/%d %s: %s a request\n",
					s.name, i+1, n, t.name, short(time.Duration(r.perRequest())))
			}
		}
	}
	return runs, nil
}

// once makes one load on a new target; not made where the tool has no such
// load.
func (b *bench) once(ctx context.Context, s scenario, t installed) (r run, made bool, err error) {
	// A tool may take a while to start and to report, the longer the more users it
	// has; nothing takes longer.
	ctx, cancel := context.WithTimeout(ctx, s.duration+30*time.Second+time.Duration(s.users)*10*time.Millisecond)
	defer cancel()
	folder, err := os.MkdirTemp(b.folder, t.name+"-")
	if err != nil {
		return r, false, err
	}
	defer os.RemoveAll(folder)
	// Asked before a target is started, and again with its address.
	if args, err := t.command(load{scenario: s, folder: folder}); args == nil || err != nil {
		return r, false, err
	}
	url, stop, err := b.start(ctx, s.target)
	if err != nil {
		return r, false, fmt.Errorf("start target: %w", err)
	}
	l := load{scenario: s, url: url, folder: folder}
	said, err := b.measure(ctx, t, l, &r)
	kept, stopErr := stop()
	if err := errors.Join(err, stopErr); err != nil {
		return r, false, err
	}
	r.kept = kept
	r.said, err = t.figures(l, said)
	if err == nil && kept.Requests == 0 {
		err = errors.New("sent nothing")
	}
	return r, true, err
}

// start starts a target in a process of its own; stop ends it and returns its
// record.
func (b *bench) start(ctx context.Context, t target) (url string, stop func() (record, error), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	cmd := b.command(ctx, b.serverCore, self, append([]string{"target"}, t.flags()...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	lines := bufio.NewReader(out)
	stop = func() (kept record, err error) {
		err = errors.Join(in.Close(), json.NewDecoder(lines).Decode(&kept))
		return kept, errors.Join(err, cmd.Wait())
	}
	address, err := lines.ReadString('\n')
	if err != nil {
		_, stopErr := stop()
		return "", nil, errors.Join(err, stopErr)
	}
	return "http://" + strings.TrimSpace(address) + "/", stop, nil
}

// measure runs the tool and counts what it took.
func (b *bench) measure(ctx context.Context, t installed, l load, r *run) (said []byte, err error) {
	args, err := t.command(l)
	if err != nil {
		return nil, err
	}
	cmd := b.command(ctx, b.clientCore, t.path, args...)
	cmd.Dir = l.folder
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var looking sync.WaitGroup
	over := make(chan struct{})
	looking.Go(func() { r.memory = watchMemory(cmd.Process.Pid, over) })
	err = cmd.Wait()
	close(over)
	looking.Wait()
	if code := cmd.ProcessState.ExitCode(); err != nil && !slices.Contains(t.verdict, code) {
		return nil, fmt.Errorf("run %s: %w\n%s", t.name, err, complaints.Bytes())
	}
	r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return out.Bytes(), nil
}

// watchMemory returns the largest resident memory of a process in bytes, as of
// the last look before it is over, ten looks a second; 0 where the system does
// not tell.
//
// Note: the maximum that wait(2) reports is no use. A child that shares its
// parent's memory until it becomes another program, as Go starts them,
// inherits the parent's maximum.
func watchMemory(pid int, over <-chan struct{}) int64 {
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	var most int64
	for {
		select {
		case <-over:
			return most
		case <-look.C:
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if err != nil {
				continue
			}
			_, line, _ := strings.Cut(string(text), "\nVmHWM:")
			var kib int64
			if _, err := fmt.Sscan(line, &kib); err == nil {
				most = kib << 10
			}
		}
	}
}
