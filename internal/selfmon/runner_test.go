package selfmon_test

import (
	"maps"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/loadgate/loadgate/internal/selfmon"
)

// Two runs on one machine are of one class, whatever happens on it.
func TestRunner(t *testing.T) {
	r := selfmon.Runner()
	if r.OS != runtime.GOOS+"/"+runtime.GOARCH || r.Cores < 1 || r.Memory < 1<<20 {
		t.Errorf("Runner() = %+v, want a machine", r)
	}
	if again := selfmon.Runner(); again.Class() != r.Class() || r.Class() == "" {
		t.Errorf("Class() = %q, then %q; want one", r.Class(), again.Class())
	}
}

// The memory of a machine is what the cgroups around the process leave of it.
func TestMemoryIn(t *testing.T) {
	with := func(base files, changed files) fstest.MapFS {
		all := maps.Clone(base)
		maps.Copy(all, changed)
		return all.fs()
	}
	const old = "sys/fs/cgroup/memory/docker/abc/"
	former := files{
		"proc/self/cgroup": "9:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/docker/abc\n",
		"proc/self/mountinfo": "41 30 0:36 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n" +
			"42 30 0:37 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n",
		old + "memory.stat":                "cache 0\n",
		"sys/fs/cgroup/memory/memory.stat": "cache 0\n",
	}
	for _, c := range []struct {
		name string
		root fstest.MapFS
		want int64
	}{
		{"nothing is shown", fstest.MapFS{}, 1000},
		{"no limit", with(container, files{"sys/fs/cgroup/memory.max": "max\n"}), 1000},
		{"a container's limit", with(container, files{"sys/fs/cgroup/memory.max": "600\n"}), 600},
		{"above the machine", with(container, files{"sys/fs/cgroup/memory.max": "6000\n"}), 1000},
		{"the slice around", with(unified, files{
			"sys/fs/cgroup/system.slice/memory.max":                "500\n",
			"sys/fs/cgroup/system.slice/runner.service/memory.max": "700\n",
		}), 500},
		{"nonsense", with(container, files{"sys/fs/cgroup/memory.max": "-1\n"}), 1000},
		{"version 1", with(former, files{old + "memory.limit_in_bytes": "400\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}), 400},
		{"version 1, no limit", with(former, files{old + "memory.limit_in_bytes": "9223372036854771712\n"}), 1000},
	} {
		if got := selfmon.MemoryIn(c.root, 1000); got != c.want {
			t.Errorf("%s: MemoryIn = %d, want %d", c.name, got, c.want)
		}
	}
}
