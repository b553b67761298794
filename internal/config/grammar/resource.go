package grammar

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/unit"
)

// AllowCommands under target.allow lets the commands of the file run.
const AllowCommands = target.Commands

// CommonKeys are those of every resource.
func CommonKeys() []string {
	return []string{"from", "max", "min", "warn", "by", "no_growth", "during", "profiles", "every", "optional"}
}

// amountText is a limit of any dimension; a count may stand without quotes.
var amountText = &scalar{name: "amount", unit: "%, size, duration, rate or count", example: "70%",
	pattern: wholeText(numberPattern + `(?: ?(?:%|KiB|MiB|GiB|TiB|kB|MB|GB|B|/s|/min|/h|/day))?|` + durationPattern),
	parse:   func(t string) (any, error) { return unit.ParseAmount(t) }}

var (
	seriesText = &scalar{name: "metric name", json: "string",
		example: "cache_hits_total", pattern: wholeText(`[A-Za-z_:][A-Za-z0-9_:]*`), parse: asWritten}
	labelText = &scalar{name: "label", json: "string", example: "queue",
		pattern: wholeText(`[A-Za-z_][A-Za-z0-9_]*`), parse: asWritten}
	commandText = &scalar{name: "command", json: "string", example: "wc -l < queue", pattern: visible, parse: notEmpty}
	queryText   = &scalar{name: "query", json: "string", example: "sum(rate(errors_total[1m]))",
		pattern: visible, parse: notEmpty}
	levelOfText = &scalar{name: "percentile", json: "string", example: "p95",
		pattern: wholeText(`p[0-9]{1,2}(?:\.[0-9]+)?`), parse: func(t string) (any, error) {
			m, _ := metric.Parse(t)
			q, ok := m.Quantile()
			if !ok {
				return nil, fmt.Errorf("%s is not a percentile; write one between p0 and p100, such as p95", t)
			}
			return q, nil
		}}
)

func unitText() *scalar {
	var names []string
	for _, u := range Scales() {
		names = append(names, u.name)
	}
	s := enum(names...)
	s.parse = parseUnit
	return s
}

