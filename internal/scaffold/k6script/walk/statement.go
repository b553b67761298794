package walk

import (
	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"
)

// statements reads what functions do.
type statements struct{ *walk }

func (w statements) list(all []ast.Statement, in *scope) flow {
	w.hoist(all, in)
	for _, st := range all {
		f := w.statement(st, in)
		if w.over {
			return ended
		}
		if f != onward {
			return f
		}
	}
	return onward
}

// hoist declares the functions of a block, which may be called above their place.
func (s *Script) hoist(all []ast.Statement, in *scope) {
	for _, st := range all {
		switch st := st.(type) {
		case *ast.FunctionDeclaration:
			s.declareFunction(st.Function, in)
		case *ast.ExportDeclaration:
			if st.HoistableDeclaration != nil && st.HoistableDeclaration.FunctionDeclaration != nil {
				s.declareFunction(st.HoistableDeclaration.FunctionDeclaration.Function, in)
			}
		}
	}
}

func (s *Script) declareFunction(f *ast.FunctionLiteral, in *scope) {
	if f != nil && f.Name != nil {
		in.values[f.Name.Name.String()] = functionOf(f, in)
	}
}

func functionOf(f *ast.FunctionLiteral, in *scope) *function {
	name := ""
	if f.Name != nil {
		name = f.Name.Name.String()
	}
	return &function{name: name, parameters: f.ParameterList, body: f.Body, scope: in}
}

func (w statements) one(st ast.Statement, in *scope) flow {
	if w.tires() {
		return ended
	}
	switch st := st.(type) {
	case *ast.ExpressionStatement:
		w.expression(st.Expression, in, 0)
	case *ast.VariableStatement:
		w.variables(st.List, in)
	case *ast.LexicalDeclaration:
		w.bindings(st.List, in)
	case *ast.BlockStatement:
		return w.statements(st.List, newScope(in, w.unsure))
	case *ast.ReturnStatement:
		return w.giveBack(st, in)
	case *ast.IfStatement:
		return w.branch(st, in)
	case *ast.ForStatement:
		return w.loop(st, in)
	case *ast.ForOfStatement:
		return w.loopOver(st, in)
	case *ast.TryStatement:
		return w.try(st, in)
	case *ast.SwitchStatement:
		return w.choose(st, in)
	case *ast.WhileStatement:
		w.hold(st, "a loop that ends under a condition", func() flow { return w.statement(st.Body, in) })
	case *ast.DoWhileStatement:
		w.hold(st, "a loop that ends under a condition", func() flow { return w.statement(st.Body, in) })
	case *ast.ForInStatement:
		w.hold(st, "a loop over the keys of an object", func() flow { return w.statement(st.Body, in) })
	case *ast.LabelledStatement:
		return w.statement(st.Statement, in)
	case *ast.BranchStatement:
		if st.Token == token.CONTINUE {
			return again
		}
		return leave
	case *ast.ThrowStatement:
		w.expression(st.Argument, in, 0)
		w.end(st)
		return ended
	}
	return onward
}

// giveBack ends a function. Below a condition that is not known it ends nothing: the draft goes
// on, and says so.
func (w statements) giveBack(st *ast.ReturnStatement, in *scope) flow {
	var v value
	if st.Argument != nil {
		v = w.expression(st.Argument, in, 0)
	}
	if w.unsure > 0 {
		if w.failing == 0 {
			w.lookAt(st, "a function ends here under a condition; the draft continues after it")
		}
		return onward
	}
	w.returned = v
	return ended
}

func (w statements) try(st *ast.TryStatement, in *scope) flow {
	f := w.statement(st.Body, in)
	if w.over && st.Catch != nil {
		w.over = false
		inner := newScope(in, w.unsure)
		if st.Catch.Parameter != nil {
			w.bind(st.Catch.Parameter, lost{w.at(st.Catch, "it shows an error of the script")}, inner)
		}
		f = w.statement(st.Catch.Body, inner)
	}
	if st.Finally != nil {
		over := w.over
		w.over = false
		if last := w.statement(st.Finally, in); last != onward {
			return last
		}
		w.over = over
	}
	return f
}

// end ends the round, as an error does that nothing catches. Below a condition that is not known the
// draft goes on, and says so.
func (w *walk) end(at ast.Node) {
	if w.unsure > 0 && w.failing == 0 {
		w.lookAt(at, "a round ends here under a condition; the draft continues after it")
	}
	w.over = true
}

