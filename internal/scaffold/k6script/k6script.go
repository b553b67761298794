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
	setup, back, _ := b.Round("setup", nil, nil)
	teardown, _, _ := b.Round("teardown", nil, back)
	rounds := map[*scenario][]walk.Item{}
	all := slices.Concat(walk.Calls(setup), walk.Calls(teardown))
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
	before := b.once(setup, teardown, all, service)
	for _, sc := range b.scenarios {
		b.group(sc, before, rounds[sc], service)
	}
	b.draft.Groups = slices.DeleteFunc(b.draft.Groups, func(g *draft.Group) bool { return len(g.Steps) == 0 })
	if len(b.draft.Groups) == 0 {
		return errNoRequest
	}
	written.ShareAuth(b.draft)
	b.draft.SendGraphQL()
	for _, name := range b.draft.NameEndpoints() {
		b.draft.AddLook(secrets.Line(name) + " is the name of several requests: each has its own here")
	}
	b.load()
	b.rules(options)
	return nil
}

// once makes the steps that no user sends, and gives the session of those before the load.
func (b *builder) once(setup, teardown []walk.Item, all []*walk.Call, service string) *written.Session {
	before := written.NewSetup(b.draft, requestsOf(all))
	after := before.Teardown(requestsOf(walk.Calls(teardown)))
	for _, part := range []struct {
		items   []walk.Item
		session *written.Session
		to      *[]*draft.Step
		name    string
	}{{setup, before, &b.draft.Setup, "setup()"}, {teardown, after, &b.draft.Teardown, "teardown()"}} {
		for _, i := range part.items {
			switch {
			case i.Wait != nil:
				b.Look("left out: sleep in " + part.name)
			case i.Call.Origin == service:
				i.Call.Request.Within = nil
				part.session.Add(part.to, i.Call.Request)
			}
		}
	}
	return before
}

func requestsOf(calls []*walk.Call) (all []*written.Request) {
	for _, c := range calls {
		all = append(all, c.Request)
	}
	return all
}

// group makes the group of a scenario.
func (b *builder) group(sc *scenario, before *written.Session, items []walk.Item, service string) {
	g := &draft.Group{Name: b.draft.UnusedGroup(sc.groupName())}
	calls := slices.DeleteFunc(walk.Calls(items), func(c *walk.Call) bool { return c.Origin != service })
	s := before.Users(g, requestsOf(calls))
	after, slept := pauses(items, calls), map[*draft.Step]walk.Range{}
	for _, c := range calls {
		c.Request.Wait = rangeText(after[c]) // those with different ones are different steps
		st := s.Add(&g.Steps, c.Request)
		slept[st] = after[c]
		b.made = append(b.made, made{c, sc, st})
	}
	b.addUserNumber(g, calls)
	if g.Wait = "0s"; !sleeps(items) {
		g.Look("the script never sleeps: neither do its users here")
	}
	settle(g, slept)
	b.draft.Groups = append(b.draft.Groups, g)
	sc.group = g
}

// addUserNumber gives each user its number where a request shows it.
func (b *builder) addUserNumber(g *draft.Group, calls []*walk.Call) {
	if slices.ContainsFunc(calls, func(c *walk.Call) bool { return c.UsesNumber }) {
		g.Vars = append(g.Vars, draft.Pair{Name: walk.UserNumber, Text: "${ seq() }"})
	}
}
