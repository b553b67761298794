package selfmon

import (
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/mem"

	"github.com/loadgate/loadgate/internal/cgroup"
	"github.com/loadgate/loadgate/internal/result"
)

// Runner is the machine that makes the load. What cannot be read stays
// unknown. Its cores are those that this process may use at once, and its
// memory likewise: a container's limits may make them fewer than the machine
// has.
func Runner() result.Runner {
	r := result.Runner{Cores: runtime.GOMAXPROCS(0), OS: runtime.GOOS + "/" + runtime.GOARCH}
	if infos, err := cpu.Info(); err == nil && len(infos) > 0 {
		r.CPU = strings.Join(strings.Fields(infos[0].ModelName), " ")
	}
	if memory, err := mem.VirtualMemory(); err == nil && memory.Total < 1<<50 {
		r.Memory = MemoryIn(os.DirFS("/"), int64(memory.Total))
	}
	return r
}

// MemoryIn is how many bytes of a machine's memory the cgroups leave to this
// process, where root is what the kernel shows of the machine.
func MemoryIn(root fs.FS, machine int64) int64 {
	if limit, ok := cgroup.Find(root, "self").MemoryLimit(cgroup.ReadIn(root)); ok {
		return min(machine, limit)
	}
	return machine
}
