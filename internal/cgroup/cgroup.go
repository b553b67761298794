// Package cgroup knows where Linux lists the control groups around a process, and
// how to read their figures of processors and memory. It reads no clock and opens
// files only through the file system that it is given.
package cgroup

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Groups are the folders in which Linux tells about a process's group and those
// around it: names in a file system whose root is that of the machine. The zero
// value has none.
type Groups struct {
	// Levels have the CPU controller: the process's own group first, then
	// those around it, as far up as they can be seen. A quota may stand at any
	// of them.
	Levels []string
	Old    bool   // of version 1
	Own    string // the own group of version 2, which tells the pressure; empty: none
	// Memory are the same for the memory controller.
	Memory []string
}

// Find reads where a process, given by its number or as self, is in the
// hierarchies, and where those are mounted for this one. Whatever cannot be read
// is not there.
func Find(root fs.FS, process string) Groups {
	member, err := fs.ReadFile(root, "proc/"+process+"/cgroup")
	if err != nil {
		return Groups{}
	}
	table, err := fs.ReadFile(root, "proc/self/mountinfo")
	if err != nil {
		return Groups{}
	}
	mounts := mountsOf(string(table))
	var found Groups
	var oldMemory bool
	for line := range strings.Lines(string(member)) {
		// hierarchy:controllers:path; the one of version 2 is 0::path.
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(fields) != 3 {
			continue
		}
		controllers := strings.Split(fields[1], ",")
		if slices.Contains(controllers, "memory") {
			found.Memory, oldMemory = mounts.levels(root, "memory", fields[2]), true
		}
		switch {
		case fields[0] == "0" && fields[1] == "":
			levels := mounts.levels(root, "", fields[2])
			if len(levels) > 0 {
				found.Own = levels[0]
			}
			if !found.Old {
				found.Levels = levels
			}
			if !oldMemory {
				found.Memory = levels
			}
		case slices.Contains(controllers, "cpu"):
			found.Levels, found.Old = mounts.levels(root, "cpu", fields[2]), true
		}
	}
	return found
}

// mount is where a hierarchy, or the part of it below root, can be seen.
type mount struct {
	root, point string
	options     []string
	second      bool // of version 2
}

type mountTable []mount

// mountsOf reads the mounts of cgroups. A line of mountinfo is
//
//	id parent device root point options [optional...] - type source options
//
// with blanks written as \040 (proc(5)).
func mountsOf(text string) mountTable {
	var all mountTable
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	for line := range strings.Lines(text) {
		before, after, ok := strings.Cut(line, " - ")
		place, kind := strings.Fields(before), strings.Fields(after)
		if !ok || len(place) < 6 || len(kind) < 3 || kind[0] != "cgroup" && kind[0] != "cgroup2" {
			continue
		}
		all = append(all, mount{
			root: unescape.Replace(place[3]), point: unescape.Replace(place[4]),
			options: strings.Split(kind[2], ","), second: kind[0] == "cgroup2",
		})
	}
	return all
}

// levels finds a group's folder and those above it, in the hierarchy of a
// controller of version 1, or in that of version 2 where it is empty.
func (t mountTable) levels(root fs.FS, controller, group string) []string {
	if !path.IsAbs(group) || strings.HasPrefix(group, "/..") { // seen from a namespace that it is not in
		return nil
	}
	for _, m := range t {
		if m.second != (controller == "") || !m.second && !slices.Contains(m.options, controller) {
			continue
		}
		shown := "cpu.stat"
		if controller == "memory" {
			shown = "memory.stat"
		}
		var levels []string
		for dir := m.folder(group); ; dir = path.Dir(dir) {
			if _, err := fs.Stat(root, inside(path.Join(dir, shown))); err == nil {
				levels = append(levels, inside(dir))
			}
			if dir == m.point || dir == "/" {
				break
			}
		}
		if len(levels) > 0 {
			return levels
		}
	}
	return nil
}

// folder is where a group is found in a mount. A container often sees its own group
// at the mount's root, while its listed path does not exist there.
func (m mount) folder(group string) string {
	if below, ok := strings.CutPrefix(group, strings.TrimSuffix(m.root, "/")); ok && (below == "" || below[0] == '/') {
		return path.Join(m.point, below)
	}
	return m.point
}

// inside is an absolute path as a name in a file system.
func inside(absolute string) string { return strings.TrimPrefix(absolute, "/") }

// Read reads the beginning of a file of a group; nil: it cannot be read.
type Read func(name string) []byte

