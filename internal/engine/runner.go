package engine

import (
	"runtime"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/mem"

	"github.com/loadgate/loadgate/internal/result"
)

// Runner is the machine that makes the load. What cannot be read stays
// unknown. Its cores are those that this process may use at once, which a
// container's quota may make fewer than the machine has.
func Runner() result.Runner {
	r := result.Runner{Cores: runtime.GOMAXPROCS(0), OS: runtime.GOOS + "/" + runtime.GOARCH}
	if infos, err := cpu.Info(); err == nil && len(infos) > 0 {
		r.CPU = infos[0].ModelName
	}
	if memory, err := mem.VirtualMemory(); err == nil && memory.Total < 1<<50 {
		r.Memory = int64(memory.Total)
	}
	return r
}
