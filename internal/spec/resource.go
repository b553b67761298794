package spec

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// Resource is a gauge that is watched during a run, and what must hold of it.
type Resource struct {
	Name string
	Probe
	// Max and Min are limits in the base of Unit, each with its Has; Warn is one
	// of the same side, that of the limit beside it, and at most warns.
	Max, Min, Warn          float64
	HasMax, HasMin, HasWarn bool
	Unit                    unit.Unit // of the readings; of a rate as its limit is written
	NoGrowth                bool      // warn of a level that grows as the run goes on
	Whole                   bool      // during: all: the warm-up counts too
	By                      By
	Profiles                []string // empty: all
	Pos                     Pos      // of its limit, or its name where it has none
}

// Applies says whether the limits of the resource are judged in the profile.
func (r Resource) Applies(profile string) bool {
	return len(r.Profiles) == 0 || slices.Contains(r.Profiles, profile)
}

// Limited says whether there is anything to judge.
func (r Resource) Limited() bool { return r.HasMax || r.HasMin || r.NoGrowth }

// By is what readings are judged by. The zero value leaves it to what is read:
// levels by their 95th percentile against a max and by their 5th against a min,
// counters by what they grew in the measured time.
type By string

// Probe says where a gauge is and how it is read. Which fields are set depends
// on From.
type Probe struct {
	From  string // the kind of source: host, process, …; a line of gauges
	Read  string // which of its values; "" for kinds that have only one
	Kind  metric.Kind
	Every time.Duration // between readings; never 0
	// Unset is the variable of the environment without which an optional probe is
	// skipped; "": it is not.
	Unset string

	URL     string            // metrics, prometheus, redis, json: absolute, or a path of the target
	DSN     string            // postgres
	Pool    int               // postgres: connections of the pool; 0: those that the server allows
	Query   string            // prometheus
	Command string            // command: for the shell
	Value   *expr.Program     // json: sees the answer
	Metric  []string          // metrics: names whose series are added up
	Of      []string          // metrics: what Metric is a part of; nil: it stands alone
	Labels  map[string]string // metrics: of the series that count
	Level   float64           // metrics: percentile of a histogram, in (0,1)
	Scale   float64           // what a number is multiplied with to be in the base of the unit; never 0
	PID     int               // process, cgroup: 0: see the next
	PIDFile string            // process, cgroup: "": see the next
	Port    int               // process, cgroup: which it listens on; 0: see the next
	Named   string            // process, cgroup: "": whoever listens on the target's port
	Group   string            // cgroup: its folder; "": that of the process
}

// defaultEvery is the time between two readings where the file does not say.
const defaultEvery = 5 * time.Second

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
		{from: "cgroup", doc: "a container's group, or the one that a process is in", keys: append(slices.Clone(found), "path"), reads: []reading{
			{"memory", unit.Ratio, metric.Level, "memory in use without what can be dropped, of its limit"},
			{"cpu", unit.Ratio, metric.Level, "processor time, of its quota"},
			{"throttled", unit.Ratio, metric.Ratio, "periods in which its quota was used up"},
		}},
		{from: "metrics", doc: "a page in Prometheus' text format", keys: []string{"url", "gauge", "counter", "histogram", "of", "labels", "percentile", "unit"},
			one: []string{"gauge", "counter", "histogram"}},
		{from: "prometheus", doc: "a Prometheus server", keys: []string{"url", "query", "unit"}, needs: []string{"url", "query"}},
		{from: "postgres", doc: "PostgreSQL", keys: []string{"dsn", "pool"}, needs: []string{"dsn"}, reads: []reading{
			{"connections", unit.Ratio, metric.Level, "connections of clients, of those that the server allows; with pool: busy ones of the pool's"},
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
		{from: "command", doc: "what a command prints: one number", keys: []string{"run", "unit"}, needs: []string{"run"}},
		{from: "json", doc: "a value of a JSON answer", keys: []string{"url", "value", "unit"}, needs: []string{"url", "value"}},
	}
}

