package wording

import (
	"go/ast"
	"slices"
	"testing"

	"github.com/loadgate/loadgate/internal/reason"
)

// flow follows codes through the program to where a finding is made of them. It goes by names: a function
// or a field stands for all of its name in a package, a variable for all of its name in a function. It
// does not follow the reason of one finding into another.
type flow struct {
	codes     map[string]reason.Code // by constant
	functions map[name][]function
	calls     map[name][]call
	fields    map[name][]expression // what is written into them
	structs   map[name][]string     // their fields
	busy      map[any]bool
}

// name is one in a package; method says whether it is that of a method, whose package is not known.
type name struct {
	pkg, name string
	method    bool
}

type function struct {
	*ast.FuncDecl
	pkg string
}

type call struct {
	in function
	*ast.CallExpr
}

// expression is one in a function, or one result of a call; all: any result.
type expression struct {
	in     function
	of     ast.Expr
	result int
}

const allResults = -1

// origin is where findings with a code are made.
type origin struct {
	check, cause, plan bool
	advised            bool // with remedies beside it
}

// origins are those of the codes that are one of a finding, not within another.
func origins(t *testing.T) map[reason.Code]origin {
	t.Helper()
	f := flow{codes: constants(t), functions: map[name][]function{}, calls: map[name][]call{},
		fields: map[name][]expression{}, structs: map[name][]string{}}
	type finding struct {
		expression
		origin
	}
	var findings []finding
	program := sources(t, "../..")
	for _, file := range program {
		f.readTypes(file)
	}
	for _, file := range program {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				because, advised := f.read(function{fn, file.Name.Name})
				o := origin{cause: file.Name.Name == "diagnose", plan: file.Name.Name == "plan", advised: advised}
				o.check = !o.cause && !o.plan
				if file.Name.Name == "verdict" && fn.Name.Name == "Code" { // of a check that was given no reason
					because = append(because, returned(function{fn, file.Name.Name})...)
				}
				for _, e := range because {
					findings = append(findings, finding{e, o})
				}
			}
		}
	}
	origins := map[reason.Code]origin{}
	for _, at := range findings {
		codes := map[reason.Code]bool{}
		f.busy = map[any]bool{}
		f.follow(at.expression, codes)
		for code := range codes {
			o := origins[code]
			origins[code] = origin{o.check || at.check, o.cause || at.cause, o.plan || at.plan, o.advised || at.advised}
		}
	}
	limiter := origins[reason.RateLimiter] // whose reason a search for capacity gives to a check
	limiter.check = true
	origins[reason.RateLimiter] = limiter
	return origins
}

// read notes what a function calls and writes, and returns what it gives as the reason of a finding.
func (f *flow) read(fn function) (because []expression, advised bool) {
	key := name{fn.pkg, fn.Name.Name, fn.Recv != nil}
	if key.method {
		key.pkg = ""
	}
	f.functions[key] = append(f.functions[key], fn)
	set := func(field string, e expression) {
		f.fields[name{fn.pkg, field, false}] = append(f.fields[name{fn.pkg, field, false}], e)
		advised = advised || field == "Remedies"
		if field == "Because" {
			because = append(because, e)
		}
	}
	ast.Inspect(fn.FuncDecl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok {
				set(key.Name, expression{fn, n.Value, allResults})
			}
		case *ast.CompositeLit:
			kind, _ := n.Type.(*ast.Ident)
			for i, e := range n.Elts {
				if _, keyed := e.(*ast.KeyValueExpr); !keyed && kind != nil {
					if fields := f.structs[name{fn.pkg, kind.Name, false}]; i < len(fields) {
						set(fields[i], expression{fn, e, allResults})
					}
				}
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				s, ok := left.(*ast.SelectorExpr)
				if ok && s.Sel.Name == "Code" { // another code with the same arguments
					s, ok = s.X.(*ast.SelectorExpr)
				}
				if ok {
					set(s.Sel.Name, assigned(fn, n, i))
				}
			}
		case *ast.CallExpr:
			f.calls[called(fn, n)] = append(f.calls[called(fn, n)], call{fn, n})
		}
		return true
	})
	return because, advised
}

// readTypes notes the fields of structs.
func (f *flow) readTypes(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if s, ok := spec.Type.(*ast.StructType); ok {
				key := name{file.Name.Name, spec.Name.Name, false}
				for _, field := range s.Fields.List {
					for _, x := range field.Names {
						f.structs[key] = append(f.structs[key], x.Name)
					}
				}
			}
		}
		return true
	})
}

// assigned is what the variable at an index gets.
func assigned(fn function, a *ast.AssignStmt, at int) expression {
	if len(a.Rhs) == len(a.Lhs) {
		return expression{fn, a.Rhs[at], allResults}
	}
	return expression{fn, a.Rhs[0], at}
}

// called is the function or method of a call.
func called(in function, c *ast.CallExpr) name {
	switch fun := c.Fun.(type) {
	case *ast.Ident:
		return name{in.pkg, fun.Name, false}
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && x.Obj == nil { // no variable, so a package
			return name{x.Name, fun.Sel.Name, false}
		}
		return name{"", fun.Sel.Name, true}
	}
	return name{}
}

