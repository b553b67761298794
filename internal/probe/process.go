package probe

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/net"
	"github.com/shirou/gopsutil/v4/process"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/regular"
)

func openProcess(p config.Probe, w *World) (Probe, error) {
	f, err := newFinder(p, w)
	if err != nil {
		return Probe{}, err
	}
	switch p.Read {
	case "cpu":
		return f.cpu(), nil
	case "descriptors":
		return f.sum(func(ctx context.Context, p *process.Process) (float64, error) {
			n, err := p.NumFDsWithContext(ctx)
			return float64(n), err
		}), nil
	case "threads":
		return f.sum(func(ctx context.Context, p *process.Process) (float64, error) {
			n, err := p.NumThreadsWithContext(ctx)
			return float64(n), err
		}), nil
	case "rss":
		return f.sum(func(ctx context.Context, p *process.Process) (float64, error) {
			m, err := p.MemoryInfoWithContext(ctx)
			if err != nil {
				return 0, err
			}
			return float64(m.RSS), nil
		}), nil
	}
	return Probe{}, unknownReading(p)
}

// finder knows which processes are meant, and remembers them while they live.
type finder struct {
	config.Probe
	port  int
	roots []int32
}

func newFinder(p config.Probe, w *World) (*finder, error) {
	f := &finder{Probe: p, port: p.Port}
	if p.PID == 0 && p.PIDFile == "" && p.Named == "" && p.Port == 0 {
		if f.port = w.Port; f.port == 0 {
			return nil,
				errors.New(
					"the target is not on this machine, so its process is not; write pid, pidfile, port or named")
		}
	}
	return f, nil
}

// find returns the processes and all that came of them, the roots first.
func (f *finder) find(ctx context.Context) ([]*process.Process, error) {
	if !slices.ContainsFunc(f.roots, func(pid int32) bool {
		there,
			err := process.PidExistsWithContext(ctx, pid)
		return err == nil && there
	}) {
		var err error
		if f.roots, err = f.named(ctx); err != nil {
			return nil, err
		}
	}
	pids, err := process.PidsWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("the machine does not report its processes: %w", err)
	}
	parent := map[int32]int32{}
	for _, pid := range pids {
		if p, err := process.NewProcessWithContext(ctx, pid); err == nil {
			parent[pid], _ = p.PpidWithContext(ctx)
		}
	}
	var found []*process.Process
	for _, pid := range pids {
		for up := pid; up > 0; up = parent[up] {
			if slices.Contains(f.roots, up) {
				if p, err := process.NewProcessWithContext(ctx, pid); err == nil {
					found = append(found, p)
				}
				break
			}
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("process %d has ended", f.roots[0])
	}
	return found, nil
}

// largestPIDFile is more than a number and the lines that some programs write below it take.
const largestPIDFile = 1 << 10

// named finds the roots.
func (f *finder) named(ctx context.Context) ([]int32, error) {
	switch {
	case f.PID != 0:
		return []int32{int32(f.PID)}, nil
	case f.PIDFile != "":
		text, err := regular.Read(f.PIDFile, largestPIDFile)
		if err != nil {
			return nil, err
		}
		pid, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 32)
		if err != nil || pid < 1 {
			return nil, fmt.Errorf("%s holds no number of a process", f.PIDFile)
		}
		return []int32{int32(pid)}, nil
	case f.Named != "":
		return f.byName(ctx)
	}
	return f.byPort(ctx)
}

func (f *finder) byName(ctx context.Context) ([]int32, error) {
	all, err := process.ProcessesWithContext(ctx)
	if err != nil {
		return nil, err
	}
	var found []int32
	var names []string
	for _, p := range all {
		name, err := p.NameWithContext(ctx)
		if err == nil && name == f.Named {
			found = append(found, p.Pid)
		}
		names = append(names, name)
	}
	if found == nil {
		return nil, fmt.Errorf("no process is named %q%s", f.Named, near(f.Named, names))
	}
	return found, nil
}

func (f *finder) byPort(ctx context.Context) ([]int32, error) {
	all, err := net.ConnectionsWithContext(ctx, "tcp")
	if err != nil {
		return nil, fmt.Errorf("the machine does not report its sockets: %w", err)
	}
	var found []int32
	listens := false
	for _, c := range all {
		if c.Status != "LISTEN" || int(c.Laddr.Port) != f.port {
			continue
		}
		listens = true
		if c.Pid > 0 && !slices.Contains(found, c.Pid) {
			found = append(found, c.Pid)
		}
	}
	switch {
	case found != nil:
		return found, nil
	case listens:
		return nil,
			fmt.Errorf("this user may not see who listens on port %d; run as its user, or write pidfile", f.port)
	}
	return nil, fmt.Errorf("nobody listens on port %d of this machine", f.port)
}

// sum adds up a figure of all processes. One that ends meanwhile has none.
func (f *finder) sum(of func(context.Context, *process.Process) (float64, error)) Probe {
	return level(func(ctx context.Context) (float64, error) {
		found, err := f.find(ctx)
		if err != nil {
			return 0, err
		}
		sum, known := 0.0, false
		var last error
		for _, p := range found {
			n, err := of(ctx, p)
			if err != nil {
				last = err
				continue
			}
			sum, known = sum+n, true
		}
		if !known {
			return 0, fmt.Errorf("process %d does not report it: %w", found[0].Pid, last)
		}
		return sum, nil
	})
}

// cpu is the processor time of all processes, of all processors of the machine.
// What one used that has ended since the last look is lost.
func (f *finder) cpu() Probe {
	last, at := map[int32]float64{}, time.Time{}
	return Probe{Read: func(ctx context.Context) (Value, error) {
		found, err := f.find(ctx)
		if err != nil {
			return Value{}, err
		}
		now, used := map[int32]float64{}, 0.0
		taken := time.Now()
		for _, p := range found {
			times, err := p.TimesWithContext(ctx)
			if err != nil {
				continue
			}
			now[p.Pid] = times.User + times.System
			used += max(0, now[p.Pid]-last[p.Pid])
		}
		passed := taken.Sub(at).Seconds() * float64(runtime.NumCPU())
		first := at.IsZero()
		last, at = now, taken
		switch {
		case len(now) == 0:
			return Value{}, fmt.Errorf("process %d does not report its processor time", found[0].Pid)
		case first || passed <= 0:
			return Value{}, ErrFirst
		}
		return Value{Number: used / passed}, nil
	}}
}
