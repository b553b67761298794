package walk

import (
	"math"
	"slices"

	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// literals gives what names, literals and places in lists are.
type literals struct{ *walk }

func (w literals) identifier(e *ast.Identifier, in *scope) value {
	name := e.Name.String()
	switch name {
	case "undefined":
		return nil
	case "__VU":
		if w.per == written.Run { // who sets up is no user
			return 0.0
		}
		return text{parts: written.Text{{Code: UserNumber}}, computed: true}
	case "__ENV", "Math", "JSON", "Date", "console", "String", "Number", "parseInt", "parseFloat", "encodeURIComponent",
		"encodeURI", "Object", "Array", "open", "require":
		if in.find(name) == nil {
			return builtin(name)
		}
	}
	if at := in.find(name); at != nil {
		return at.values[name]
	}
	return w.lose(e)
}

func (w literals) template(e *ast.TemplateLiteral, in *scope, depth int) value {
	if e.Tag != nil && w.expression(e.Tag, in, depth+1) != builtin("http.url") {
		return w.lose(e.Tag)
	}
	var parts written.Text
	for i, element := range e.Elements {
		parts = append(parts, written.Plain(element.Parsed.String())...)
		if i < len(e.Expressions) {
			parts = append(parts, textOf(w.expression(e.Expressions[i], in, depth+1))...)
		}
	}
	return joined(parts)
}

func (w literals) object(e *ast.ObjectLiteral, in *scope, depth int) value {
	out := newObject()
	for _, p := range e.Value {
		switch p := p.(type) {
		case *ast.PropertyShort:
			out.set(p.Name.Name.String(), w.identifier(&p.Name, in))
		case *ast.PropertyKeyed:
			key, ok := w.key(p, in, depth)
			if !ok {
				return w.lose(e)
			}
			out.set(key, w.expression(p.Value, in, depth+1))
		case *ast.SpreadElement:
			from, ok := w.expression(p.Expression, in, depth+1).(*object)
			if !ok {
				return w.lose(p.Expression)
			}
			for _, key := range from.keys {
				out.set(key, from.values[key])
			}
		}
	}
	return out
}

func (w literals) array(e *ast.ArrayLiteral, in *scope, depth int) value {
	out := &array{}
	for _, one := range e.Value {
		if spread, ok := one.(*ast.SpreadElement); ok {
			from, ok := w.expression(spread.Expression, in, depth+1).(*array)
			if !ok || len(out.items)+len(from.items) > mostRounds {
				return w.lose(spread.Expression)
			}
			out.items = append(out.items, from.items...)
			continue
		}
		out.items = append(out.items, w.expression(one, in, depth+1))
	}
	return out
}

func (w literals) bracket(e *ast.BracketExpression, in *scope, depth int) value {
	left, at := w.expression(e.Left, in, depth+1), w.expression(e.Member, in, depth+1)
	if t, ok := at.(text); ok && len(t.parts) == 1 && t.parts[0].Env != "" && t.parts[0].Otherwise != nil {
		w.lookAt(e, secrets.Line(t.parts[0].Env)+" chooses between values: here it has its default")
		at = plain(*t.parts[0].Otherwise)
	}
	if name, ok := known(at); ok {
		return w.property(e, left, name)
	}
	switch at := at.(type) {
	case float64:
		if list, ok := left.(*array); ok {
			if i := int(at); at == math.Trunc(at) && i >= 0 && i < len(list.items) {
				return list.items[i]
			}
			return nil
		}
		return w.property(e, left, numberText(at))
	case whole:
		if list, ok := left.(*array); ok && at.low >= 0 && at.high < int64(len(list.items)) {
			return drawn{slices.Clone(list.items[at.low : at.high+1]), at.draw}
		}
	}
	return w.lose(e)
}
