package probe

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/cgroup"
	"github.com/loadgate/loadgate/internal/config"
)

func openCgroup(p config.Probe, w *World) (Probe, error) {
	root := w.Root
	if root == nil {
		root = os.DirFS("/")
	}
	g := &grouped{root: root, read: cgroup.ReadIn(root)}
	if p.Group != "" {
		folder := strings.Trim(p.Group, "/")
		g.groups = cgroup.Groups{Levels: []string{folder}, Memory: []string{folder}}
		_, err := fs.Stat(g.root, folder+"/cpu.cfs_quota_us")
		g.groups.Old = err == nil
	} else {
		f, err := newFinder(p, w)
		if err != nil {
			return Probe{}, err
		}
		g.finder = f
	}
	switch p.Read {
	case "cpu":
		return g.cpu(), nil
	case "throttled":
		return g.throttled(), nil
	case "memory":
		return g.memory(), nil
	}
	return Probe{}, unknownReading(p)
}

// grouped is the group of a process, which is looked for at each look until it
// is found.
type grouped struct {
	root   fs.FS
	read   cgroup.Read
	finder *finder // nil: the group is given
	groups cgroup.Groups
}

func (g *grouped) find(ctx context.Context) error {
	if g.finder == nil || len(g.groups.Levels)+len(g.groups.Memory) > 0 {
		return nil
	}
	found, err := g.finder.find(ctx)
	if err != nil {
		return err
	}
	g.groups = cgroup.Find(g.root, strconv.Itoa(int(found[0].Pid)))
	if len(g.groups.Levels)+len(g.groups.Memory) == 0 {
		return errors.New("the group of the process cannot be seen from here; write path")
	}
	return nil
}

func (g *grouped) memory() Probe {
	return level(func(ctx context.Context) (float64, error) {
		if err := g.find(ctx); err != nil {
			return 0, err
		}
		limit, limited := g.groups.MemoryLimit(g.read)
		used, ok := g.groups.MemoryUsed(g.read)
		switch {
		case !ok:
			return 0, errors.New("the group does not report its memory")
		case !limited:
			return 0,
				errors.New("the group has no limit of memory, so there is nothing that it is a part of; watch rss of " +
					"the process")
		}
		return float64(used) / float64(limit), nil
	})
}

func (g *grouped) cpu() Probe {
	var seen counter
	return Probe{Read: func(ctx context.Context) (Value, error) {
		if err := g.find(ctx); err != nil {
			return Value{}, err
		}
		used, ok := g.groups.CPUTime(g.read)
		if !ok {
			return Value{}, errors.New("the group does not report its processor time")
		}
		cpus, limited := g.groups.Quota(g.read)
		if !limited {
			cpus = float64(runtime.NumCPU())
		}
		v, err := seen.rate(time.Now(), used.Seconds())
		return Value{Number: v.Number / cpus}, err
	}}
}

func (g *grouped) throttled() Probe {
	var seen counter
	return Probe{Read: func(ctx context.Context) (Value, error) {
		if err := g.find(ctx); err != nil {
			return Value{}, err
		}
		if _, limited := g.groups.Quota(g.read); !limited {
			return Value{}, errors.New("the group has no quota of processor time, so nothing throttles it")
		}
		t, ok := cgroup.ReadThrottles(g.read(g.groups.Levels[0] + "/cpu.stat"))
		if !ok {
			return Value{}, errors.New("the group does not report throttling")
		}
		return seen.share(time.Now(), float64(t.Throttled), float64(t.Periods))
	}}
}
