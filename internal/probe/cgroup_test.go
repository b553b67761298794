package probe_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/probe"
)

// machine is one of version 2 with this process in a group, whose files can be
// changed.
func machine() fstest.MapFS {
	root := fstest.MapFS{}
	for name, text := range map[string]string{
		"proc/self/mountinfo":                      "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
		fmt.Sprintf("proc/%d/cgroup", os.Getpid()): "0::/app\n",
	} {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tell(root, "app/cpu.stat", "usage_usec 1000000\nnr_periods 100\nnr_throttled 10\n")
	tell(root, "app/cpu.max", "150000 100000\n")
	tell(root, "app/memory.stat", "inactive_file 200\n")
	tell(root, "app/memory.max", "1000\n")
	tell(root, "app/memory.current", "700\n")
	return root
}

func tell(root fstest.MapFS, name, text string) {
	root["sys/fs/cgroup/"+name] = &fstest.MapFile{Data: []byte(text)}
}

// Of a process or by its path, what a group tells becomes a part of its limits;
// without a limit there is nothing that it is a part of.
func TestCgroup(t *testing.T) {
	for _, of := range []string{fmt.Sprintf("pid: %d", os.Getpid()), "path: /sys/fs/cgroup/app"} {
		t.Run(of, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				root := machine()
				in := func(read string) probe.Probe {
					return openIn(t, &probe.World{Root: root}, fmt.Sprintf("{from: cgroup, read: %s, %s}", read, of))
				}
				memory, throttled, cpu := in("memory"), in("throttled"), in("cpu")
				if v, err := memory.Read(t.Context()); err != nil || v.Number != 0.5 {
					t.Errorf("memory = %v, %v; want half: 700 less what can be dropped, of 1000", v, err)
				}
				for _, p := range []probe.Probe{throttled, cpu} {
					if _, err := p.Read(t.Context()); !errors.Is(err, probe.ErrFirst) {
						t.Errorf("a first look at a counter = %v", err)
					}
				}
				time.Sleep(2 * time.Second)
				tell(root, "app/cpu.stat", "usage_usec 1600000\nnr_periods 120\nnr_throttled 15\n")
				if v, err := throttled.Read(t.Context()); err != nil || v.Number != 0.25 || v.Of != 20 {
					t.Errorf("throttled = %+v, %v; want 5 of 20 periods", v, err)
				}
				if v, err := cpu.Read(t.Context()); err != nil || math.Abs(v.Number-0.2) > 1e-9 {
					t.Errorf("cpu = %+v, %v; want 0.6 s in 2 s, of 1.5 processors", v, err)
				}
				tell(root, "app/cpu.max", "max 100000\n")
				tell(root, "app/memory.max", "max\n")
				for p, want := range map[*probe.Probe]string{&memory: "no limit of memory",
					&throttled: "no quota of processor time"} {
					if _, err := p.Read(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
						t.Errorf("without a limit: %v, want %s", err, want)
					}
				}
				delete(root, "sys/fs/cgroup/app/cpu.stat")
				if _, err := cpu.Read(t.Context()); err == nil ||
					!strings.Contains(err.Error(), "does not report its processor time") {
					t.Errorf("without its file: %v", err)
				}
			})
		})
	}
	elsewhere := machine()
	elsewhere[fmt.Sprintf("proc/%d/cgroup", os.Getpid())] = &fstest.MapFile{Data: []byte("0::/../other\n")}
	p := openIn(t, &probe.World{Root: elsewhere}, fmt.Sprintf("{from: cgroup, read: memory, pid: %d}", os.Getpid()))
	if _, err := p.Read(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "cannot be seen from here; write path") {
		t.Errorf("a group of another namespace: %v", err)
	}
}
