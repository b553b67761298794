package selfmon_test

import (
	"fmt"
	"maps"
	"runtime"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
)

// files is what a kernel shows, by path.
type files map[string]string

func (f files) fs() fstest.MapFS {
	shown := fstest.MapFS{}
	for name, text := range f {
		shown[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return shown
}

// second reads a machine before and a second after some files changed, by the clock of a bubble.
func second(before, changed files) *result.Generator {
	shown := before.fs()
	read := selfmon.ReadIn(shown)
	maps.Copy(shown, changed.fs())
	time.Sleep(time.Second)
	return read()
}

// Layouts as they are found. Mounts and memberships are those of real
// machines; those before and behind the cgroups are cut.
var (
	// version 2 on a host, in a unit of systemd
	unified = files{
		"proc/self/cgroup": "0::/system.slice/runner.service\n",
		"proc/self/mountinfo": "24 30 0:22 / /proc rw,nosuid - proc proc rw\n35 24 0:30 / /sys/fs/cgroup " +
			"rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n",
		"sys/fs/cgroup/system.slice/runner.service/cpu.max":      "150000 100000\n",
		"sys/fs/cgroup/system.slice/runner.service/cpu.stat":     stat2(100, 10, 5000),
		"sys/fs/cgroup/system.slice/runner.service/cpu.pressure": pressure(1000),
		"sys/fs/cgroup/system.slice/cpu.max":                     "max 100000\n",
		"sys/fs/cgroup/system.slice/cpu.stat":                    stat2(0, 0, 0),
		"sys/fs/cgroup/cpu.stat":                                 "usage_usec 88\nuser_usec 44\nsystem_usec 44\n",
		"proc/pressure/cpu":                                      pressure(7),
		"proc/stat":                                              cpuLine(1000, 50),
	}
	// version 2 in a container: its own group is the root of the mount
	container = files{
		"proc/self/cgroup": "0::/\n",
		"proc/self/mountinfo": "1714 1707 0:30 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 " +
			"cgroup rw\n",
		"sys/fs/cgroup/cpu.max":    "50000 100000\n",
		"sys/fs/cgroup/cpu.stat":   stat2(100, 10, 5000),
		"proc/pressure/cpu":        pressure(7),
		"proc/stat":                cpuLine(1000, 50),
		"sys/fs/cgroup/cpu.weight": "100\n",
	}
	// version 1 in a container that is told the host's path
	docker = files{
		"proc/self/cgroup": "5:cpuset:/docker/0f2a\n4:cpu,cpuacct:/docker/0f2a\n1:name=systemd:/docker/0f2a\n",
		"proc/self/mountinfo": "620 610 0:28 /docker/0f2a /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset\n" +
			"621 610 0:29 /docker/0f2a /sys/fs/cgroup/cpu,cpuacct ro,nosuid - cgroup cgroup rw,cpu,cpuacct\n",
		"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us":  "25000\n",
		"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
		"sys/fs/cgroup/cpu,cpuacct/cpu.stat":          stat1(100, 10, 5000000),
	}
	// both versions, as systemd's hybrid: the controller is in version 1
	hybrid = files{
		"proc/self/cgroup": "3:cpu,cpuacct:/ci\n0::/ci.scope\n",
		"proc/self/mountinfo": `32 31 0:29 / /sys/fs/cgroup/cpu\040time rw - cgroup cgroup rw,cpu,cpuacct` + "\n" +
			"41 31 0:38 / /sys/fs/cgroup/unified rw shared:4 - cgroup2 cgroup2 rw\n",
		"sys/fs/cgroup/cpu time/ci/cpu.cfs_quota_us":    "-1\n",
		"sys/fs/cgroup/cpu time/ci/cpu.cfs_period_us":   "100000\n",
		"sys/fs/cgroup/cpu time/ci/cpu.stat":            stat1(0, 0, 0),
		"sys/fs/cgroup/cpu time/cpu.stat":               stat1(0, 0, 0),
		"sys/fs/cgroup/unified/ci.scope/cpu.stat":       "usage_usec 1\n",
		"sys/fs/cgroup/unified/ci.scope/cpu.pressure":   pressure(1000),
		"sys/fs/cgroup/unified/cpu.stat":                "usage_usec 1\n",
		"sys/fs/cgroup/unified/ci.scope/cgroup.threads": "1\n",
	}
)

// A reading tells of the time since the last one, whatever the layout; what
// is not there, or is damaged, is not known.
func TestReadKernel(t *testing.T) {
	const us = time.Microsecond
	all := float64(runtime.GOMAXPROCS(0))
	tests := []struct {
		name    string
		before  files
		changed files
		want    result.Generator
	}{
		{"version 2", unified, files{
			"sys/fs/cgroup/system.slice/runner.service/cpu.stat":     stat2(110, 13, 9000),
			"sys/fs/cgroup/system.slice/runner.service/cpu.pressure": pressure(1001),
			"proc/stat": cpuLine(1190, 60),
		}, result.Generator{
			CPUs:     min(all, 1.5),
			Throttle: &result.Throttle{Periods: 10, Throttled: 3, Time: 4000 * us},
			Steal:    &result.Share{Time: 100 * time.Millisecond, Of: 2 * time.Second},
			Pressure: &result.Share{Time: us},
		}},
		{"a quota above the own group", unified, files{
			"sys/fs/cgroup/system.slice/cpu.max":  "20000 100000\n",
			"sys/fs/cgroup/system.slice/cpu.stat": stat2(5, 5, 300),
		}, result.Generator{
			CPUs: 0.2, Throttle: &result.Throttle{Periods: 5, Throttled: 5, Time: 300 * us}, Pressure: &result.Share{},
		}},
		{"a container of version 2", container, files{
			"sys/fs/cgroup/cpu.stat": stat2(110, 11, 6000), "proc/pressure/cpu": pressure(10),
		}, result.Generator{
			CPUs: 0.5, Throttle: &result.Throttle{Periods: 10, Throttled: 1, Time: 1000 * us},
			Pressure: &result.Share{Time: 3 * us},
		}},
		{"a container of version 1", docker, files{
			"sys/fs/cgroup/cpu,cpuacct/cpu.stat": stat1(110, 12, 7000000),
		}, result.Generator{CPUs: 0.25, Throttle: &result.Throttle{Periods: 10, Throttled: 2, Time: 2000 * us}}},
		{"both versions and no quota", hybrid, files{
			"sys/fs/cgroup/unified/ci.scope/cpu.pressure": pressure(1005),
		}, result.Generator{CPUs: all, Pressure: &result.Share{Time: 5 * us}}},
		{"a quota that comes while it runs", hybrid, files{
			"sys/fs/cgroup/cpu time/ci/cpu.cfs_quota_us": "5000\n",
			"sys/fs/cgroup/cpu time/ci/cpu.stat":         stat1(4, 4, 100),
		}, result.Generator{CPUs: 0.05, Throttle: &result.Throttle{Periods: 4, Throttled: 4, Time: 100},
			Pressure: &result.Share{}}},
		{"nothing is shown", nil, nil, result.Generator{CPUs: all}},
		{"damaged", container, files{
			"sys/fs/cgroup/cpu.max": "much\n", "proc/stat": "cpu  1 2 x\n", "proc/pressure/cpu": "some avg10=0.00\n",
		}, result.Generator{CPUs: all}},
		{"a quota, and counts that are damaged", container, files{
			"sys/fs/cgroup/cpu.stat": "nr_periods many\nnr_throttled 4\n", "proc/pressure/cpu": "",
		}, result.Generator{CPUs: 0.5}},
		{"a kernel of long ago", container, files{"proc/stat": "cpu  1 2 3 4 5 6 7\n", "proc/pressure/cpu": ""},
			result.Generator{CPUs: 0.5, Throttle: &result.Throttle{}}},
		{"a group that was made anew", container,
			files{"sys/fs/cgroup/cpu.stat": stat2(3, 1, 10), "proc/pressure/cpu": ""},
			result.Generator{CPUs: 0.5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := second(tt.before, tt.changed)
				if got == nil {
					t.Fatal("nothing is known")
				}
				// What this process itself did is not asked.
				of := cmpopts.IgnoreFields(result.Generator{}, "CPU", "Wakes", "Late", "Pause")
				if tt.want.Pressure != nil {
					tt.want.Pressure.Of = time.Second
				}
				if diff := cmp.Diff(&tt.want, got, of); diff != "" {
					t.Errorf("reading (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Being watched must cost the run nothing that it could notice: the whole of a
// reading is made of a few small files, however large they grow.
func BenchmarkReadSelf(b *testing.B) {
	read := selfmon.Read()
	b.ReportAllocs()
	for b.Loop() {
		read()
	}
}

func stat2(periods, throttled, us int) string {
	return fmt.Sprintf("usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods %d\nnr_throttled %d\nthrottled_usec "+
		"%d\nnr_bursts 0\nburst_usec 0\n", periods, throttled, us)
}

func stat1(periods, throttled, ns int) string {
	return fmt.Sprintf("nr_periods %d\nnr_throttled %d\nthrottled_time %d\n", periods, throttled, ns)
}

func pressure(us int) string {
	return fmt.Sprintf(
		"some avg10=0.07 avg60=9.66 avg300=15.01 total=%d\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n", us)
}

// cpuLine is the beginning of /proc/stat, in hundredths of a second.
func cpuLine(other, steal int) string {
	return fmt.Sprintf("cpu  %d 0 0 0 0 0 0 %d 77 7\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 88 0 0\n", other, steal)
}
