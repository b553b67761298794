package demo

import (
	"bytes"
	"fmt"
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

// write renders the Prometheus text format.
func (s *service) metricsText() document {
	var out bytes.Buffer
	header := func(name, kind, help string) {
		fmt.Fprintf(&out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	}
	single := func(name, kind, help string, value float64) {
		header(name, kind, help)
		fmt.Fprintf(&out, "%s %g\n", name, value)
	}
	routes := append(s.table[:len(s.table):len(s.table)], nil)
	header("http_requests_total", "counter", "Requests answered.")
	for _, r := range routes {
		s.metrics.counts[r].writeCounters(&out)
	}
	header("http_request_duration_seconds", "histogram", "Time from the request to its answer.")
	for _, r := range routes {
		s.metrics.counts[r].writeHistogram(&out)
	}
	inUse := len(s.pool)
	used := min(machineMemory, memoryAtRest+int64(inUse)*memoryOfCall+s.leak.size())
	single("system_cpu_usage_percent", "gauge", "CPU of the whole machine.", s.metrics.cpuPercent())
	single("system_memory_usage_bytes", "gauge", "Memory in use on the whole machine.", float64(used))
	single("system_memory_available_bytes", "gauge", "Memory left on the whole machine.", float64(machineMemory-used))
	single("database_connections_in_use", "gauge", "Connections of the pool in use.", float64(inUse))
	single("database_connections_max", "gauge", "Connections of the pool.", float64(cap(s.pool)))
	single("process_cpu_seconds_total", "counter", "Processor time of the service.", s.metrics.used().Seconds())
	if s.cache.down() { // an exporter tells no more of a server that does not answer
		single("cache_up", "gauge", "Whether the cache answers.", 0)
		return out.Bytes()
	}
	single("cache_up", "gauge", "Whether the cache answers.", 1)
	single("cache_keys", "gauge", "Answers in the cache.", float64(s.cache.size()))
	single("cache_hits_total", "counter", "Cache look-ups that found an answer.", float64(s.cache.hits.Load()))
	single("cache_misses_total", "counter", "Cache look-ups that did not.", float64(s.cache.misses.Load()))
	return out.Bytes()
}

func (t *tally) writeCounters(out *bytes.Buffer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var statuses []int
	for status := range t.statuses {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	for _, status := range statuses {
		fmt.Fprintf(out, "http_requests_total{method=%q,endpoint=%q,status=\"%d\"} %d\n",
			t.method, t.path, status, t.statuses[status])
	}
}

func (t *tally) writeHistogram(out *bytes.Buffer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const name = "http_request_duration_seconds"
	labels := fmt.Sprintf("method=%q,endpoint=%q", t.method, t.path)
	var total uint64
	for i, n := range t.buckets {
		total += n
		if i < len(durationEdges) {
			fmt.Fprintf(out, "%s_bucket{%s,le=\"%g\"} %d\n", name, labels, durationEdges[i], total)
		}
	}
	fmt.Fprintf(out, "%s_bucket{%s,le=\"+Inf\"} %d\n%s_sum{%s} %g\n%s_count{%s} %d\n",
		name, labels, total, name, labels, t.seconds, name, labels, total)
}
