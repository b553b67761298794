package demo

import (
	"bytes"
	"fmt"
	"slices"
)

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
