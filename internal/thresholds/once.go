package thresholds

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// onceBuilder makes the steps before and after the load.
type onceBuilder struct{ *builder }

// build makes them. They belong to no user: they read no data, and what they capture
// is theirs, but what setup captures is read by all as setup.NAME.
func (b onceBuilder) build(root *grammar.Value) {
	b.explained = map[string]string{
		config.EachName:  notEach,
		config.SetupName: "setup is what later steps call its values; here, write the name alone",
	}
	for _, d := range b.config.Data {
		b.explained[d.Name] = d.Name +
			" has a row for each user, and this step belongs to no user; write the value itself"
	}
	setup, teardown := root.Get("setup").List(), root.Get("teardown").List()
	b.hasSetup = len(setup) > 0 || b.Under("setup")
	b.config.Setup = b.steps(setup, setupStep, b.shared)
	scope := b.shared
	ofSetup := map[string]string{config.EachName: notEach} // also for the steps of users
	defer func() { b.explained = ofSetup }()
	delete(b.explained, config.SetupName)
	if b.hasSetup {
		fields := map[string]expr.Type{}
		for _, step := range setup {
			for _, m := range step.Get("capture").Members() {
				fields[m.Key] = expr.Any
				ofSetup[m.Key] = fmt.Sprintf("%s is a value of setup; write setup.%s", m.Key, m.Key)
				b.explained[m.Key] = ofSetup[m.Key]
			}
		}
		for _, d := range b.config.Data {
			if d.Name == config.SetupName {
				b.Add(d.Pos, grammar.Join("data", d.Name),
					"setup is the name of what setup captures; write another name")
			}
		}
		if b.Under("setup") { // it may have captured anything
			scope, b.data = scope.With(config.SetupName, expr.Any), b.data.With(config.SetupName, expr.Any)
		} else {
			scope, b.data = scope.WithRecord(config.SetupName, fields), b.data.WithRecord(config.SetupName, fields)
		}
	}
	b.config.Teardown = b.steps(teardown, teardownStep, scope)
}

// onceSteps builds steps that are sent one after the other, each of which sees what those before it capture.
func (b onceBuilder) steps(items []*grammar.Value, kind stepKind, scope *expr.Scope) (steps []config.Step) {
	widest := b.captures(scope, items...)
	for _, item := range items {
		step := stepBuilder{b.builder, kind, scope, widest, config.Sequence, b.config.Target.Headers, nil, nil}
		if s := step.build(item); s != nil {
			steps = append(steps, *s)
		}
		scope = b.captures(scope, item)
	}
	return steps
}
