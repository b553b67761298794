// Package k6script drafts a thresholds.yaml from a script of k6: the load and the rules from its
// options, groups of users from what its functions do. The script is read and never run: what its
// text does not say for certain is a comment with the line of the script. It opens no file and no
// module that the script names.
package k6script

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/k6script/walk"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// Draft drafts a file from a script of k6: its load from its options, its rules from its
// thresholds, and a group of users for each function that a scenario runs.
func Draft(f input.File, o draft.Options) (*draft.Draft, error) {
	text, err := input.Text(f.Text)
	if err != nil {
		return nil, fmt.Errorf("read k6 script: %w", err)
	}
	s, err := walk.Read(string(text))
	if err != nil {
		return nil, fmt.Errorf("read k6 script: %w", err)
	}
	b := &builder{Script: s, draft: &draft.Draft{Origin: "the k6 script " + secrets.Line(f.Name),
		Name: secrets.Line(f.Name)}}
	if err := b.build(o); err != nil {
		if other := input.OtherKind(text, "--k6"); other != nil {
			err = other
		}
		return nil, fmt.Errorf("read k6 script: %w", err)
	}
	d := b.draft
	s.LookForLost()
	for _, look := range s.Looks() {
		d.AddLook(look)
	}
	return d.Finish(o)
}

var errNoRequest = errors.New("it makes no request that can be read without running it")

func (b *builder) build(o draft.Options) error {
	options := b.options()
	b.scenarios = b.readScenarios(options)
	setup, back := b.setup()
	rounds := map[*scenario][]walk.Item{}
	all := walk.Calls(setup)
	for _, sc := range b.scenarios {
		items, _, ok := b.Round(sc.exec, sc.env, back)
		if !ok {
			b.Look(fmt.Sprintf("scenario %s runs %s, which is no function of the script", secrets.Line(sc.name),
				secrets.Line(sc.exec)))
		}
		rounds[sc] = items
		all = append(all, walk.Calls(items)...)
	}
	if len(all) == 0 {
		return errNoRequest
	}
	service := b.chooseService(all, o)
	for _, sc := range b.scenarios {
		b.group(sc, setup, rounds[sc], service)
	}
	b.draft.Groups = slices.DeleteFunc(b.draft.Groups, func(g *draft.Group) bool { return len(g.Steps) == 0 })
	if len(b.draft.Groups) == 0 {
		return errNoRequest
	}
	for _, name := range written.NameEndpoints(b.draft) {
		b.draft.AddLook(secrets.Line(name) + " is the name of several requests: each has its own here")
	}
	b.load()
	b.rules(options)
	return nil
}

// setup is what the script does once before the load, and what it gives to its users.
func (b *builder) setup() ([]walk.Item, *walk.Returned) {
	items, back, _ := b.Round("setup", nil, nil)
	if len(walk.Calls(items)) > 0 {
		b.Look("setup() runs once for all: here each user begins with its requests, as start steps; setup: would " +
			"send them once")
	}
	if b.Has("teardown") {
		b.Look("teardown() is left out: write teardown")
	}
	return items, back
}

// group makes the group of a scenario.
func (b *builder) group(sc *scenario, setup, items []walk.Item, service string) {
	g := &draft.Group{Name: b.draft.UnusedGroup(sc.groupName())}
	var all []*written.Request
	for _, c := range slices.Concat(walk.Calls(setup), walk.Calls(items)) {
		all = append(all, c.Request)
	}
	s := written.NewSession(b.draft, g, all)
	for i, list := range [][]walk.Item{setup, items} {
		to := &g.Steps
		if i == 0 {
			to = &g.Start
		}
		for _, c := range walk.Calls(list) {
			if c.Origin != service {
				continue
			}
			if i == 0 {
				c.Request.Within = nil
			}
			b.made = append(b.made, made{c, sc, s.Add(to, c.Request)})
		}
	}
	b.addUserNumber(g, walk.Calls(items))
	g.Wait = b.wait(g, items)
	b.draft.Groups = append(b.draft.Groups, g)
	sc.group = g
}

// addUserNumber gives each user its number where a request shows it.
func (b *builder) addUserNumber(g *draft.Group, calls []*walk.Call) {
	if slices.ContainsFunc(calls, func(c *walk.Call) bool { return c.UsesNumber }) {
		g.Vars = []draft.Pair{{Name: walk.UserNumber, Text: "${ seq() }"}}
	}
}