func resourceShape() *shape {
	var kinds, reads []string
	for _, s := range Gauges() {
		kinds = append(kinds, string(s.From))
		for _, r := range s.Reads {
			if !slices.Contains(reads, r.Name) { // several have a cpu
				reads = append(reads, r.Name)
			}
		}
	}
	names := oneOrMore(scalarOf(seriesText))
	limit := scalarOf(amountText)
	return &shape{kind: ObjectKind, name: "resource", fields: []field{
		{key: "from", shape: scalarOf(enum(kinds...)), required: true,
			doc: "The kind of source; the table below says which keys it has.", example: "from: postgres"},
		{key: "read", shape: scalarOf(enum(reads...)), doc: "Which of its values.",
			def: "the first of its kind", example: "read: cpu"},
		{key: "max", shape: limit, doc: "A ceiling: fails above it.", def: "none", example: "max: 70%"},
		{key: "min", shape: limit, doc: "A floor: fails below it.", def: "none", example: "min: 80%"},
		{key: "warn", shape: limit, doc: "Warns before max or min fails.", def: "none", example: "warn: 60%"},
		{key: "by", shape: scalarOf(enum("p95", "p5", "p50", "p99", "mean", "max", "min", "last")),
			doc:     "Which figure of the readings is judged.",
			def:     "p95 against max, p5 against min; counters by their growth",
			example: "by: mean"},
		{key: "no_growth", shape: scalarOf(flagText), doc: "Warn of a level that grows as the run goes on.",
			def: "false", example: "no_growth: true"},
		{key: "during", shape: scalarOf(enum("measured", "all")),
			doc: "all: the warm-up counts too.", def: "measured", example: "during: all"},
		{key: "profiles", shape: oneOrMore(scalarOf(nameText)),
			doc: "Profiles it is judged in; it is watched in all.", def: "all", example: "profiles: [peak]"},
		{key: "every", shape: scalarOf(durations(everyLeast)),
			doc: "Time between two readings.", def: unit.Of(DefaultEvery).String(), example: "every: 10s"},
		{key: "optional", shape: scalarOf(flagText),
			doc: "Skip it, with a note, if a variable in its address is not set.",
			def: "false", example: "optional: true"},
		{key: "url", shape: scalarOf(templateText), doc: "metrics, json: a path of the target or a whole URL; " +
			"prometheus: the server; redis: redis://….", def: "of metrics /metrics", example: "url: /metrics"},
		{key: "gauge", shape: names,
			doc: "metrics: a value that goes up and down; several are added up, and so are the series of a name.",
			def: "none", example: "gauge: connections_in_use"},
		{key: "counter", shape: names, doc: "metrics: a value that only grows; alone it is a rate, with of a share.",
			def: "none", example: "counter: cache_hits_total"},
		{key: "histogram", shape: names, doc: "metrics: a percentile of what was counted between two readings.",
			def: "none", example: "histogram: db_query_seconds"},
		{key: "of", shape: names, doc: "metrics: gauges or counters that together are the whole.",
			def: "none", example: "of: [cache_hits_total, cache_misses_total]"},
		{key: "labels", shape: mapOf(labelText, scalarOf(nameText)),
			doc: "metrics: only series with these labels.", def: "all", example: "labels: {queue: mail}"},
		{key: "percentile", shape: scalarOf(levelOfText), doc: "metrics: which one of a histogram.",
			def: "p95", example: "percentile: p99"},
		{key: "unit", shape: scalarOf(unitText()), doc: "metrics, prometheus, command, json: the unit of the numbers.",
			def: "count; of a histogram seconds", example: "unit: percent"},
		{key: "query", shape: scalarOf(queryText), doc: "prometheus: PromQL that gives one series.",
			def: "none", example: "query: 'sum(rate(errors_total[1m]))'"},
		{key: "dsn", shape: scalarOf(templateText), doc: "postgres: URL or key=value.",
			def: "none", example: `dsn: '${ env("DATABASE_URL") }'`},
		{key: "pool", shape: scalarOf(counts("20", 1, 1_000_000)),
			doc: "postgres: size of the service's pool.", def: "what the server allows", example: "pool: 20"},
		{key: "run", shape: scalarOf(commandText),
			doc: "command: for the shell; allowed by commands under target.allow.",
			def: "none", example: "run: 'wc -l < queue'"},
		{key: "value", shape: scalarOf(exprText), doc: "json: an expression that gives a number.",
			def: "none", example: "value: body.pool.used"},
		{key: "pid", shape: scalarOf(counts("1234", 1, 1<<30)),
			doc: "process, cgroup: by number.", def: "none", example: "pid: 1234"},
		{key: "pidfile", shape: scalarOf(nameText), doc: "process, cgroup: by a file that holds it.",
			def: "none", example: "pidfile: app.pid"},
		{key: "port", shape: scalarOf(counts("8000", 1, 65535)),
			doc: "process, cgroup: by the port that it listens on.", def: "the target's", example: "port: 8000"},
		{key: "named", shape: scalarOf(nameText), doc: "process, cgroup: by its name; all of that name count.",
			def: "none", example: "named: uvicorn"},
		{key: "path", shape: scalarOf(nameText), doc: "cgroup: its folder.",
			def: "that of the process", example: "path: /sys/fs/cgroup/system.slice/app.service"},
	}}
}

// everyLeast is the shortest time between two readings: a probe that is read
// oftener is part of the load.
const everyLeast = 100 * time.Millisecond

// Scaled is a unit in which a source writes its numbers.
type Scaled struct {
	name  string
	Unit  unit.Unit
	Scale float64
}

// Scales lists them; the first is the default.
func Scales() []Scaled {
	return []Scaled{
		{"count", unit.Count, 1}, {"percent", unit.Ratio, 0.01},
		{"ratio", unit.Ratio, 1}, {"bytes", unit.Bytes, 1}, {"kilobytes", unit.Bytes, 1024},
		{"seconds", unit.Duration, float64(time.Second)}, {"milliseconds", unit.Duration, float64(time.Millisecond)},
		{"per_second", unit.PerSecond, 1},
	}
}

func parseUnit(text string) (any, error) {
	for _, u := range Scales() {
		if u.name == text {
			return u, nil
		}
	}
	return nil, fmt.Errorf("unknown unit %q", text)
}

// DefaultEvery is the time between two readings where the file does not say.
const DefaultEvery = 5 * time.Second
