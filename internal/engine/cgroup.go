package engine

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// cgroups are the folders in which Linux tells about this process's group and
// those around it: names in a file system whose root is that of the machine.
type cgroups struct {
	// levels have the CPU controller: the process's own group first, then
	// those around it, as far up as they can be seen. A quota may stand at any
	// of them.
	levels []string
	old    bool   // of version 1
	own    string // the own group of version 2, which tells the pressure; empty: none
	// memory are the same for the memory controller.
	memory []string
}

// findCgroups reads where this process is in the hierarchies and where those
// are mounted. Whatever cannot be read is not there.
func findCgroups(root fs.FS) cgroups {
	member, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return cgroups{}
	}
	table, err := fs.ReadFile(root, "proc/self/mountinfo")
	if err != nil {
		return cgroups{}
	}
	mounts := cgroupMounts(string(table))
	var found cgroups
	var oldMemory bool
	for line := range strings.Lines(string(member)) {
		// hierarchy:controllers:path; the one of version 2 is 0::path.
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(fields) != 3 {
			continue
		}
		controllers := strings.Split(fields[1], ",")
		if slices.Contains(controllers, "memory") {
			found.memory, oldMemory = mounts.levels(root, "memory", fields[2]), true
		}
		switch {
		case fields[0] == "0" && fields[1] == "":
			levels := mounts.levels(root, "", fields[2])
			if len(levels) > 0 {
				found.own = levels[0]
			}
			if !found.old {
				found.levels = levels
			}
			if !oldMemory {
				found.memory = levels
			}
		case slices.Contains(controllers, "cpu"):
			found.levels, found.old = mounts.levels(root, "cpu", fields[2]), true
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

// cgroupMounts reads the mounts of cgroups. A line of mountinfo is
//
//	id parent device root point options [optional...] - type source options
//
// with blanks written as \040 (proc(5)).
func cgroupMounts(text string) mountTable {
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

// folder is where a group is seen in a mount. A container often sees its own
// group at the mount's root and is told a path that does not exist there.
func (m mount) folder(group string) string {
	if below, ok := strings.CutPrefix(group, strings.TrimSuffix(m.root, "/")); ok && (below == "" || below[0] == '/') {
		return path.Join(m.point, below)
	}
	return m.point
}

// inside is an absolute path as a name in a file system.
func inside(absolute string) string { return strings.TrimPrefix(absolute, "/") }
