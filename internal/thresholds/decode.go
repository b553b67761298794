// Package thresholds reads thresholds.yaml: it decodes the file strictly to a config.Config and checks it. It does not
// know how load is made or judged.
package thresholds

import (
	"io/fs"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
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

// Options is the world around a file. The zero value has no environment and
// no files.
type Options struct {
	// Getenv reads the environment; nil: nothing is set.
	Getenv func(name string) (value string, ok bool)
	// EnvGiven says that Getenv has what env_file holds already: the file is not read, and need not be there.
	EnvGiven bool
	// Files is the folder of the file, for data and bodies; nil: none can be
	// read. Nothing outside the folder is ever opened.
	Files fs.FS
	// Host takes the place of target.url, as if it had been written there; ""
	// leaves the file's.
	Host string
	// LimitsOnly takes a file without users and profiles too: one that judges
	// what is there already and makes no load. Its patterns are not compared with
	// endpoints, since it has none.
	LimitsOnly bool
	// Now is the time by which exceptions end; zero: it is not known, and all
	// exceptions with an end have ended.
	Now time.Time
	// Unsent is for callers that send and probe nothing: variables of the environment
	// that are not set are then not mistakes, and Config.Unset names them. The target
	// and the places of probes that read such a variable are empty.
	Unsent bool
}

// Decode reads a whole thresholds.yaml strictly and checks it. The file's name is
// used only in messages. Every mistake in the file is reported at once: the error is
// of type Errors.
func Decode(src []byte, filename string, o Options) (*config.Config, error) {
	m := &mistake.List{}
	if o.Getenv == nil {
		o.Getenv = func(string) (string, bool) { return "", false }
	}
	b := &builder{List: m, options: o, caller: o.Getenv, config: &config.Config{File: filename},
		written: map[mistake.Pos]written{}, named: map[string]bool{}}
	check := func(root *grammar.Value, limits bool, m *mistake.List) {
		tried := &builder{List: m, options: o, caller: o.Getenv, config: &config.Config{File: filename}, limits: limits,
			trial: true, written: map[mistake.Pos]written{}, named: map[string]bool{}}
		tried.build(root)
		checker{tried}.check(root)
	}
	root, limits := grammar.Read(src, filename, m, o.LimitsOnly, check)
	if b.limits = limits; root != nil {
		b.build(root)
		checker{b}.check(root)
	}
	if err := m.Err(b.config.Mask); err != nil {
		return nil, err
	}
	slices.SortFunc(b.config.Unset,
		func(x, y string) int { return slices.Index(b.allowed, x) - slices.Index(b.allowed, y) })
	return b.config, nil
}

func (b *builder) build(root *grammar.Value) {
	s := b.config
	s.Name = grammar.Or(root.Get("name"), "")
	s.DefaultProfile = grammar.Or(root.Get("default_profile"), "")
	s.Drafted = grammar.Or(root.Get("drafted"), false)
	b.environment(root)
	if root.Get("setup") != nil {
		b.explained = map[string]string{config.SetupName: "what setup captures is not known here: readiness and " +
			"setup itself send this, too; write it into the headers or auth of a group"}
	}
	b.target(root)
	b.tables(root)
	for _, m := range root.Get("profiles").Members() {
		s.Profiles = append(s.Profiles, profileBuilder{b}.profile(m))
	}
	onceBuilder{b}.build(root)
	groups := groupBuilder{b, root.Get("logins"), map[string]bool{}, b.Count()}
	for _, m := range root.Get("users").Members() {
		s.Groups = append(s.Groups, groups.group(m))
	}
	groups.idle()
	hostBuilder{b}.idle()
	b.trace(root.Get("trace"))
	for _, m := range root.Get("thresholds").Members() {
		s.Rules = append(s.Rules, ruleBuilder{b}.rule(m))
	}
	for _, m := range root.Get("resources").Members() {
		s.Resources = append(s.Resources, resourceBuilder{b}.resource(m))
	}
	s.Judge = judgeOf(root.Get("judge"))
	for _, m := range root.Members() {
		if m.Key == "baseline" {
			s.Baseline = b.baseline(m.Value, m.Pos)
		}
	}
	b.rulePolicies(root)
}

// environment makes the scope of everything that env() may read.
func (b *builder) environment(root *grammar.Value) {
	b.allowed = append(root.Get("env").Texts(), b.unread(root, "env")...)
	envFileBuilder{b}.build(root.Get("env_file"))
	b.shared = environs(b, b.options.Getenv)
	for _, v := range root.Get("secret").List() {
		if !slices.Contains(b.allowed, v.Text) && !b.emptyEnv() {
			b.AddMissing("env "+v.Text, v.Pos, v.Path, "%s is not listed under env:; add it there", v.Text)
		}
		if secret, ok := b.options.Getenv(v.Text); ok && secret != "" {
			b.config.Secrets = append(b.config.Secrets, secret)
		}
	}
}

// emptyEnv says whether env: lists nothing because of a mistake, which is reported: that a variable is not listed
// follows from it.
func (b *builder) emptyEnv() bool { return len(b.allowed) == 0 && b.Under("env") }

func judgeOf(v *grammar.Value) config.Judge {
	return config.Judge{
		Confidence: grammar.Or(v.Get("confidence"), grammar.DefaultConfidence),
		Point:      grammar.Or(v.Get("decide"), "") == "point",
		NearStrict: grammar.Or(v.Get("near"), "") == "inconclusive",
		Inconclusive: map[string]config.Undecided{
			"": config.UndecidedStays, "fail": config.UndecidedFails, "warn": config.UndecidedWarns,
			"pass": config.UndecidedPasses,
		}[grammar.Or(v.Get("inconclusive"), "")],
		Extend:     grammar.Or(v.Get("extend"), 1.0),
		StopOnFail: grammar.Or(v.Get("stop_on_fail"), true),
		StopOnPass: grammar.Or(v.Get("stop_on_pass"), false),
	}
}