// follow adds the codes that an expression may be.
func (f *flow) follow(at expression, codes map[reason.Code]bool) {
	if at.of == nil || f.busy[at.of] {
		return
	}
	f.busy[at.of] = true
	inner := func(e ast.Expr) { f.follow(expression{at.in, e, allResults}, codes) }
	switch e := at.of.(type) {
	case *ast.SelectorExpr:
		x, _ := e.X.(*ast.Ident)
		switch code, ok := f.codes[e.Sel.Name]; {
		case x != nil && x.Name == "reason" && ok:
			codes[code] = true
		case e.Sel.Name != "Because": // which is of a finding that is made elsewhere
			for _, value := range f.fields[name{at.in.pkg, e.Sel.Name, false}] {
				f.follow(value, codes)
			}
		}
	case *ast.CallExpr:
		f.followCall(at, e, codes)
	case *ast.Ident:
		f.followVariable(at.in, e.Name, codes)
	case *ast.CompositeLit:
		if s, ok := e.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Args" {
			return
		}
		for _, element := range e.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				element = pair.Value
			}
			inner(element)
		}
	case *ast.IndexExpr:
		inner(e.X)
	case *ast.SliceExpr:
		inner(e.X)
	case *ast.ParenExpr:
		inner(e.X)
	}
}

func (f *flow) followCall(at expression, c *ast.CallExpr, codes map[reason.Code]bool) {
	to := called(at.in, c)
	if s, ok := c.Fun.(*ast.SelectorExpr); ok && (to.name == "With" || to.name == "Plain") {
		f.follow(expression{at.in, s.X, allResults}, codes)
		return
	}
	if to.name == "append" {
		for _, arg := range c.Args {
			f.follow(expression{at.in, arg, allResults}, codes)
		}
		return
	}
	for _, fn := range f.functions[to] {
		if !returnsReason(fn.FuncDecl) || fn.Type.Params.NumFields() == 0 && len(c.Args) > 0 {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			r, ok := n.(*ast.ReturnStmt)
			if ok && len(r.Results) == 0 && at.result != allResults { // named results
				f.followVariable(fn, resultName(fn.FuncDecl, at.result), codes)
			}
			for i := 0; ok && i < len(r.Results); i++ {
				if at.result == allResults || at.result == i || len(r.Results) == 1 {
					f.follow(expression{fn, r.Results[i], at.result}, codes)
				}
			}
			return true
		})
	}
}

// returned are what a function returns.
func returned(fn function) (results []expression) {
	ast.Inspect(fn.FuncDecl, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			for _, e := range r.Results {
				results = append(results, expression{fn, e, allResults})
			}
		}
		return true
	})
	return results
}

func resultName(fn *ast.FuncDecl, at int) string {
	for _, field := range fn.Type.Results.List {
		for _, x := range field.Names {
			if at == 0 {
				return x.Name
			}
			at--
		}
	}
	return ""
}

// followVariable adds what is assigned to a variable of a function, and what is passed to a parameter.
func (f *flow) followVariable(in function, variable string, codes map[reason.Code]bool) {
	key := [2]any{in.FuncDecl, variable}
	if f.busy[key] {
		return
	}
	f.busy[key] = true
	ast.Inspect(in.FuncDecl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if x, ok := left.(*ast.Ident); ok && x.Name == variable {
					f.follow(assigned(in, n, i), codes)
				}
			}
		case *ast.ValueSpec:
			for i, x := range n.Names {
				if x.Name == variable && i < len(n.Values) {
					f.follow(expression{in, n.Values[i], allResults}, codes)
				}
			}
		case *ast.RangeStmt:
			if x, ok := n.Value.(*ast.Ident); ok && x.Name == variable {
				f.follow(expression{in, n.X, allResults}, codes)
			}
		}
		return true
	})
	callers := name{in.pkg, in.Name.Name, in.Recv != nil}
	if callers.method {
		callers.pkg = ""
	}
	f.followParameter(in.Type, variable, f.calls[callers], codes)
	ast.Inspect(in.FuncDecl, func(n ast.Node) bool { // of functions in it
		a, ok := n.(*ast.AssignStmt)
		for i := 0; ok && i < len(a.Lhs) && len(a.Lhs) == len(a.Rhs); i++ {
			x, _ := a.Lhs[i].(*ast.Ident)
			if fn, ok := a.Rhs[i].(*ast.FuncLit); ok && x != nil {
				f.followParameter(fn.Type, variable, f.calls[name{in.pkg, x.Name, false}], codes)
			}
		}
		return true
	})
}

// followParameter adds what calls pass to a parameter.
func (f *flow) followParameter(of *ast.FuncType, parameter string, calls []call, codes map[reason.Code]bool) {
	at := 0
	for _, field := range of.Params.List {
		for _, x := range field.Names {
			for _, c := range calls {
				if x.Name == parameter && at < len(c.Args) {
					f.follow(expression{c.in, c.Args[at], allResults}, codes)
				}
			}
			at++
		}
	}
}

// returnsReason says whether a function gives a reason or a code.
func returnsReason(fn *ast.FuncDecl) bool {
	if fn.Type.Results == nil {
		return false
	}
	return slices.ContainsFunc(fn.Type.Results.List, func(result *ast.Field) bool {
		given := false
		ast.Inspect(result.Type, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				x, _ := s.X.(*ast.Ident)
				given = given || x != nil && x.Name == "reason" && (s.Sel.Name == "Reason" || s.Sel.Name == "Code")
			}
			return true
		})
		return given
	})
}
