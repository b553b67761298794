// Package config is what thresholds.yaml says: what to load and what must hold. Package thresholds
// reads it; how load is made or judged is not known here.
package config

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/unit"
)

// Config is a whole thresholds.yaml. It is immutable and safe for concurrent use. Lists keep the order of the file.
type Config struct {
	File    string
	Name    string
	Secrets []string // values, not names, of the environment under secret:; to be masked in every output
	// names of the environment that the file reads and that are not set; only with
	// Options.Unsent
	Unset          []string
	EnvFile        EnvFile
	DefaultProfile string // "" when the file names none
	Drafted        bool   // nobody has looked yet at what its requests write: only GET and HEAD may be sent
	Target         Target
	Hosts          []Host // beside the target; steps name them
	Data           []Data
	Profiles       []Profile
	Setup          []Step // sent once before the load, by no user
	Teardown       []Step // sent once after it
	Groups         []Group
	LeftOut        []string // groups of the file that this load does not have; see Narrowed
	Unasked        []string // rules of the file about what only those send
	Transactions   []*Transaction
	Rules          []Rule
	Resources      []Resource
	Trace          Trace
	Baseline       Baseline
	Judge          Judge

	// Warnings are what is allowed and hardly meant, in the order of the rules;
	// Decode succeeds all the same.
	Warnings mistake.Errors
}

// Steps are all steps of users, group by group.
func (s *Config) Steps() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for _, g := range s.Groups {
			for step := range g.All() {
				if !yield(step) {
					return
				}
			}
		}
	}
}

// Host is the number of a host, from 1; 0: it is the target, whose name is empty.
func (s *Config) Host(name string) int {
	return 1 + slices.IndexFunc(s.Hosts, func(h Host) bool { return h.Name == name })
}

// PublicOf is the URL of one request to a host, given its path and query, without credentials, as it may be shown.
func (s *Config) PublicOf(host, path string) string {
	if n := s.Host(host); n > 0 {
		return target.PublicOf(s.Hosts[n-1].URL, path)
	}
	return target.PublicOf(s.Target.URL, path)
}

// Profile returns the profile of that name; for "", the file's default, else
// its only one. The error lists what there is to choose from.
func (s *Config) Profile(name string) (Profile, error) {
	if name == "" {
		name = s.DefaultProfile
	}
	if name == "" && len(s.Profiles) == 1 {
		return s.Profiles[0], nil
	}
	for _, p := range s.Profiles {
		if p.Name == name {
			return p, nil
		}
	}
	names := make([]string, len(s.Profiles))
	for i, p := range s.Profiles {
		names[i] = p.Name
	}
	if name == "" {
		return Profile{}, errors.New("several profiles and no default_profile; choose one with --profile: " +
			strings.Join(names, ", "))
	}
	return Profile{}, fmt.Errorf("no profile %s; %s", safetext.Quoted(name, mistake.LongestShown),
		mistake.Suggest(name, names, "the file has"))
}

// Traces says whether requests of a step may be sampled. Those that carry a trace context of the file's own are not.
func (s *Config) Traces(step Step) bool { return s.Trace.Sample > 0 && step.OwnTrace() == "" }

// Rates is the unit of all rates beside the limits of a profile, so that they can be compared at a glance: the shortest
// that its limits on throughput are written in; per second where there is none.
func (s *Config) Rates(profile string) unit.Unit {
	var units []unit.Unit
	if s != nil {
		for _, r := range s.Rules {
			for _, l := range r.Limits {
				if l.Metric == metric.Throughput && r.Applies(profile) {
					units = append(units, l.Unit)
				}
			}
		}
	}
	if len(units) == 0 {
		return unit.PerSecond
	}
	return slices.Min(units)
}
