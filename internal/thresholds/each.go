package thresholds

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
)

// notEach says why the name is unknown elsewhere.
const notEach = "each is known only in a step or transaction that has the key; write each: LIST beside request, or " +
	"beside transaction"

// each compiles the list of a step or transaction, and brings its element into scope for the rest of it.
func (b *stepBuilder) each(v *grammar.Value) *expr.Program {
	list := v.Get(config.EachName)
	if list == nil {
		return nil
	}
	if b.looped != nil {
		b.Add(list.Pos, list.Path, "its transaction has each in line %d already; a list within a list is not "+
			"supported: keep one of them", b.looped.Pos.Line)
		return nil
	}
	taken := b.scope.Has(config.EachName)
	for _, m := range v.Get("capture").Members() {
		if m.Key == config.EachName {
			b.Add(m.Pos, m.Path, "each is the element that the step is sent for; write another name")
			taken = false // said
		}
	}
	if taken {
		b.Add(list.Pos, list.Path, "a var, capture or data source is called each already; give that another name")
	}
	p, err := b.scope.Compile(list.Text)
	if err != nil {
		b.report(list, 0, err)
		p = nil
	} else if t := p.Type(); t != expr.Any && t != expr.List {
		b.Add(list.Pos, list.Path, "%s gives no list; write the name of a captured one, such as ids",
			mistake.Show(list.Text))
	}
	b.scope, b.looped = b.scope.With(config.EachName, expr.Any), list
	return p
}
