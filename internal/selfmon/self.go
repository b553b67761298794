// Package selfmon is what the generator knows of itself: whether this process and
// its machine could keep the timetable of a run. It knows nothing of the load.
package selfmon

import (
	"io/fs"
	"math"
	"os"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// The runtime's own histograms, cumulative since the process began.
const (
	schedLatencies = "/sched/latencies:seconds"       // from runnable to running
	gcPauses       = "/sched/pauses/total/gc:seconds" // the whole process stood still
)

// lateWake is the time from runnable to running above which a wake-up counts
// as late (statistics, section 8).
const lateWake = time.Millisecond

// briefest is the shortest time that shares are given for. A process that stood still makes up for its seconds within
// milliseconds, in which it seems to take more processors than it has.
const briefest = 50 * time.Millisecond

// self reads what the generator's process did from one reading to the next,
// for the gate to know whether to believe the rest. It is used by one
// goroutine.
type self struct {
	samples []metrics.Sample
	wakes   []uint64 // counts of schedLatencies at the last reading
	pauses  []uint64
	kernel  *kernel
	cpu     time.Duration
	at      time.Time
}

// Read returns a reader of this process: each call tells what it did since
// the one before. For one goroutine.
func Read() func() *result.Generator { return ReadIn(os.DirFS("/")) }

// ReadIn is Read where root is what the kernel shows of the machine:
// proc, and sys or wherever its cgroups are mounted. What is not there is not
// known.
func ReadIn(root fs.FS) func() *result.Generator {
	s := &self{samples: []metrics.Sample{{Name: schedLatencies}, {Name: gcPauses}}, kernel: newKernel(root)}
	s.read()
	return s.read
}

// read returns what happened since the last reading. Where hardly any time passed there is no share of it.
func (s *self) read() *result.Generator {
	now := time.Now()
	passed := now.Sub(s.at)
	if passed < briefest {
		passed = 0
	}
	g := &result.Generator{CPUs: float64(runtime.GOMAXPROCS(0))}
	s.kernel.fill(g, passed)
	if cpu, ok := processTime(); ok {
		if passed > 0 {
			g.CPU = new(float64(cpu-s.cpu) / float64(passed) / g.CPUs)
		}
		s.cpu = cpu
	}
	metrics.Read(s.samples)
	s.wakes = since(s.samples[0], s.wakes, func(edge float64, n uint64) {
		g.Wakes += int64(n)
		if edge >= lateWake.Seconds() {
			g.Late += int64(n)
		}
	})
	s.pauses = since(s.samples[1], s.pauses, func(edge float64, n uint64) {
		g.Pause = max(g.Pause, time.Duration(edge*float64(time.Second)))
	})
	s.at = now
	return g
}

// since visits the buckets of a histogram that grew, with their lower edge and
// by how much, and returns the counts to compare with next time. A metric that
// this runtime does not have has no buckets.
func since(sample metrics.Sample, last []uint64, visit func(edge float64, n uint64)) []uint64 {
	if sample.Value.Kind() != metrics.KindFloat64Histogram {
		return nil
	}
	h := sample.Value.Float64Histogram()
	counts := append(last[:0:0], h.Counts...)
	for i, n := range h.Counts {
		if i < len(last) {
			n -= last[i]
		}
		if n > 0 {
			visit(max(0, noInf(h.Buckets[i])), n)
		}
	}
	return counts
}

// noInf is the edge of an open bucket.
func noInf(edge float64) float64 {
	if math.IsInf(edge, 0) {
		return 0
	}
	return edge
}
