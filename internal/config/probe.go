package config

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
)

// Resource is a gauge that is watched during a run, and its limits.
type Resource struct {
	Name string
	Probe
	// Max and Min are limits in the base of Unit, each with its Has. Warn is a limit
	// on the side of the one that is set, and at most warns.
	Max, Min, Warn          float64
	HasMax, HasMin, HasWarn bool
	Unit                    unit.Unit // of the readings; of a rate as its limit is written
	NoGrowth                bool      // warn of a level that grows as the run goes on
	Whole                   bool      // during: all: the warm-up counts too
	By                      By
	Profiles                []string    // empty: all
	Pos                     mistake.Pos // of its limit, or its name where it has none
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
	From  metric.Source
	Read  string // which of its values; "" for kinds that have only one
	Kind  metric.Kind
	Every time.Duration // between readings; never 0
	// Unset is the variable of the environment without which an optional probe is
	// skipped; "": it is not.
	Unset string

	URL     string            // metrics, prometheus, redis, json: absolute, or a path of the target
	DSN     string            // postgres
	Given   bool              // postgres: DSN is the whole value of a variable of the environment
	Pool    int               // postgres: connections of the pool; 0: those that the server allows
	Query   string            // prometheus
	Command string            // command: for the shell
	Env     []string          // command: names of the environment that it sees, beside PATH, HOME and LANG
	Value   *expr.Program     // json: sees the answer
	Metric  []string          // metrics: names whose series are added up
	Of      []string          // metrics: what Metric is a part of; nil: it stands alone
	Labels  map[string]string // metrics: of the series that count
	Level   float64           // metrics: percentile of a histogram, in (0,1)
	Scale   float64           // what a number is multiplied with to be in the base of the unit; never 0
	PID     int               // process, cgroup: 0: see the next
	PIDFile string            // process, cgroup: "": see the next
	Port    int               // process, cgroup: which it listens on; 0: see the next
	Named   string            // process, cgroup: "": what listens on the target's port
	Group   string            // cgroup: its folder; "": that of the process
}

// Reads names what is read: cpu, cache_hits_total, body.used; "" where the source
// has only one value.
func (p Probe) Reads() string {
	switch {
	case p.Metric != nil:
		return strings.Join(p.Metric, " + ")
	case p.Value != nil:
		return p.Value.String()
	}
	return p.Read
}

// Advice is what to do where a limit of the reading is broken.
func (p Probe) Advice() reason.Code { return grammar.Advice(p.From, p.Read) }

// What is the source and the value that is read: host cpu.
func (p Probe) What() string { return strings.TrimSpace(string(p.From) + " " + p.Reads()) }

// Place is where the probe reads, without credentials and query; "" where it is
// this machine, or cannot be shown without more.
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
