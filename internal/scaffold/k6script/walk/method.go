package walk

import (
	"slices"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// methods gives what methods of values give.
type methods struct{ *walk }

// method is what a method of a value gives.
func (w methods) method(e *ast.CallExpression, f bound, in *scope, depth int) value {
	all := w.arguments(e, in, depth)
	switch of := f.of.(type) {
	case *response:
		return w.ofAnswerCall(e, of, f.name, all)
	case *array:
		return w.ofList(e, of, f.name, all, depth)
	case answer:
		switch {
		case f.name == "toString":
			return of
		case of.text && f.name == "includes":
			return good{}
		}
	case text:
		return w.ofText(e, of, f.name, all)
	case float64, whole, random, drawn:
		if f.name == "toString" || f.name == "toFixed" {
			return joined(textOf(of))
		}
	}
	return w.lose(e)
}

// ofAnswerCall is what a method of an answer gives.
func (w methods) ofAnswerCall(e ast.Expression, r *response, name string, all []value) value {
	if name == "submitForm" || name == "clickLink" {
		w.lookAt(e, name+" sends a request that only the page knows, and is left out: write it")
	}
	if name != "json" {
		return w.lose(e)
	}
	if len(all) == 0 || all[0] == nil {
		return answer{of: r.of, where: "body"}
	}
	place, ok := known(all[0])
	if !ok || len(place) > longestPlace || strings.ContainsAny(place, "#|*?@\\(){}") {
		return w.lose(e)
	}
	where, key := path("body", place)
	return answer{of: r.of, where: where, key: key}
}

func (w methods) ofList(e ast.Expression, list *array, name string, all []value, depth int) value {
	f, isFunction := argument(all, 0).(*function)
	switch {
	case name == "push":
		if w.unsure == 0 && len(list.items)+len(all) <= mostRounds {
			list.items = append(list.items, all...)
			return float64(len(list.items))
		}
		list.items = append(list.items, lost{w.at(e, "a list grows under a condition")})
		return nil
	case (name == "forEach" || name == "map") && isFunction:
		out := &array{}
		for i, v := range slices.Clone(list.items) {
			out.items = append(out.items, w.call(f, []value{v, float64(i)}, depth))
			if w.full {
				break
			}
		}
		return out
	case name == "join":
		between, ok := known(argument(all, 0))
		if !ok {
			between = ","
		}
		var parts written.Text
		for i, v := range list.items {
			if i > 0 {
				parts = append(parts, written.Plain(between)...)
			}
			parts = append(parts, textOf(v)...)
		}
		return joined(parts)
	case name == "includes":
		return good{}
	}
	return w.lose(e)
}

func (w methods) ofText(e ast.Expression, t text, name string, all []value) value {
	if t.computed && name == "toISOString" {
		return t
	}
	s, ok := known(t)
	if !ok {
		if name == "toString" || name == "trim" {
			return t
		}
		return w.lose(e)
	}
	switch name {
	case "toString":
		return t
	case "trim":
		return plain(strings.TrimSpace(s))
	case "toLowerCase":
		return plain(strings.ToLower(s))
	case "toUpperCase":
		return plain(strings.ToUpper(s))
	case "split":
		if by, ok := known(argument(all, 0)); ok && strings.Count(s, by) < mostRounds {
			out := &array{}
			for _, one := range strings.Split(s, by) {
				out.items = append(out.items, plain(one))
			}
			return out
		}
	}
	return w.lose(e)
}
