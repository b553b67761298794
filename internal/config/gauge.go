package config

import (
	"slices"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// reading is one value of a source.
type reading struct {
	name string
	unit unit.Unit
	kind metric.Kind
	doc  string
}

// gauge is a kind of probe.
type gauge struct {
	from  string
	doc   string
	reads []reading // the first is the default; nil: keys say what is read
	keys  []string  // beside those of every resource
	needs []string  // of keys
	one   []string  // of keys: exactly one
}

// gauges is the table of all kinds of probes. A new one begins with a line
// here.
func gauges() []gauge {
	found := []string{"pid", "pidfile", "port", "named"}
	return []gauge{
		{from: "host", doc: "the machine that loadgate runs on", reads: []reading{
			{"cpu", unit.Ratio, metric.Level, "processor time in use, of all processors"},
			{"memory", unit.Ratio, metric.Level, "memory that is not available, of all"},
			{"load", unit.Count, metric.Level, "processes that run or wait to, one minute's mean, for each processor"},
			{"steal", unit.Ratio, metric.Level, "processor time that the hypervisor took"},
			{"pressure", unit.Ratio, metric.Level, "time in which something waited for a processor"},
		}},
		{from: "process", doc: "a process of this machine, with its children", keys: found, reads: []reading{
			{"rss", unit.Bytes, metric.Level, "resident memory"},
			{"cpu", unit.Ratio, metric.Level, "processor time, of all processors of the machine"},
			{"descriptors", unit.Count, metric.Level, "open files and sockets"},
			{"threads", unit.Count, metric.Level, "threads"},
		}},
		{from: "cgroup", doc: "a container's group, or the one that a process is in",
			keys: append(slices.Clone(found), "path"), reads: []reading{
				{"memory", unit.Ratio, metric.Level, "memory in use without what can be dropped, of its limit"},
				{"cpu", unit.Ratio, metric.Level, "processor time, of its quota"},
				{"throttled", unit.Ratio, metric.Ratio, "periods in which its quota was used up"},
			}},
		{from: "metrics", doc: "a page in Prometheus' text format",
			keys: []string{"url", "gauge", "counter", "histogram", "of", "labels", "percentile", "unit"},
			one:  []string{"gauge", "counter", "histogram"}},
		{from: "prometheus", doc: "a Prometheus server", keys: []string{"url", "query", "unit"},
			needs: []string{"url", "query"}},
		{from: "postgres", doc: "PostgreSQL", keys: []string{"dsn", "pool"}, needs: []string{"dsn"}, reads: []reading{
			{"connections", unit.Ratio, metric.Level,
				"connections of clients, of those that the server allows; with pool: busy ones of the pool's"},
			{"cache_hit_ratio", unit.Ratio, metric.Ratio, "blocks that were found in memory"},
			{"deadlocks", unit.Count, metric.Total, "deadlocks"},
			{"longest_transaction", unit.Duration, metric.Level, "age of the oldest transaction that is open"},
			{"temp_files", unit.Count, metric.Total, "files that sorts and joins wrote for lack of memory"},
		}},
		{from: "redis", doc: "Redis or Valkey", keys: []string{"url"}, needs: []string{"url"}, reads: []reading{
			{"hit_rate", unit.Ratio, metric.Ratio, "look-ups that found their key"},
			{"memory", unit.Bytes, metric.Level, "memory in use"},
			{"clients", unit.Count, metric.Level, "connections of clients"},
			{"evictions", unit.Count, metric.Total, "keys that were dropped for lack of memory"},
		}},
		{from: "command", doc: "what a command prints: one number",
			keys: []string{"run", "unit"}, needs: []string{"run"}},
		{from: "json", doc: "a value of a JSON answer", keys: []string{"url", "value", "unit"},
			needs: []string{"url", "value"}},
	}
}
