package demo

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// The machine that the service says it runs on. Its gauges follow the load,
// not this process, which may be busy with much else.
const (
	machineCores  = 2
	machineMemory = 1 << 30
	memoryAtRest  = 400 << 20
	memoryOfCall  = 256 << 10 // while it is answered
	cpuAtRest     = 2.5       // percent
	cpuShare      = 0.2       // of a request's base time is spent on a core, the rest waiting
)

// durationEdges are the histogram's, in seconds. As on the real service none
// stands at 150, 200 or 300 ms, where the thresholds are.
var durationEdges = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// metrics counts requests by route. It is safe for concurrent use.
type metrics struct {
	counts map[*route]*tally
	busy   atomic.Int64 // nanoseconds of base time begun
	burned atomic.Int64 // nanoseconds of processor time beyond that

	mu       sync.Mutex // of the CPU gauge
	lastTime time.Time
	lastUsed time.Duration
	cpu      float64 // percent, of the last window of a second or more
}

// tally is what one route has answered.
type tally struct {
	method, path string

	mu       sync.Mutex
	statuses map[int]uint64
	buckets  []uint64 // not cumulative; the last has no edge
	seconds  float64
}

func newMetrics(table []*route, now time.Time) *metrics {
	m := &metrics{counts: map[*route]*tally{}, lastTime: now, cpu: cpuAtRest}
	for _, r := range append(table[:len(table):len(table)], nil) {
		t := &tally{method: "ANY", path: "unmatched", statuses: map[int]uint64{},
			buckets: make([]uint64, len(durationEdges)+1)}
		if r != nil {
			t.method, t.path = r.method, r.path
		}
		m.counts[r] = t
	}
	return m
}

// count adds an answer; a nil route is a request that had none.
func (m *metrics) count(r *route, status int, took time.Duration) {
	bucket, _ := slices.BinarySearch(durationEdges, took.Seconds())
	t := m.counts[r]
	t.mu.Lock()
	defer t.mu.Unlock()
	t.statuses[status]++
	t.buckets[bucket]++
	t.seconds += took.Seconds()
}

// work adds a request's base time to what the CPU gauge is computed from.
func (m *metrics) work(took time.Duration) { m.busy.Add(int64(took)) }

// used is the processor time that the service says it has used.
func (m *metrics) used() time.Duration {
	return time.Duration(cpuShare*float64(m.busy.Load())) + time.Duration(m.burned.Load())
}

// cpuPercent is the gauge: the mean since the last reading, of a second or more.
func (m *metrics) cpuPercent() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	now, used := time.Now(), m.used()
	if window := now.Sub(m.lastTime); window >= time.Second {
		share := float64(used-m.lastUsed) / float64(window) / machineCores
		m.cpu = min(100, cpuAtRest+100*share)
		m.lastTime, m.lastUsed = now, used
	}
	return m.cpu
}
