package thresholds

import (
	"fmt"
	"maps"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// parallelBuilder makes the steps of an item, some of which may be sent at the same time.
type parallelBuilder struct {
	stepBuilder
	before *expr.Scope      // without what steps capture
	all    []*grammar.Value // steps of the group
}

// item makes the steps of a step or transaction.
func (b parallelBuilder) item(v *grammar.Value) (steps []config.Step) {
	list, blocks := []*grammar.Value{v}, 0
	if inner := v.Get("steps"); inner != nil {
		list = inner.List()
	}
	for _, one := range list {
		block := one.Get("parallel")
		if block == nil {
			if s := b.build(one); s != nil {
				steps = append(steps, *s)
			}
			continue
		}
		blocks++
		for _, inner := range block.List() {
			if s := b.together(inner, block.List()); s != nil {
				s.Parallel = blocks
				steps = append(steps, *s)
			}
		}
	}
	return steps
}

// together makes one step of those of a block. It is written out before any of them is answered, so it knows nothing
// that only its siblings capture.
func (b parallelBuilder) together(v *grammar.Value, block []*grammar.Value) *config.Step {
	if wait := v.Get("wait"); wait != nil {
		b.Add(wait.Pos, wait.Path, "the steps of parallel are sent at the same time, and nobody thinks between them; "+
			"leave wait out")
	}
	for _, key := range []string{"events", "for", "ws"} {
		if long := v.Get(key); long != nil {
			b.Add(long.Pos, long.Path, "streams and WebSockets outlast the page; write the step beside parallel")
		}
	}
	others := slices.DeleteFunc(slices.Clone(block), func(one *grammar.Value) bool { return one == v })
	known := slices.DeleteFunc(slices.Clone(b.all),
		func(one *grammar.Value) bool { return slices.Contains(others, one) })
	explained := b.explained
	defer func() { b.explained = explained }()
	b.explained = maps.Clone(explained)
	scope := b.captures(b.before, known...)
	for _, one := range others {
		for _, m := range one.Get("capture").Members() {
			if !scope.Has(m.Key) && b.explained != nil {
				b.explained[m.Key] = fmt.Sprintf("%s is captured in line %d, by a step that is sent at the same time; "+
					"move this step behind the list of parallel", m.Key, m.Pos.Line)
			}
		}
	}
	if b.looped != nil {
		scope = scope.With(config.EachName, expr.Any)
	}
	step := b.stepBuilder
	step.scope = scope
	return step.build(v)
}