// ReadIn reads whole files of a file system.
func ReadIn(root fs.FS) Read {
	return func(name string) []byte {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return nil
		}
		return text
	}
}

// Quota is the least quota at these levels, in processors; false: none.
func (g Groups) Quota(read Read) (cpus float64, ok bool) {
	for _, level := range g.Levels {
		var most, period int64
		if g.Old {
			most, period = Number(read(level+"/cpu.cfs_quota_us")), Number(read(level+"/cpu.cfs_period_us"))
		} else if a, b, both := bytes.Cut(read(level+"/cpu.max"), []byte(" ")); both {
			most, period = Number(a), Number(b) // "max" is not a number: no quota
		}
		if most <= 0 || period <= 0 {
			continue
		}
		if here := float64(most) / float64(period); !ok || here < cpus {
			cpus, ok = here, true
		}
	}
	return cpus, ok
}

// MemoryLimit is the least limit at these levels, in bytes; false: none. Where
// there is none the kernel says max, or a number that no machine has.
func (g Groups) MemoryLimit(read Read) (limit int64, ok bool) {
	const most = 1 << 60
	for _, level := range g.Memory {
		for _, name := range []string{"/memory.max", "/memory.limit_in_bytes"} { // of version 2 and of version 1
			if here := Number(read(level + name)); here > 0 && here < most && (!ok || here < limit) {
				limit, ok = here, true
			}
		}
	}
	return limit, ok
}

// MemoryUsed is what the innermost group uses and cannot drop at once, in bytes;
// false: it is not reported.
func (g Groups) MemoryUsed(read Read) (used int64, ok bool) {
	if len(g.Memory) == 0 {
		return 0, false
	}
	own := g.Memory[0]
	used = max(Number(read(own+"/memory.current")), Number(read(own+"/memory.usage_in_bytes")))
	stat := read(own + "/memory.stat")
	droppable := max(Field(stat, "inactive_file"), Field(stat, "total_inactive_file"), 0)
	return max(used-droppable, 0), used >= 0
}

// CPUTime is what the innermost group has used of processors since it was made;
// false: it is not reported.
func (g Groups) CPUTime(read Read) (time.Duration, bool) {
	if len(g.Levels) == 0 {
		return 0, false
	}
	if g.Old {
		n := Number(read(g.Levels[0] + "/cpuacct.usage"))
		return time.Duration(n), n >= 0
	}
	n := Field(read(g.Levels[0]+"/cpu.stat"), "usage_usec")
	return time.Duration(n) * time.Microsecond, n >= 0
}

// Throttles are the periods of a quota, and those in which it was used up.
type Throttles struct {
	Periods, Throttled int64
	Time               time.Duration // held still, added up over processors
}

// ReadThrottles reads cpu.stat, of either version; false: it is not reported.
func ReadThrottles(text []byte) (t Throttles, ok bool) {
	var known [2]bool
	each(text, func(key string, n int64) {
		switch key {
		case "nr_periods":
			t.Periods, known[0] = n, true
		case "nr_throttled":
			t.Throttled, known[1] = n, true
		case "throttled_usec":
			t.Time = time.Duration(n) * time.Microsecond
		case "throttled_time":
			t.Time = time.Duration(n)
		}
	})
	return t, known[0] && known[1]
}

// Pressure reads the total of the line "some" of a pressure file: how long at least
// one task waited for a processor. False: it is not reported.
func Pressure(text []byte) (time.Duration, bool) {
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) == 0 || string(fields[0]) != "some" {
			continue
		}
		for _, field := range fields[1:] {
			if total, ok := bytes.CutPrefix(field, []byte("total=")); ok && Number(total) >= 0 {
				return time.Duration(Number(total)) * time.Microsecond, true
			}
		}
	}
	return 0, false
}

// Field reads one number of a file of lines "key number"; -1: it is not there.
func Field(text []byte, name string) int64 {
	found := int64(-1)
	each(text, func(key string, n int64) {
		if key == name {
			found = n
		}
	})
	return found
}

func each(text []byte, visit func(key string, n int64)) {
	for line := range bytes.Lines(text) {
		key, value, _ := bytes.Cut(line, []byte(" "))
		if n := Number(value); n >= 0 {
			visit(string(key), n)
		}
	}
}

// Number reads a whole number that is not negative; -1: the text is not one.
func Number(text []byte) int64 {
	n, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64)
	if err != nil {
		return -1
	}
	return max(n, -1)
}
