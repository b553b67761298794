package thresholds

import (
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// resourceBuilder builds the resources that are watched during the run.
type resourceBuilder struct{ *builder }

// resource builds one of the section resources.
func (b resourceBuilder) resource(m grammar.Member) config.Resource {
	v := m.Value
	r := config.Resource{
		Name: m.Key, Pos: m.Pos, Profiles: v.Get("profiles").Texts(),
		NoGrowth: grammar.Or(v.Get("no_growth"), false),
		Whole:    grammar.Or(v.Get("during"), "") == "all",
		By:       config.By(grammar.Or(v.Get("by"), "")),
		Probe: config.Probe{
			From: metric.Source(grammar.Or(v.Get("from"), "")), Read: grammar.Or(v.Get("read"), ""),
			Every: grammar.Or(v.Get("every"), grammar.DefaultEvery),
			Pool:  grammar.Or(v.Get("pool"), 0), Query: grammar.Or(v.Get("query"), ""),
			Command: grammar.Or(v.Get("run"), ""),
			PID:     grammar.Or(v.Get("pid"), 0), PIDFile: grammar.Or(v.Get("pidfile"), ""),
			Port:  grammar.Or(v.Get("port"), 0),
			Named: grammar.Or(v.Get("named"), ""), Group: grammar.Or(v.Get("path"), ""),
			Of: v.Get("of").Texts(), Scale: 1,
		},
	}
	i := slices.IndexFunc(grammar.Gauges(), func(s grammar.Gauge) bool { return s.From == r.From })
	if i < 0 {
		return r // it is missing or unknown, which is reported already
	}
	from := grammar.Gauges()[i]
	if !b.fitting(from, v) {
		return r
	}
	if !b.read(from, &r, v) {
		return r
	}
	b.places(&r, v)
	for _, label := range v.Get("labels").Members() {
		if r.Labels == nil {
			r.Labels = map[string]string{}
		}
		r.Labels[label.Key] = label.Text
	}
	if value := v.Get("value"); value != nil {
		p, err := b.shared.WithResponse().Compile(value.Text)
		if err != nil {
			b.report(value, 0, err)
		}
		r.Value = p
	}
	if r.From == metric.FromCommand {
		r.Env = b.allowed
	}
	if r.From == metric.FromCommand && !slices.Contains(b.config.Target.Allow, grammar.AllowCommands) {
		run := v.Get("run")
		b.Add(run.Pos, run.Path, "commands of this file are not allowed to run; add %q under target.allow if they may",
			grammar.AllowCommands)
	}
	if r.NoGrowth && r.Kind != metric.Level {
		b.Add(v.Get("no_growth").Pos, v.Get("no_growth").Path,
			"no_growth is for levels, and this is a counter; leave it out")
	}
	b.bounds(&r, v)
	return r
}

// fitting says whether a resource has the keys of its kind, and only those.
func (b resourceBuilder) fitting(from grammar.Gauge, v *grammar.Value) bool {
	before := b.Count()
	for _, m := range v.Members() {
		if !slices.Contains(grammar.CommonKeys(), m.Key) && !slices.Contains(from.Keys, m.Key) &&
			!(m.Key == "read" && from.Reads != nil) {
			keys := slices.Concat(from.Keys, grammar.CommonKeys())
			if from.Reads != nil {
				keys = append(keys, "read")
			}
			b.Add(m.Pos, m.Path, "%s has no such key; it has %s", from.From, strings.Join(keys, ", "))
		}
	}
	for _, key := range from.Needs {
		if v.Get(key) == nil && !b.Under(grammar.Join(v.Path, key)) && !b.Strays(v.Path) {
			b.Add(v.Pos, v.Path, "%s is missing, which %s needs; write %s",
				key, from.From, grammar.Example("resource", key))
		}
	}
	given := slices.DeleteFunc(slices.Clone(from.One), func(key string) bool { return v.Get(key) == nil })
	if len(from.One) > 0 && len(given) != 1 && !b.Under(v.Path) {
		b.Add(v.Pos, v.Path, "has %d of %s; write one of them", len(given), strings.Join(from.One, ", "))
	}
	return b.Count() == before
}

// read finds out what is read, in which unit and how; false: nothing that is
// there.
func (b resourceBuilder) read(from grammar.Gauge, r *config.Resource, v *grammar.Value) bool {
	if from.Reads != nil {
		if r.Read == "" {
			r.Read = from.Reads[0].Name
		}
		names := make([]string, len(from.Reads))
		for i, known := range from.Reads {
			names[i] = known.Name
			if known.Name == r.Read {
				r.Unit, r.Kind = known.Unit, known.Kind
				return true
			}
		}
		b.Add(v.Get("read").Pos, v.Get("read").Path, "%s has no %q; %s",
			from.From, r.Read, mistake.Suggest(r.Read, names, "write one of"))
		return false
	}
	written := grammar.Or(v.Get("unit"), grammar.Scales()[0])
	r.Unit, r.Scale = written.Unit, written.Scale
	for _, key := range from.One {
		if names := v.Get(key).Texts(); names != nil {
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
		r.Level = grammar.Or(v.Get("percentile"), 0.95)
		if v.Get("unit") == nil {
			r.Unit, r.Scale = unit.Duration, float64(time.Second) // as its conventions have it
		}
	}
	for key, reads := range map[string]string{"of": "gauge counter", "percentile": "histogram"} {
		if k := v.Get(key); k != nil && r.From == metric.FromMetricsPage && !strings.Contains(reads, r.Read) {
			b.Add(k.Pos, k.Path, "%s says nothing about a %s; leave it out", key, r.Read)
		}
	}
	if k := v.Get("unit"); k != nil && (r.Kind != metric.Level || r.Of != nil) {
		b.Add(k.Pos, k.Path, "what counters grew, and parts of a whole, have units of their own; leave it out")
	}
	return true
}

// places evaluates where the source is. An optional one needs nothing that the
// environment does not have.
func (b resourceBuilder) places(r *config.Resource, v *grammar.Value) {
	scope := b.shared
	optional := grammar.Or(v.Get("optional"), false)
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
		if place := v.Get(key); place != nil {
			asked := b.guessed
			if *to, _ = b.fixed(scope, place); b.guessed > asked {
				*to = ""
			}
			if key == "dsn" {
				b.dsnFiles(place)
			}
		}
	}
	r.Given = slices.ContainsFunc(b.allowed, func(name string) bool {
		value, ok := b.caller(name) // and not a file beside this one
		return ok && value != "" && value == r.DSN
	})
	if r.From == metric.FromMetricsPage && v.Get("url") == nil {
		r.URL = "/metrics"
	}
	if optional && !reads(v.Get("url")) && !reads(v.Get("dsn")) {
		o := v.Get("optional")
		b.Add(o.Pos, o.Path, "nothing here is read from the environment, so nothing can be missing; write the "+
			"address with env(), or leave it out")
	}
}

// reads says whether a template asks the environment.
func reads(v *grammar.Value) bool { return v != nil && strings.Contains(v.Text, "env(") }
