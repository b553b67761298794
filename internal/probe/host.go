package probe

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"time"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/load"
	"github.com/shirou/gopsutil/v4/mem"

	"github.com/loadgate/loadgate/internal/cgroup"
	"github.com/loadgate/loadgate/internal/config"
)

func openHost(p config.Probe, _ *World) (Probe, error) {
	switch p.Read {
	case "memory":
		return level(hostMemory), nil
	case "load":
		return level(hostLoad), nil
	case "steal":
		return hostTimes(func(t cpu.TimesStat) float64 { return t.Steal }), nil
	case "pressure":
		return hostPressure(), nil
	case "cpu":
		return hostTimes(busy), nil
	}
	return Probe{}, unknownReading(p)
}

func hostMemory(ctx context.Context) (float64, error) {
	m, err := mem.VirtualMemoryWithContext(ctx)
	if err != nil || m.Total == 0 {
		return 0, fmt.Errorf("the machine does not report its memory: %v", err)
	}
	return float64(m.Total-m.Available) / float64(m.Total), nil
}

func hostLoad(ctx context.Context) (float64, error) {
	l, err := load.AvgWithContext(ctx)
	if err != nil {
		return 0, fmt.Errorf("the machine does not report its load: %v", err)
	}
	return l.Load1 / float64(runtime.NumCPU()), nil
}

// busy is the time in which processors worked; that of guests is in User
// already. It is a sum and no difference: rounding would make a difference of
// growing counters fall now and then.
func busy(t cpu.TimesStat) float64 {
	return t.User + t.System + t.Nice + t.Irq + t.Softirq + t.Steal
}

// all is the time of all processors.
func all(t cpu.TimesStat) float64 { return busy(t) + t.Idle + t.Iowait }

// hostTimes is a part of the processors' time from one look to the next.
func hostTimes(part func(cpu.TimesStat) float64) Probe {
	var seen counter
	return Probe{Read: func(ctx context.Context) (Value, error) {
		times, err := cpu.TimesWithContext(ctx, false)
		if err != nil || len(times) == 0 {
			return Value{}, fmt.Errorf("the machine does not report its processor times: %v", err)
		}
		v, err := leveled(seen.share(time.Now(), part(times[0]), all(times[0])))
		v.Number = min(v.Number, 1) // sums of hundredths of a second round above it
		return v, err
	}}
}

// leveled turns a share of time into a level: each interval is a reading.
func leveled(v Value, err error) (Value, error) { return Value{Number: v.Number}, err }

// hostPressure is the time in which something waited for a processor.
func hostPressure() Probe {
	var seen counter
	return Probe{Read: func(context.Context) (Value, error) {
		text, err := os.ReadFile("/proc/pressure/cpu")
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return Value{}, errors.New("this machine's kernel does not report its pressure (/proc/pressure/cpu)")
		case err != nil:
			return Value{}, err
		}
		waited, ok := cgroup.Pressure(text)
		if !ok {
			return Value{}, errors.New("/proc/pressure/cpu has no total")
		}
		v, err := seen.rate(time.Now(), waited.Seconds())
		return leveled(v, err)
	}}
}
