package cgroup_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/loadgate/loadgate/internal/cgroup"
)

func files(of map[string]string) fstest.MapFS {
	root := fstest.MapFS{}
	for name, text := range of {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return root
}

// What a group of either version tells of itself; the one without limits has none.
func TestGroups(t *testing.T) {
	second := map[string]string{
		"proc/self/mountinfo": "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
		"proc/7/cgroup":       "0::/app\n", "proc/8/cgroup": "0::/free\n",
		"sys/fs/cgroup/cpu.stat": "usage_usec 9\n", "sys/fs/cgroup/memory.stat": "",
		"sys/fs/cgroup/app/cpu.stat": "usage_usec 2500000\nnr_periods 100\nnr_throttled 7\nthrottled_usec 30000\n",
		"sys/fs/cgroup/app/cpu.max":  "150000 100000\n", "sys/fs/cgroup/app/memory.max": "1000\n",
		"sys/fs/cgroup/app/memory.current": "700\n", "sys/fs/cgroup/app/memory.stat": "anon 500\ninactive_file 200\n",
		"sys/fs/cgroup/free/cpu.stat": "usage_usec 1\n", "sys/fs/cgroup/free/cpu.max": "max 100000\n",
		"sys/fs/cgroup/free/memory.max": "max\n", "sys/fs/cgroup/free/memory.stat": "",
	}
	first := map[string]string{
		"proc/self/mountinfo": "31 1 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup " +
			"cgroup rw,cpu,cpuacct\n32 1 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
		"proc/7/cgroup":                                   "4:cpu,cpuacct:/app\n5:memory:/app\n",
		"sys/fs/cgroup/cpu,cpuacct/app/cpu.stat":          "nr_periods 100\nnr_throttled 7\nthrottled_time 30000000\n",
		"sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us":  "150000\n",
		"sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us": "100000\n",
		"sys/fs/cgroup/cpu,cpuacct/app/cpuacct.usage":     "2500000000\n",
		"sys/fs/cgroup/memory/app/memory.limit_in_bytes":  "1000\n",
		"sys/fs/cgroup/memory/app/memory.usage_in_bytes":  "700\n",
		"sys/fs/cgroup/memory/app/memory.stat":            "total_inactive_file 200\n",
	}
	for name, of := range map[string]map[string]string{"version 2": second, "version 1": first} {
		t.Run(name, func(t *testing.T) {
			root := files(of)
			g, read := cgroup.Find(root, "7"), cgroup.ReadIn(root)
			if cpus, ok := g.Quota(read); !ok || cpus != 1.5 {
				t.Errorf("Quota() = %v, %v, want 1.5", cpus, ok)
			}
			if used, ok := g.CPUTime(read); !ok || used != 2500*time.Millisecond {
				t.Errorf("CPUTime() = %v, %v, want 2.5s", used, ok)
			}
			if limit, ok := g.MemoryLimit(read); !ok || limit != 1000 {
				t.Errorf("MemoryLimit() = %v, %v, want 1000", limit, ok)
			}
			if used, ok := g.MemoryUsed(read); !ok || used != 500 {
				t.Errorf("MemoryUsed() = %v, %v, want 500", used, ok)
			}
			want := cgroup.Throttles{Periods: 100, Throttled: 7, Time: 30 * time.Millisecond}
			if got, ok := cgroup.ReadThrottles(read(g.Levels[0] + "/cpu.stat")); !ok || got != want {
				t.Errorf("ReadThrottles() = %+v, %v, want %+v", got, ok, want)
			}
		})
	}
	root := files(second)
	free, read := cgroup.Find(root, "8"), cgroup.ReadIn(root)
	if cpus, ok := free.Quota(read); ok {
		t.Errorf("Quota() = %v of a group without one", cpus)
	}
	if limit, ok := free.MemoryLimit(read); ok {
		t.Errorf("MemoryLimit() = %v of a group without one", limit)
	}
	if used, ok := free.MemoryUsed(read); ok {
		t.Errorf("MemoryUsed() = %v of a group that does not tell", used)
	}
	none := cgroup.Find(root, "9")
	if _, ok := none.CPUTime(read); ok || len(none.Levels)+len(none.Memory) > 0 {
		t.Errorf("Find() = %+v of a process that is not there", none)
	}
}

func TestPressure(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"some avg10=1.50 avg60=0.00 avg300=0.00 total=1234\nfull avg10=0.00 avg60=0.00 avg300=0.00 " +
			"total=9\n": 1234 * time.Microsecond,
		"full avg10=0.00 total=9\n": -1, "some total=x\n": -1, "": -1,
	} {
		if got, ok := cgroup.Pressure([]byte(text)); ok != (want >= 0) || ok && got != want {
			t.Errorf("Pressure(%q) = %v, %v, want %v", text, got, ok, want)
		}
	}
}
