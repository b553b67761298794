package expr

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
)

// What one source may be.
const (
	maxSource = 4 << 10 // bytes
	maxNodes  = 2_000   // of the syntax tree
	maxNested = 200     // levels of the syntax tree
)

// Compile compiles and checks an expression. The error is an *Error.
func (s *Scope) Compile(source string) (*Program, error) {
	return s.compile(source, 0)
}

// CompileBool compiles an expression that must be true or false, as far as
// its type is known: expect and when. The error is an *Error.
func (s *Scope) CompileBool(source string) (*Program, error) {
	p, err := s.Compile(source)
	if err != nil {
		return nil, err
	}
	if t := p.static; t != boolType && !isUnknown(t) {
		return nil, notBool(source, t)
	}
	return p, nil
}

func notBool(source string, t reflect.Type) *Error {
	start := len(source) - len(strings.TrimLeft(source, " \t\r\n"))
	text := strings.TrimSpace(source)
	example := map[Type]string{Int: "200", Float: "1.5", String: `"ok"`, Time: "now()", List: "[]"}[typeOf(t)]
	if example == "" {
		example = "nil"
	}
	return errorAt(start, "%s is %s, not true or false; write a comparison such as %s == %s",
		text, describeType(t), text, example)
}

// compile works in five passes: the library parses; rewrite resolves names
// and writes the language's own functions into the tree; the library checks
// the types; guard replaces operators on unknown types; the library makes the
// program. shift is added to the offsets of errors.
func (s *Scope) compile(source string, shift int) (p *Program, err error) {
	defer func() {
		// The library panics on some trees that pass its own checks.
		if r := recover(); r != nil {
			p, err = nil, errorAt(shift, "the expression cannot be compiled (%v); write it in simpler parts", r)
		}
	}()
	if strings.TrimSpace(source) == "" {
		return nil, errorAt(shift, "the expression is empty; write a value such as 1, \"text\" or a name")
	}
	if len(source) > maxSource {
		return nil, errorAt(shift, "the expression has %d bytes; write at most %d", len(source), maxSource)
	}
	if !utf8.ValidString(source) {
		return nil, errorAt(shift, "the expression is not UTF-8 text; save the file as UTF-8")
	}
	config := s.config(source)
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, syntaxError(source, shift, err)
	}
	r := &rewriter{scope: s, source: source}
	tree.Node = r.rewrite(tree.Node, 0)
	if r.err != nil {
		r.err.Offset += shift
		return nil, r.err
	}
	typ, err := checker.Check(tree, config)
	if err != nil {
		return nil, typeError(source, shift, err)
	}
	switch {
	case isNil(tree.Node):
		typ = nil
	case mayBeNil(tree.Node):
		typ = anyType
	}
	g := &guard{source: source}
	tree.Node = g.guard(tree.Node)
	if g.err != nil {
		g.err.Offset += shift
		return nil, g.err
	}
	if !r.walks {
		// The optimizer merges predicates over lists with equal source, and two
		// draws become one.
		if err := optimizer.Optimize(&tree.Node, config); err != nil {
			return nil, typeError(source, shift, err)
		}
	}
	p = &Program{source: source, static: typ, usesBody: r.usesBody, names: r.names}
	if p.direct, p.constant = direct(tree.Node); p.direct != nil {
		return p, nil
	}
	if p.code, err = compiler.Compile(tree, config); err != nil {
		return nil, typeError(source, shift, err)
	}
	return p, nil
}

// config describes to the library what a source may use of the scope: the names
// that are written in it. A scope may know thousands.
func (s *Scope) config(source string) *conf.Config {
	names := types.Map{selfName: types.TypeOf((*Env)(nil))}
	for _, word := range strings.FieldsFunc(source, notOfName) {
		if sym, ok := s.names.find(word); ok {
			names[word] = sym.library()
		}
	}
	if s.response {
		names["status"] = types.Int
	}
	config := conf.CreateNew()
	config.WithEnv(names)
	config.MaxNodes = maxNodes
	config.Functions = libraryFunctions
	config.Builtins = map[string]*builtin.Function{}
	for _, name := range predicates {
		config.Builtins[name] = builtin.Builtins[builtin.Index[name]]
	}
	config.Disabled = map[string]bool{}
	for _, name := range builtin.Names {
		config.Disabled[name] = config.Builtins[name] == nil
	}
	return config
}

// notOfName says whether a character ends a name.
func notOfName(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// library returns the type of a name as the library's checker takes it.
func (sym symbol) library() types.Type {
	if sym.fields == nil {
		return libraryType(sym.typ)
	}
	fields := types.Map{}
	for name, t := range sym.fields {
		fields[name] = libraryType(t)
	}
	return fields
}

func libraryType(t Type) types.Type {
	if t == Any {
		return types.Any
	}
	return types.TypeOf(reflect.Zero(reflected[t]).Interface())
}

func isNil(node ast.Node) bool {
	_, ok := node.(*ast.NilNode)
	return ok
}

// mayBeNil says whether node is a choice with nil among its results, which the
// library gives the type of the other one.
func mayBeNil(node ast.Node) bool {
	choice, ok := node.(*ast.ConditionalNode)
	return ok && (isNil(choice.Exp1) || isNil(choice.Exp2) || mayBeNil(choice.Exp1) || mayBeNil(choice.Exp2))
}