// resource builds one of the section resources.
func (b *builder) resource(m member) Resource {
	v := m.value
	r := Resource{
		Name: m.key, Pos: m.pos, Profiles: v.get("profiles").texts(),
		NoGrowth: or(v.get("no_growth"), false),
		Whole:    or(v.get("during"), "") == "all",
		By:       By(or(v.get("by"), "")),
		Probe: Probe{
			From: or(v.get("from"), ""), Read: or(v.get("read"), ""), Every: or(v.get("every"), defaultEvery),
			Pool: or(v.get("pool"), 0), Query: or(v.get("query"), ""), Command: or(v.get("run"), ""),
			PID: or(v.get("pid"), 0), PIDFile: or(v.get("pidfile"), ""), Port: or(v.get("port"), 0),
			Named: or(v.get("named"), ""), Group: or(v.get("path"), ""), Of: v.get("of").texts(), Scale: 1,
		},
	}
	i := slices.IndexFunc(gauges(), func(s gauge) bool { return s.from == r.From })
	if i < 0 {
		return r // it is missing or unknown, which is told already
	}
	from := gauges()[i]
	if !b.fitting(from, v) {
		return r
	}
	if !b.read(from, &r, v) {
		return r
	}
	b.places(&r, v)
	for _, label := range v.get("labels").members() {
		if r.Labels == nil {
			r.Labels = map[string]string{}
		}
		r.Labels[label.key] = label.text
	}
	if value := v.get("value"); value != nil {
		p, err := b.shared.WithResponse().Compile(value.text)
		if err != nil {
			b.report(value, 0, err)
		}
		r.Value = p
	}
	if r.From == "command" && !slices.Contains(b.spec.Target.Allow, allowCommands) {
		run := v.get("run")
		b.add(run.pos, run.path, "commands of this file are not allowed to run; add %q under target.allow if they may", allowCommands)
	}
	if r.NoGrowth && r.Kind != metric.Level {
		b.add(v.get("no_growth").pos, v.get("no_growth").path, "what counters grew is no level that could grow; leave it out")
	}
	b.bounds(&r, v)
	return r
}

// fitting says whether a resource has the keys of its kind, and only those.
func (b *builder) fitting(from gauge, v *value) bool {
	before := len(b.list)
	for _, m := range v.members() {
		if !slices.Contains(commonKeys(), m.key) && !slices.Contains(from.keys, m.key) && !(m.key == "read" && from.reads != nil) {
			keys := slices.Concat(from.keys, commonKeys())
			if from.reads != nil {
				keys = append(keys, "read")
			}
			b.add(m.pos, m.path, "%s has no such key; it has %s", from.from, strings.Join(keys, ", "))
		}
	}
	for _, key := range from.needs {
		if v.get(key) == nil && !b.under(join(v.path, key)) {
			b.add(v.pos, v.path, "%s is missing, which %s needs; write %s", key, from.from, resourceShape().find(key).example)
		}
	}
	given := slices.DeleteFunc(slices.Clone(from.one), func(key string) bool { return v.get(key) == nil })
	if len(from.one) > 0 && len(given) != 1 && !b.under(v.path) {
		b.add(v.pos, v.path, "has %d of %s; write one of them", len(given), strings.Join(from.one, ", "))
	}
	return len(b.list) == before
}

// read finds out what is read, in which unit and how; false: nothing that is
// there.
func (b *builder) read(from gauge, r *Resource, v *value) bool {
	if from.reads != nil {
		if r.Read == "" {
			r.Read = from.reads[0].name
		}
		names := make([]string, len(from.reads))
		for i, known := range from.reads {
			names[i] = known.name
			if known.name == r.Read {
				r.Unit, r.Kind = known.unit, known.kind
				return true
			}
		}
		b.add(v.get("read").pos, v.get("read").path, "%s has no %q; %s", from.from, r.Read, instead(r.Read, names, "write one of"))
		return false
	}
	written := or(v.get("unit"), scales()[0])
	r.Unit, r.Scale = written.unit, written.scale
	for _, key := range from.one {
		if names := v.get(key).texts(); names != nil {
			r.Read, r.Metric = key, names
		}
	}
	switch {
	case r.Read == "counter" && r.Of != nil:
		r.Unit, r.Kind, r.Scale = unit.Ratio, metric.Ratio, 1
	case r.Read == "counter":
		r.Unit, r.Kind, r.Scale = unit.PerSecond, metric.Rate, 1
	case r.Read == "gauge" && r.Of != nil:
		r.Unit, r.Scale = unit.Ratio, 1
	case r.Read == "histogram":
		r.Level = or(v.get("percentile"), 0.95)
		if v.get("unit") == nil {
			r.Unit, r.Scale = unit.Duration, float64(time.Second) // as its conventions have it
		}
	}
	for key, reads := range map[string]string{"of": "gauge counter", "percentile": "histogram"} {
		if k := v.get(key); k != nil && r.From == "metrics" && !strings.Contains(reads, r.Read) {
			b.add(k.pos, k.path, "%s says nothing about a %s; leave it out", key, r.Read)
		}
	}
	if k := v.get("unit"); k != nil && (r.Kind != metric.Level || r.Of != nil) {
		b.add(k.pos, k.path, "what counters grew, and parts of a whole, have units of their own; leave it out")
	}
	return true
}

