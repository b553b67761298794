// Package draft is a thresholds.yaml in the making: users, requests, rules, and what a
// person must look at. What it writes, config reads without a mistake: a request with which
// that fails, and that is recognized, is a comment. It does not know what the draft is made from.
package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// Options say what a draft cannot find in its source. The zero value takes what
// is there.
type Options struct {
	// URL is where the service is; empty: as the source says, else this machine's
	// port 8000.
	URL string
	// Name is the service's; empty: as the source says.
	Name string
}

// Draft is a thresholds.yaml in the making.
type Draft struct {
	Origin    string // what it was made from, in words
	Maker     string // the command that made it; empty: loadgate init
	Name      string
	URL       string // empty: limits alone
	Ready     string // path that says whether the service can be loaded; empty: none
	Data      []Table
	Profiles  []Profile // beside the one that is sized
	Loads     []Load    // in place of it; none: it is sized
	variables []variable
	Setup     []*Step // sent once before the load, by no user
	Teardown  []*Step // sent once after it
	Groups    []*Group
	idle      []*Group // of which every request is a comment
	order     []*Group // all of them as they were; nil: none was set aside yet
	Rules     []Rule
	looks     []string // what a person must look at in the file as a whole
	load      size
}

// Table is a file with rows that expressions read.
type Table struct {
	Name, File string
	Pick       string // unique, next or random
	Looks      []string
}

// Load is a profile of the source, as the file has it.
type Load struct {
	Name    string
	Looks   []string
	Profile *node.Value
}

// Profile is a load that the source of a draft has.
type Profile struct {
	Name      string
	Users     int
	SpawnRate int // a second
	Seconds   int
}

// variable is a name of the environment.
type variable struct {
	name   string
	secret bool
	value  string // that it takes the place of; empty: it is not known
}

// all are the steps of a draft, in the order of the file.
func (d *Draft) all() []*Step {
	all := slices.Concat(d.Setup, d.Teardown)
	for _, g := range d.Groups {
		all = slices.Concat(all, g.Start, g.Steps, g.End)
	}
	return all
}

// AddLook adds what a person must look at in the file as a whole, once.
func (d *Draft) AddLook(what string) {
	if !slices.Contains(d.looks, what) {
		d.looks = append(d.looks, what)
	}
}

func (d *Draft) UnusedGroup(base string) string {
	base = cmp.Or(strings.TrimSpace(naming.Line(base)), "user")
	name := base
	for i := 2; slices.ContainsFunc(slices.Concat(d.Groups, d.idle),
		func(g *Group) bool { return g.Name == name }); i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	return name
}

// GuessRules are the rules of a draft that knows no figures: one for all, and one
// for what reads, where every group reads. Whichever group is removed from the
// file, they still match something.
func (d *Draft) GuessRules() {
	reads, others := true, false
	for _, g := range d.Groups {
		live := slices.DeleteFunc(slices.Clone(g.Steps), func(s *Step) bool { return s.Commented })
		reads = reads && (len(live) == 0 || slices.ContainsFunc(live, func(s *Step) bool { return s.Method == "GET" }))
		others = others || slices.ContainsFunc(live, func(s *Step) bool { return s.Method != "GET" })
	}
	guess := func(name, pattern, p95 string, looks ...string) {
		d.Rules = append(d.Rules, Rule{Name: name, Looks: looks, Endpoints: []string{pattern},
			Limits: []Pair{{"success", "99%"}, {"p95", p95}}})
	}
	switch {
	case !reads:
		guess("all", "*", "1s", guessed)
	case others:
		guess("reads", "GET *", "500ms", guessed)
		guess("all", "*", "1s")
	default:
		guess("reads", "*", "500ms", guessed)
	}
}

const guessed = "guesses: run once, and write what your users need, above what the service does"

// Mark is a place in the making of a draft.
type Mark struct{ looks, variables int }

// Mark is the present place.
func (d *Draft) Mark() Mark { return Mark{len(d.looks), len(d.variables)} }

// Reset forgets what was to look at and which variables were declared since a mark. Groups stay.
func (d *Draft) Reset(m Mark) {
	d.looks, d.variables = d.looks[:m.looks], d.variables[:m.variables]
}

// inOrder are the groups as the source has them: those that are comments, too.
func (d *Draft) inOrder() []*Group {
	all := slices.DeleteFunc(slices.Clone(d.order),
		func(g *Group) bool { return !slices.Contains(d.Groups, g) && !slices.Contains(d.idle, g) })
	for _, g := range d.Groups {
		if !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	return all
}
