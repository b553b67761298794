package grammar

import (
	"cmp"
	"slices"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
)

// Reading is one value of a source.
type Reading struct {
	Name string
	Unit unit.Unit
	Kind metric.Kind
	doc  string
}

// Gauge is a kind of probe.
type Gauge struct {
	From  metric.Source
	doc   string
	Reads []Reading // the first is the default; nil: keys say what is read
	// advice is what to do where the limit of one of Reads is broken; reason.SeeResource where
	// it has none.
	advice map[string]reason.Code
	Keys   []string // beside those of every resource
	Needs  []string // of keys
	One    []string // of keys: exactly one
}

// Gauges is the table of all kinds of probes. A new one begins with a line
// here.
func Gauges() []Gauge {
	found := []string{"pid", "pidfile", "port", "named"}
	return []Gauge{
		{From: metric.FromHost, doc: "the machine that loadgate runs on", Reads: []Reading{
			{"cpu", unit.Ratio, metric.Level, "processor time in use, of all processors"},
			{"memory", unit.Ratio, metric.Level, "memory that is not available, of all"},
			{"load", unit.Count, metric.Level, "processes that run or wait to, one minute's mean, for each processor"},
			{"steal", unit.Ratio, metric.Level, "processor time that the hypervisor took"},
			{"pressure", unit.Ratio, metric.Level, "time in which something waited for a processor"},
		}, advice: map[string]reason.Code{"cpu": reason.SeeHostCPU, "memory": reason.SeeMemory}},
		{From: metric.FromProcess, doc: "a process of this machine, with its children", Keys: found, Reads: []Reading{
			{"rss", unit.Bytes, metric.Level, "resident memory"},
			{"cpu", unit.Ratio, metric.Level, "processor time, of all processors of the machine"},
			{"descriptors", unit.Count, metric.Level, "open files and sockets"},
			{"threads", unit.Count, metric.Level, "threads"},
		}, advice: map[string]reason.Code{"rss": reason.SeeMemory}},
		{From: metric.FromCgroup, doc: "a container's group, or the one that a process is in",
			Keys: append(slices.Clone(found), "path"), Reads: []Reading{
				{"memory", unit.Ratio, metric.Level, "memory in use without what can be dropped, of its limit"},
				{"cpu", unit.Ratio, metric.Level, "processor time, of its quota"},
				{"throttled", unit.Ratio, metric.Ratio, "periods in which its quota was used up"},
			}, advice: map[string]reason.Code{"memory": reason.SeeMemory}},
		{From: metric.FromMetricsPage, doc: "a page in Prometheus' text format",
			Keys: []string{"url", "gauge", "counter", "histogram", "of", "labels", "percentile", "unit"},
			One:  []string{"gauge", "counter", "histogram"}},
		{From: metric.FromPrometheus, doc: "a Prometheus server", Keys: []string{"url", "query", "unit"},
			Needs: []string{"url", "query"}},
		{From: metric.FromPostgres, doc: "PostgreSQL", Keys: []string{"dsn", "pool"}, Needs: []string{"dsn"},
			Reads: []Reading{
				{"connections", unit.Ratio, metric.Level,
					"client connections, as a share of those allowed; with pool: busy ones, as a share of the pool"},
				{"cache_hit_ratio", unit.Ratio, metric.Ratio, "blocks that were found in memory"},
				{"deadlocks", unit.Count, metric.Total, "deadlocks"},
				{"longest_transaction", unit.Duration, metric.Level, "age of the oldest transaction that is open"},
				{"temp_files", unit.Count, metric.Total, "files that sorts and joins wrote for lack of memory"},
			}, advice: map[string]reason.Code{
				"connections": reason.SeeConnections, "cache_hit_ratio": reason.SeeHits,
			}},
		{From: metric.FromRedis, doc: "Redis or Valkey", Keys: []string{"url"}, Needs: []string{"url"},
			Reads: []Reading{
				{"hit_rate", unit.Ratio, metric.Ratio, "look-ups that found their key"},
				{"memory", unit.Bytes, metric.Level, "memory in use"},
				{"clients", unit.Count, metric.Level, "connections of clients"},
				{"evictions", unit.Count, metric.Total, "keys that were dropped for lack of memory"},
			}, advice: map[string]reason.Code{"hit_rate": reason.SeeHits, "memory": reason.SeeMemory}},
		{From: metric.FromCommand, doc: "what a command prints: one number",
			Keys: []string{"run", "unit"}, Needs: []string{"run"}},
		{From: metric.FromJSON, doc: "a value of a JSON answer", Keys: []string{"url", "value", "unit"},
			Needs: []string{"url", "value"}},
	}
}

// Advice is what to do where the limit of a source's reading is broken.
func Advice(from metric.Source, read string) reason.Code {
	for _, g := range Gauges() {
		if g.From == from {
			return cmp.Or(g.advice[read], reason.SeeResource)
		}
	}
	return reason.SeeResource
}
