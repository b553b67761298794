package selfmon

import (
	"bytes"
	"io"
	"io/fs"
	"time"

	"github.com/loadgate/loadgate/internal/cgroup"
	"github.com/loadgate/loadgate/internal/result"
)

// kernel reads what Linux reports about the time that this process did not get: a
// few small files a second. A file that is missing or malformed yields no value;
// on other systems all are missing.
//
// Note: libraries that read /proc read every processor and every interrupt into
// new memory. This runs once a second during the load.
type kernel struct {
	root     fs.FS
	groups   cgroup.Groups
	text     []byte // what the last file said
	pressure string // the file
	last     kernelCounts
}

// kernelCounts are counters since the machine started, or the group was made.
type kernelCounts struct {
	throttles       []result.Throttle // of each level; one with -1 periods is not known
	stolen, machine time.Duration
	waited          time.Duration
	steals, presses bool // whether the two above are known
}

const (
	statFile     = "proc/stat"
	pressureFile = "proc/pressure/cpu"
	// jiffy is the unit of /proc/stat: USER_HZ is 100 everywhere (time(7)).
	jiffy = time.Second / 100
)

func newKernel(root fs.FS) *kernel {
	k := &kernel{root: root, groups: cgroup.Find(root, "self"), text: make([]byte, 4096), pressure: pressureFile}
	if k.groups.Own != "" {
		own := k.groups.Own + "/cpu.pressure"
		if _, ok := cgroup.Pressure(k.read(own)); ok {
			k.pressure = own
		}
	}
	return k
}

// fill adds what happened since the last call, passed ago, to g.
func (k *kernel) fill(g *result.Generator, passed time.Duration) {
	var now kernelCounts
	g.Throttle, now.throttles = k.throttled()
	if quota, ok := k.groups.Quota(k.read); ok {
		g.CPUs = min(g.CPUs, quota)
	} else {
		g.Throttle = nil
	}
	now.stolen, now.machine, now.steals = stolen(k.read(statFile))
	if now.steals && k.last.steals {
		g.Steal = share(now.stolen-k.last.stolen, now.machine-k.last.machine)
	}
	now.waited, now.presses = cgroup.Pressure(k.read(k.pressure))
	if now.presses && k.last.presses {
		g.Pressure = share(now.waited-k.last.waited, passed)
	}
	k.last = now
}

// share is nil where no time passed. Counters are not read at one instant, and
// some wobble.
func share(part, of time.Duration) *result.Share {
	if of <= 0 {
		return nil
	}
	return &result.Share{Time: min(max(part, 0), of), Of: of}
}

// throttled is what the groups' quotas did since the last reading, and the
// counts to compare with next time.
func (k *kernel) throttled() (*result.Throttle, []result.Throttle) {
	var sum *result.Throttle
	counts := make([]result.Throttle, 0, len(k.groups.Levels))
	for i, level := range k.groups.Levels {
		stat, ok := cgroup.ReadThrottles(k.read(level + "/cpu.stat"))
		now := result.Throttle{Periods: stat.Periods, Throttled: stat.Throttled, Time: stat.Time}
		if !ok {
			now = result.Throttle{Periods: -1}
		}
		counts = append(counts, now)
		if !ok || i >= len(k.last.throttles) {
			continue
		}
		last := k.last.throttles[i]
		grown := result.Throttle{Periods: now.Periods - last.Periods,
			Throttled: now.Throttled - last.Throttled, Time: now.Time - last.Time}
		if last.Periods < 0 || grown.Periods < 0 || grown.Throttled < 0 || grown.Time < 0 {
			continue
		}
		if sum == nil {
			sum = &result.Throttle{}
		}
		// A period may be throttled before it is counted.
		sum.Periods += max(grown.Periods, grown.Throttled)
		sum.Throttled += grown.Throttled
		sum.Time += grown.Time
	}
	return sum, counts
}

// stolen reads the first line of /proc/stat: the time that the host took, and
// all time of all processors. User time holds that of guests.
//
//	cpu user nice system idle iowait irq softirq steal guest guest_nice
func stolen(text []byte) (steal, all time.Duration, ok bool) {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 9 || string(fields[0]) != "cpu" {
		return 0, 0, false
	}
	for _, field := range fields[1:9] {
		n := cgroup.Number(field)
		if n < 0 {
			return 0, 0, false
		}
		steal = time.Duration(n) * jiffy
		all += steal
	}
	return steal, all, true
}

// read returns the beginning of a file, until the next call; nil: it cannot be
// read.
func (k *kernel) read(name string) []byte {
	f, err := k.root.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	n, err := io.ReadFull(f, k.text)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil
	}
	return k.text[:n]
}
