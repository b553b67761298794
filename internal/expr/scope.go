package expr

import (
	"maps"
	"slices"
)

// Scope says which names an expression may use. It is immutable: the With
// methods return a child, so that a step sees the captures of the steps before
// it. It is safe for concurrent use.
type Scope struct {
	getenv   func(name string) (value string, ok bool)
	allowed  []string
	names    *layer
	response bool
	unset    func(name string) // nil: env of a variable that is not set is a mistake
}

// layer holds some names of a scope; what it does not know, those below may. A
// layer never changes once a scope has it.
type layer struct {
	names map[string]symbol
	below *layer
}

// with returns the layers with one more name. Layers that are no larger than
// what lies on them are joined with it, so that n names need n log n copies in
// all, and a look takes log n of them, where one map for each scope would take
// n copies for each name.
func (l *layer) with(name string, sym symbol) *layer {
	top := &layer{map[string]symbol{name: sym}, l}
	for top.below != nil && len(top.below.names) <= len(top.names) {
		joined := maps.Clone(top.below.names)
		maps.Copy(joined, top.names)
		top = &layer{joined, top.below.below}
	}
	return top
}

// find looks a name up; the latest of several counts.
func (l *layer) find(name string) (sym symbol, ok bool) {
	for ; l != nil; l = l.below {
		if sym, ok = l.names[name]; ok {
			return sym, true
		}
	}
	return symbol{}, false
}

// all are the names of all layers, each once.
func (l *layer) all() map[string]bool {
	names := map[string]bool{}
	for ; l != nil; l = l.below {
		for name := range l.names {
			names[name] = true
		}
	}
	return names
}

// symbol is a name of a scope: a value of a type or, with fields, a record.
type symbol struct {
	typ    Type
	fields map[string]Type // nil: not a record
}

// NewScope returns a scope without names. env("NAME") is looked up with getenv
// once, when an expression is compiled, and only for names in allowed. Set to
// the empty text counts as unset.
func NewScope(getenv func(name string) (value string, ok bool), allowed []string) *Scope {
	return &Scope{getenv: getenv, allowed: slices.Clone(allowed)}
}

// WithUnset returns a scope in which env("NAME") of a variable that is not set is
// no mistake: its value is the text "1", which is a number too, and tell is
// called with its name. What is compiled in it must not be sent.
func (s *Scope) WithUnset(tell func(name string)) *Scope {
	child := *s
	child.unset = tell
	return &child
}

// With returns a scope that also knows name, a var or a capture. Captured
// values are Any. A name given again replaces the earlier one.
func (s *Scope) With(name string, t Type) *Scope {
	return s.with(name, symbol{typ: t})
}

// WithRecord returns a scope that also knows name, a row of a data source,
// with exactly these fields. Its value in an Env is a map[string]any.
func (s *Scope) WithRecord(name string, fields map[string]Type) *Scope {
	known := maps.Clone(fields)
	if known == nil {
		known = map[string]Type{}
	}
	return s.with(name, symbol{typ: Map, fields: known})
}

// WithResponse returns a scope that also knows status (Int), body (Any) and
// headers, whose names are looked up without regard to case and which are nil
// when absent.
func (s *Scope) WithResponse() *Scope {
	child := *s
	child.response = true
	return &child
}

// Has says whether name is a var, a capture or a record of the scope.
func (s *Scope) Has(name string) bool {
	_, ok := s.names.find(name)
	return ok
}

func (s *Scope) with(name string, sym symbol) *Scope {
	child := *s
	child.names = s.names.with(name, sym)
	return &child
}

// candidates lists every name that may stand alone, sorted, for suggestions.
func (s *Scope) candidates() []string {
	names := append(slices.Collect(maps.Keys(s.names.all())), "cookies")
	if s.response {
		names = append(names, responseNames...)
	}
	slices.Sort(names)
	return names
}

var (
	responseNames = []string{"status", "body", "headers"}
	wordNames     = []string{
		"true", "false", "nil", "null", "not", "and", "or", "in",
		"matches", "contains", "startsWith", "endsWith", "let", "if", "else",
	}
)

// Reserved says whether name has a meaning of its own (a function, status,
// body, headers, cookies, a literal or an operator) and so cannot name a var, a capture
// or a data source.
func Reserved(name string) bool {
	return isFunction(name) || name == "cookies" || slices.Contains(responseNames, name) ||
		slices.Contains(wordNames, name)
}

// ValidName says whether name is an identifier: a letter or underscore, then
// letters, digits and underscores, all ASCII.
func ValidName(name string) bool {
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}