func (w statements) branch(st *ast.IfStatement, in *scope) flow {
	body := func(s ast.Statement) func() flow {
		return func() flow {
			if s == nil {
				return onward
			}
			return w.statement(s, in)
		}
	}
	v := w.expression(st.Test, in, 0)
	if is, known := truth(v); known {
		if is {
			return w.statement(st.Consequent, in)
		}
		if st.Alternate != nil {
			return w.statement(st.Alternate, in)
		}
		return onward
	}
	switch v := v.(type) {
	case chance:
		w.under(st.Test, v, body(st.Consequent))
		w.under(st.Test, chance{1 - v.p, v.draw, v.without, v.within}, body(st.Alternate))
	case good, answer:
		first, second := body(st.Consequent), body(st.Alternate)
		if g, ok := v.(good); ok && g.not {
			first, second = second, first
		}
		f := w.wanted(st.Test, first)
		w.failing++
		w.hold(st.Test, "a condition on an answer", second)
		w.failing--
		return f
	default:
		w.hold(st.Test, "a condition that init does not read", body(st.Consequent))
		w.hold(st.Test, "a condition that init does not read", body(st.Alternate))
	}
	return onward
}

// choose reads the cases of a switch from the one that is taken.
func (w statements) choose(st *ast.SwitchStatement, in *scope) flow {
	v := w.expression(st.Discriminant, in, 0)
	inner := newScope(in, w.unsure)
	_, isKnown := truth(v)
	found := -1
	for i, c := range st.Body {
		if c.Test == nil || found >= 0 {
			continue
		}
		test := w.expression(c.Test, in, 0)
		if _, known := truth(test); !known {
			isKnown = false
		}
		if same(v, test) {
			found = i
		}
	}
	if !isKnown {
		for _, c := range st.Body {
			w.hold(c, "a case that init does not read", func() flow { return w.statements(c.Consequent, inner) })
		}
		return onward
	}
	if found < 0 {
		found = st.Default
	}
	if found < 0 {
		return onward
	}
	for _, c := range st.Body[found:] {
		switch f := w.statements(c.Consequent, inner); f {
		case leave:
			return onward
		case again, ended:
			return f
		}
	}
	return onward
}

func (w statements) loop(st *ast.ForStatement, in *scope) flow {
	inner := newScope(in, w.unsure)
	switch init := st.Initializer.(type) {
	case *ast.ForLoopInitializerExpression:
		w.expression(init.Expression, inner, 0)
	case *ast.ForLoopInitializerVarDeclList:
		w.bindings(init.List, inner)
	case *ast.ForLoopInitializerLexicalDecl:
		w.bindings(init.LexicalDeclaration.List, inner)
	}
	for range mostRounds {
		if st.Test == nil {
			break
		}
		is, known := truth(w.expression(st.Test, inner, 0))
		if !known {
			break
		}
		if !is {
			return onward
		}
		if f := w.statement(st.Body, inner); f == leave || f == ended {
			return onlyEnd(f)
		}
		if st.Update != nil {
			w.expression(st.Update, inner, 0)
		}
		if w.full {
			return ended
		}
	}
	w.hold(st, "a loop whose rounds init cannot count", func() flow { return w.statement(st.Body, inner) })
	return onward
}

// onlyEnd is how a loop ends that was left: the end of its function goes on.
func onlyEnd(f flow) flow {
	if f == ended {
		return ended
	}
	return onward
}

func (w statements) loopOver(st *ast.ForOfStatement, in *scope) flow {
	list, ok := w.expression(st.Source, in, 0).(*array)
	if !ok {
		w.hold(st, "a loop over a list that init does not read", func() flow {
			inner := newScope(in, w.unsure)
			w.bindLoop(st.Into, lost{w.at(st, "it shows a value of a list that init does not read")}, inner)
			return w.statement(st.Body, inner)
		})
		return onward
	}
	for _, v := range list.items {
		inner := newScope(in, w.unsure)
		w.bindLoop(st.Into, v, inner)
		if f := w.statement(st.Body, inner); f == leave || f == ended {
			return onlyEnd(f)
		}
	}
	return onward
}

func (w statements) bindLoop(into ast.ForInto, v value, in *scope) {
	switch into := into.(type) {
	case *ast.ForIntoVar:
		w.bind(into.Binding.Target, v, in)
	case *ast.ForDeclaration:
		w.bind(into.Target, v, in)
	case *ast.ForIntoExpression:
		w.assign(into.Expression, v, in)
	}
}