// places evaluates where the source is. An optional one needs nothing that the
// environment does not have.
func (b *builder) places(r *Resource, v *value) {
	scope := b.shared
	optional := or(v.get("optional"), false)
	if optional {
		scope = expr.NewScope(func(name string) (string, bool) {
			value, ok := b.options.Getenv(name)
			if !ok || value == "" {
				r.Unset, value = name, name
			}
			return value, true
		}, b.allowed)
	}
	for key, to := range map[string]*string{"url": &r.URL, "dsn": &r.DSN} {
		if place := v.get(key); place != nil {
			*to, _ = b.fixed(scope, place)
		}
	}
	if r.From == "metrics" && v.get("url") == nil {
		r.URL = "/metrics"
	}
	if optional && !reads(v.get("url")) && !reads(v.get("dsn")) {
		o := v.get("optional")
		b.add(o.pos, o.path, "nothing here is read from the environment, so nothing can be missing; write the address with env(), or leave it out")
	}
}

// reads says whether a template asks the environment.
func reads(v *value) bool { return v != nil && strings.Contains(v.text, "env(") }

// What names what is read: host cpu, metrics cache_hits_total, json body.used.
func (p Probe) What() string {
	switch {
	case p.Metric != nil:
		return p.From + " " + strings.Join(p.Metric, " + ")
	case p.Value != nil:
		return p.From + " " + p.Value.String()
	case p.Read != "":
		return p.From + " " + p.Read
	}
	return p.From
}

// Place is where the probe reads, without credentials and query; "" where it is
// this machine, or cannot be told without showing more than that.
func (p Probe) Place() string {
	for _, text := range []string{p.URL, p.DSN} {
		u, err := url.Parse(text)
		if err != nil || text == "" || u.Host == "" && !strings.HasPrefix(text, "/") {
			continue
		}
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		return u.String()
	}
	return ""
}

// bounds reads the limits.
func (b *builder) bounds(r *Resource, v *value) {
	limit := func(key string) (value float64, ok bool) {
		k := v.get(key)
		if k == nil {
			return 0, false
		}
		q := or(k, unit.Quantity{})
		if !unit.Alike(q.Unit, r.Unit) {
			b.add(k.pos, k.path, "%s is %s, and what is read here is %s; write %s%s", k.text, dimension(q.Unit), dimension(r.Unit), exampleOf(r.Unit), unitHint(*r, v))
			return 0, false
		}
		if key != "warn" {
			r.Unit, r.Pos = q.Unit, k.pos
		}
		return q.Value, true
	}
	r.Max, r.HasMax = limit("max")
	r.Min, r.HasMin = limit("min")
	r.Warn, r.HasWarn = limit("warn")
	warn := v.get("warn")
	switch {
	case r.HasMax && r.HasMin && r.Min >= r.Max:
		b.add(v.get("min").pos, v.get("min").path, "nothing is at least %s and at most %s; write a min below max", v.get("min").text, v.get("max").text)
	case !r.HasWarn:
	case r.HasMax && r.HasMin:
		b.add(warn.pos, warn.path, "min and max are both there, and warn can be of one alone; write two resources")
	case !r.HasMax && !r.HasMin:
		if !b.under(v.path) {
			b.add(warn.pos, warn.path, "stands alone; write a max above it, or a min below it")
		}
	case r.HasMax && r.Warn >= r.Max:
		b.add(warn.pos, warn.path, "%s would never be heard before max at %s; write a lower one", warn.text, v.get("max").text)
	case r.HasMin && r.Warn <= r.Min:
		b.add(warn.pos, warn.path, "%s would never be heard before min at %s; write a higher one", warn.text, v.get("min").text)
	}
}

// unitHint says what to write where numbers come without a unit.
func unitHint(r Resource, v *value) string {
	if v.get("unit") == nil && r.Kind == metric.Level && slices.Contains([]string{"metrics", "prometheus", "command", "json"}, r.From) {
		return ", or say with unit what its numbers are"
	}
	return ""
}

// dimension is a unit in words.
func dimension(u unit.Unit) string {
	switch u {
	case unit.Ratio:
		return "a share"
	case unit.Bytes:
		return "a size"
	case unit.Duration:
		return "a duration"
	case unit.Count:
		return "a count"
	}
	return "a rate"
}

func exampleOf(u unit.Unit) string {
	switch u {
	case unit.Ratio:
		return "70%"
	case unit.Bytes:
		return "512MiB"
	case unit.Duration:
		return "250ms"
	case unit.Count:
		return "100"
	}
	return "10/s"
}

// scaled is a unit in which a source writes its numbers.
type scaled struct {
	name  string
	unit  unit.Unit
	scale float64
}

// scales lists them; the first is the default.
func scales() []scaled {
	return []scaled{
		{"count", unit.Count, 1}, {"percent", unit.Ratio, 0.01}, {"ratio", unit.Ratio, 1}, {"bytes", unit.Bytes, 1}, {"kilobytes", unit.Bytes, 1024},
		{"seconds", unit.Duration, float64(time.Second)}, {"milliseconds", unit.Duration, float64(time.Millisecond)}, {"per_second", unit.PerSecond, 1},
	}
}

func parseUnit(text string) (any, error) {
	for _, u := range scales() {
		if u.name == text {
			return u, nil
		}
	}
	return nil, fmt.Errorf("unknown unit %q", text)
}
