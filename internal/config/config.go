// Package config is thresholds.yaml: what to load and what must hold, decoded
// strictly and checked. It does not know how load is made or judged.
package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/safetext"
)

// The mistakes of a file, and their places.
type (
	// Pos is a place in a file.
	Pos = mistake.Pos
	// Error is one mistake in a file.
	Error = mistake.Error
	// Errors is every mistake of a file: what Decode returns as its error.
	Errors = mistake.Errors
)

// Config is a whole thresholds.yaml. It is immutable after Decode and safe for
// concurrent use. Lists keep the order of the file.
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

// steps calls f with every step of the file and the place where it stands.
func (s *Config) steps(f func(step Step)) {
	for _, g := range s.Groups {
		for step := range g.All() {
			f(step)
		}
	}
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
