package walk

import (
	"github.com/grafana/sobek/ast"
)

// bindings declare names with their values.
func (w *walk) bindings(list []*ast.Binding, in *scope) {
	for _, b := range list {
		var v value
		if b.Initializer != nil {
			v = w.expression(b.Initializer, in, 0)
		}
		w.bind(b.Target, v, in)
	}
}

// variables declare names with var: they are those of the whole function, where they are not known if
// they are set under a condition.
func (w *walk) variables(list []*ast.Binding, in *scope) {
	w.bindings(list, in)
	all := in.ofFunction()
	for _, b := range list {
		id, ok := b.Target.(*ast.Identifier)
		if !ok || all == in {
			continue
		}
		name := id.Name.String()
		if all.values[name] = in.values[name]; w.unsure > all.depth {
			all.values[name] = lost{w.at(b, name+" is set under a condition: write it")}
		}
	}
}

// bind gives the names of a target their values in a scope.
func (w *walk) bind(target ast.Expression, v value, in *scope) {
	switch t := target.(type) {
	case *ast.Identifier:
		if a, ok := v.(answer); ok && a.name == "" {
			a.name = t.Name.String()
			v = a
		}
		if d := drawOf(v); d != nil && d.Name == "" {
			d.Name = t.Name.String()
		}
		in.values[t.Name.String()] = guarded(t.Name.String(), v)
	case *ast.ObjectPattern:
		for _, p := range t.Properties {
			switch p := p.(type) {
			case *ast.PropertyShort:
				w.bind(&p.Name, w.property(&p.Name, v, p.Name.Name.String()), in)
			case *ast.PropertyKeyed:
				if key, ok := w.key(p, in, 0); ok {
					w.bind(p.Value, w.property(p.Key, v, key), in)
				}
			}
		}
	case *ast.ArrayPattern:
		list, _ := v.(*array)
		for i, one := range t.Elements {
			switch {
			case one == nil:
			case list != nil && i < len(list.items):
				w.bind(one, list.items[i], in)
			default:
				w.bind(one, w.lose(one), in)
			}
		}
	case *ast.AssignExpression:
		if v == nil {
			v = w.expression(t.Right, in, 0)
		}
		w.bind(t.Left, v, in)
	case *ast.Binding:
		if v == nil && t.Initializer != nil {
			v = w.expression(t.Initializer, in, 0)
		}
		w.bind(t.Target, v, in)
	}
}

// assign gives a name or a property a value. What is set under a condition that is not known is
// not known afterwards.
func (w *walk) assign(to ast.Expression, v value, in *scope) {
	switch to := to.(type) {
	case *ast.Identifier:
		name := to.Name.String()
		at := in.find(name)
		if at == nil {
			at = w.global
		}
		if w.unsure > at.depth && w.failing == 0 {
			v = lost{w.at(to, name+" is set under a condition: write it")}
		} else if w.failing > 0 && at.depth < w.unsure {
			return
		}
		w.bind(to, v, at)
	case *ast.DotExpression:
		w.setProperty(to, w.expression(to.Left, in, 0), to.Identifier.Name.String(), v)
	case *ast.BracketExpression:
		if key, ok := known(w.expression(to.Member, in, 0)); ok {
			w.setProperty(to, w.expression(to.Left, in, 0), key, v)
		}
	case *ast.ObjectPattern, *ast.ArrayPattern:
		w.bind(to, v, in)
	}
}

func (w *walk) setProperty(at ast.Expression, of value, key string, v value) {
	o, ok := of.(*object)
	if !ok {
		return
	}
	if w.unsure > 0 {
		if w.failing > 0 {
			return
		}
		v = lost{w.at(at, nameOf(at)+" is set under a condition: write it")}
	}
	o.set(key, v)
}

func (w *walk) key(p *ast.PropertyKeyed, in *scope, depth int) (string, bool) {
	v := w.expression(p.Key, in, depth+1)
	if f, ok := v.(float64); ok {
		return numberText(f), true
	}
	return known(v)
}
