package config

import (
	"io/fs"
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/config/yamlfix"
	"github.com/loadgate/loadgate/internal/expr"
)

// Options is the world around a file. The zero value has no environment and
// no files.
type Options struct {
	// Getenv reads the environment; nil: nothing is set.
	Getenv func(name string) (value string, ok bool)
	// Files is the folder of the file, for data and bodies; nil: none can be
	// read. Nothing outside of it is ever opened.
	Files fs.FS
	// Host takes the place of target.url, as if it had been written there; ""
	// leaves the file's.
	Host string
	// LimitsOnly takes a file without users and profiles too: one that judges
	// what is there already and makes no load. Its patterns are not compared with
	// endpoints, since it has none.
	LimitsOnly bool
	// Now is the time by which exceptions end; zero: it is not known, and then
	// those with an end count no longer.
	Now time.Time
	// Unsent is for those who send and probe nothing: variables of the environment
	// that are not set are no mistakes, and Config.Unset names them. What they would
	// have made of the target and of places that are watched is then empty.
	Unsent bool
}

// Decode reads a whole thresholds.yaml strictly and checks it. The file's
// name stands in messages only. Every mistake of the file is reported at
// once: the error is of type Errors.
func Decode(src []byte, filename string, o Options) (*Config, error) {
	m := &mistake.List{}
	if o.Getenv == nil {
		o.Getenv = func(string) (string, bool) { return "", false }
	}
	b := &builder{List: m, options: o, config: &Config{File: filename}, begun: map[string]bool{}}
	root, limits := read(src, filename, m, o.LimitsOnly)
	if b.limits = limits; root != nil {
		b.build(root)
		b.check(root)
	}
	if err := m.Err(b.config.Mask); err != nil {
		return nil, err
	}
	slices.SortFunc(b.config.Unset,
		func(x, y string) int { return slices.Index(b.allowed, x) - slices.Index(b.allowed, y) })
	b.config.digest = digest(b.config)
	return b.config, nil
}

// read turns the text of a file into values that keep the grammar. It returns
// nil when nothing can be read, or not all of it. limits says whether the file has limits alone,
// where that is allowed.
func read(src []byte, filename string, m *mistake.List, allowed bool) (root *value, limits bool) {
	node, text, ok := yamlfix.Parse(src, filename, m, misfits)
	if !ok {
		return nil, false
	}
	if node == nil {
		m.Add(mistake.Pos{File: filename}, "", "the file is empty; begin with version: %s", version)
		return nil, false
	}
	g := grammar()
	if limits = allowed && !hasLoad(node); limits {
		g.optional("users", "profiles")
	}
	w := newWalker(text, m)
	if root = w.walk(g, node, ""); len(w.anchors) > 0 {
		return nil, limits // what an alias stands for is not known, and its absence is no second mistake
	}
	return root, limits
}

// misfits counts what does not fit the grammar in a text that is YAML.
func misfits(root *yaml.Node, text yamlfix.Text) int {
	m := &mistake.List{}
	newWalker(text, m).walk(grammar(), root, "")
	return m.Count()
}

// builder makes a Config of values. It goes on after a mistake to find the
// others, so that any part may be missing.
type builder struct {
	*mistake.List
	options Options
	config  *Config
	guessed int         // variables that were asked for and are not set, each time
	limits  bool        // the file has limits alone
	allowed []string    // names of the environment that may be read
	shared  *expr.Scope // the environment
	data    *expr.Scope // and data
	logins  *value
	begun   map[string]bool // logins that a group begins with
	before  int             // mistakes that there were before those of groups
}

func (b *builder) build(root *value) {
	s := b.config
	s.Name = or(root.get("name"), "")
	s.DefaultProfile = or(root.get("default_profile"), "")
	s.Drafted = or(root.get("drafted"), false)
	b.environment(root)
	b.target(root)
	b.tables(root.get("data"))
	for _, m := range root.get("profiles").members() {
		s.Profiles = append(s.Profiles, b.profile(m))
	}
	b.logins, b.before = root.get("logins"), b.Count()
	for _, m := range root.get("users").members() {
		s.Groups = append(s.Groups, b.group(m))
	}
	b.idle()
	for _, m := range root.get("thresholds").members() {
		s.Rules = append(s.Rules, b.rule(m))
	}
	for _, m := range root.get("resources").members() {
		s.Resources = append(s.Resources, b.resource(m))
	}
	s.Judge = judgeOf(root.get("judge"))
	for _, m := range root.members() {
		if m.key == "baseline" {
			s.Baseline = b.baseline(m.value, m.pos)
		}
	}
	b.ruleTerms(root)
}

// environment makes the scope of everything that env() may read.
func (b *builder) environment(root *value) {
	b.allowed = root.get("env").texts()
	b.shared = expr.NewScope(b.options.Getenv, b.allowed)
	if b.options.Unsent {
		b.shared = b.shared.WithUnset(func(name string) {
			b.guessed++
			if !slices.Contains(b.config.Unset, name) {
				b.config.Unset = append(b.config.Unset, name)
			}
		})
	}
	for _, v := range root.get("secret").list() {
		if !slices.Contains(b.allowed, v.text) {
			b.Add(v.pos, v.path, "%s is not listed under env:; add it there", v.text)
		}
		if secret, ok := b.options.Getenv(v.text); ok && secret != "" {
			b.config.Secrets = append(b.config.Secrets, secret)
		}
	}
}

func judgeOf(v *value) Judge {
	return Judge{
		Confidence: or(v.get("confidence"), defaultConfidence),
		Point:      or(v.get("decide"), "") == "point",
		NearStrict: or(v.get("near"), "") == "inconclusive",
		Inconclusive: map[string]Undecided{
			"": UndecidedStays, "fail": UndecidedFails, "warn": UndecidedWarns, "pass": UndecidedPasses,
		}[or(v.get("inconclusive"), "")],
		Extend:     or(v.get("extend"), 1.0),
		StopOnFail: or(v.get("stop_on_fail"), true),
		StopOnPass: or(v.get("stop_on_pass"), false),
	}
}
