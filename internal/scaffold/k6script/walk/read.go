package walk

import (
	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// language reads scripts: each kind of node where that is read.
type language struct{}

func (language) statement(w *walk, st ast.Statement, in *scope) flow {
	return statements{w}.one(st, in)
}

func (language) statements(w *walk, all []ast.Statement, in *scope) flow {
	return statements{w}.list(all, in)
}

func (language) call(w *walk, f *function, arguments []value, depth int) value {
	return calls{w}.function(f, arguments, depth)
}

// expression is what an expression is, as far as the text says it.
func (language) expression(w *walk, e ast.Expression, in *scope, depth int) value {
	if w.tires() || depth > mostNested {
		return lost{"it is more than init reads"}
	}
	switch e := e.(type) {
	case *ast.StringLiteral:
		return plain(e.Value.String())
	case *ast.NumberLiteral:
		return number(e.Value)
	case *ast.BooleanLiteral:
		return e.Value
	case *ast.NullLiteral:
		return null{}
	case *ast.TemplateLiteral:
		return literals{w}.template(e, in, depth)
	case *ast.Identifier:
		return literals{w}.identifier(e, in)
	case *ast.ObjectLiteral:
		return literals{w}.object(e, in, depth)
	case *ast.ArrayLiteral:
		return literals{w}.array(e, in, depth)
	case *ast.FunctionLiteral:
		return functionOf(e, in)
	case *ast.ArrowFunctionLiteral:
		return &function{parameters: e.ParameterList, body: e.Body, scope: in}
	case *ast.DotExpression:
		return w.property(e, w.expression(e.Left, in, depth+1), e.Identifier.Name.String())
	case *ast.BracketExpression:
		return literals{w}.bracket(e, in, depth)
	case *ast.CallExpression:
		return calls{w}.callExpression(e, in, depth)
	case *ast.NewExpression:
		return calls{w}.create(e, in, depth)
	case *ast.AssignExpression:
		return operations{w}.assignment(e, in, depth)
	case *ast.BinaryExpression:
		return operations{w}.binary(e, in, depth)
	case *ast.UnaryExpression:
		return operations{w}.unary(e, in, depth)
	case *ast.ConditionalExpression:
		return operations{w}.conditional(e, in, depth)
	case *ast.AwaitExpression:
		return w.expression(e.Argument, in, depth+1)
	case *ast.Optional:
		return w.expression(e.Expression, in, depth+1)
	case *ast.OptionalChain:
		return w.expression(e.Expression, in, depth+1)
	case *ast.SequenceExpression:
		var last value
		for _, one := range e.Sequence {
			last = w.expression(one, in, depth+1)
		}
		return last
	}
	if e == nil {
		return nil
	}
	return w.lose(e)
}

// declare reads what the script declares outside of its functions.
func (s *Script) declare() {
	s.global = newScope(nil, 0)
	w := s.newWalk(nil)
	w.per = written.User
	s.hoist(s.program.Body, s.global)
	for _, st := range s.program.Body {
		switch st := st.(type) {
		case *ast.ImportDeclaration:
			s.imports(st)
		case *ast.ExportDeclaration:
			w.export(st)
		default:
			w.statement(st, s.global)
		}
	}
	for _, c := range Calls(w.items) {
		s.Look(c.Where + ": a request outside of every function is left out")
	}
}

func (w *walk) export(st *ast.ExportDeclaration) {
	in := w.global
	keep := func(list []*ast.Binding) {
		w.bindings(list, in)
		for _, b := range list {
			if id, ok := b.Target.(*ast.Identifier); ok {
				w.exports[id.Name.String()] = in.values[id.Name.String()]
			}
		}
	}
	name := func(f *ast.FunctionLiteral) string {
		if st.IsDefault || f.Name == nil {
			return "default"
		}
		return f.Name.Name.String()
	}
	switch {
	case st.FromClause != nil:
		module := st.FromClause.ModuleSpecifier.String()
		w.lookAt(st, "what it exports of "+secrets.Line(module)+" is not read: put it into the script")
	case st.Variable != nil:
		keep(st.Variable.List)
	case st.LexicalDeclaration != nil:
		keep(st.LexicalDeclaration.List)
	case st.AssignExpression != nil:
		w.exports["default"] = w.expression(st.AssignExpression, in, 0)
	case st.HoistableDeclaration != nil && st.HoistableDeclaration.FunctionDeclaration != nil:
		if f := st.HoistableDeclaration.FunctionDeclaration.Function; f != nil {
			w.exports[name(f)] = functionOf(f, in)
		}
	case st.NamedExports != nil:
		for _, one := range st.NamedExports.ExportsList {
			as := one.Alias.String()
			if as == "" {
				as = one.IdentifierName.String()
			}
			if at := in.find(one.IdentifierName.String()); at != nil {
				w.exports[as] = at.values[one.IdentifierName.String()]
			}
		}
	}
}

// imports gives the names of a module what init knows of it.
func (s *Script) imports(st *ast.ImportDeclaration) {
	if st.ImportClause == nil || st.FromClause == nil {
		return
	}
	module := st.FromClause.ModuleSpecifier.String()
	c := st.ImportClause
	if c.ImportedDefaultBinding != nil {
		s.global.values[c.ImportedDefaultBinding.Name.String()] = moduleValue(module, "")
	}
	if c.NameSpaceImport != nil {
		s.global.values[c.NameSpaceImport.ImportedBinding.String()] = moduleValue(module, "")
	}
	if c.NamedImports == nil {
		return
	}
	for _, one := range c.NamedImports.ImportsList {
		name, as := one.IdentifierName.String(), one.Alias.String()
		if as == "" {
			as = name
		}
		s.global.values[as] = moduleValue(module, name)
	}
}

func (s *Script) newWalk(env map[string]string) *walk {
	return &walk{Script: s, read: language{}, env: env, narrowed: map[*written.Draw]span{}}
}

// Read reads the text of a script.
func Read(text string) (*Script, error) {
	s, err := parse(text)
	if err != nil {
		return nil, err
	}
	s.declare()
	return s, nil
}

// Has says whether the script exports a name.
func (s *Script) Has(name string) bool {
	_, has := s.exports[name]
	return has
}

// Returned is what a function gave back.
type Returned struct{ v value }

// Round is what a function of the script does, in its order, and what it gives back. It is given
// what setup gave back; nil: nothing. Ok is false where the script has no such function.
func (s *Script) Round(name string, env map[string]string, setup *Returned) (all []Item, back *Returned, ok bool) {
	f, ok := s.exports[name].(*function)
	if !ok {
		return nil, nil, false
	}
	w := s.newWalk(env)
	if name == "setup" || name == "teardown" {
		w.per = written.Run
	}
	var arguments []value
	if setup != nil && setup.v != nil {
		arguments = []value{setup.v}
	}
	v := w.call(f, arguments, 0)
	return w.items, &Returned{v}, true
}
