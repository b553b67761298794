// Package jmeter drafts a thresholds.yaml from a test plan of JMeter, a .jmx file. It knows which of its
// elements have an equal in the file; the others are said by name.
package jmeter

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// Draft drafts a file from a test plan: each thread group is a group of users.
func Draft(file input.File, o draft.Options) (*draft.Draft, error) {
	d, err := read(file, o)
	if err != nil {
		return nil, fmt.Errorf("read JMX: %w", err)
	}
	return d, nil
}

func read(file input.File, o draft.Options) (*draft.Draft, error) {
	src, err := input.Text(file.Text)
	if err != nil {
		return nil, err
	}
	if !isPlan.Match(src) {
		if err := input.OtherKind(src, "--jmx"); err != nil {
			return nil, err
		}
	}
	items, _, err := readPlan(src)
	if err != nil {
		return nil, err
	}
	p := &plan{draft: &draft.Draft{Origin: "a test plan of JMeter"}, host: o.URL, given: o.URL != "",
		tasks: map[string]bool{}, told: map[*element]bool{}}
	p.names = &names{draft: p.draft, constant: map[string]string{}, columns: map[string]string{},
		captured: map[string]string{}, budget: mostReferences}
	for _, i := range items {
		if i.tag == "TestPlan" {
			p.draft.Name = naming.Line(i.name())
			p.variables(i.parts("TestPlan.user_defined_variables", "Arguments.arguments"))
			p.read(i.below)
			continue
		}
		p.look(i.element, "is not read")
	}
	if p.steps > mostSteps || p.names.budget < 0 {
		return nil, errors.New("it makes more than one file can hold: cut it down to what users do")
	}
	if len(p.draft.Groups) == 0 {
		return nil, errors.New("it has no thread group that is enabled and has an HTTP request")
	}
	if p.host == "" {
		p.host = "http://localhost:8000"
		p.draft.AddLook("no server is in the plan: is it " + p.host + "?")
	}
	p.draft.URL = p.host
	p.lookForLost(items)
	p.profile()
	p.draft.SendGraphQL()
	p.draft.NameEndpoints()
	p.draft.GuessRules()
	return p.draft.Finish(o)
}

// isPlan is what a plan begins with.
var isPlan = regexp.MustCompile(`<jmeterTestPlan[\s>]`)

// read reads what is below the plan: what holds for all, then the thread groups.
func (p *plan) read(items []item) {
	all := scope{}
	all = p.config(items, all, nil)
	for _, i := range items {
		switch i.tag {
		case "ThreadGroup":
			p.group(i, all)
		case "SetupThreadGroup", "PostThreadGroup":
		default:
			if strings.HasSuffix(i.tag, "ThreadGroup") {
				p.strange = true
				p.look(i.element, "is no thread group of JMeter itself: write weight, and its load as a profile")
				p.group(i, all)
			}
		}
	}
	for _, i := range items { // the service is that of the users
		switch i.tag {
		case "SetupThreadGroup":
			p.once(i, all, "setup", &p.draft.Setup)
		case "PostThreadGroup":
			p.once(i, all, "teardown", &p.draft.Teardown)
		}
	}
}

// profile adds the load of the plan as a profile.
func (p *plan) profile() {
	users, ramp, lasting := 0, 1, 0
	for _, t := range p.threads {
		users, ramp, lasting = users+t.users, max(ramp, t.ramp), max(lasting, t.seconds)
	}
	if p.strange || users < 1 || users > 1_000_000 || lasting == 0 {
		return
	}
	p.draft.Profiles = append(p.draft.Profiles, draft.Profile{Name: "jmeter", Users: users,
		SpawnRate: max(1, (users+ramp-1)/ramp), Seconds: max(lasting, 1)})
}
