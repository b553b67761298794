package expr

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/builtin"
)

// functions is the table of the language's functions by name. The names of
// those that only the compiler writes begin with $.
var functions = table(chanceFunctions, textFunctions, formatFunctions, listFunctions, numberFunctions, hiddenFunctions)

// libraryFunctions is functions as the library takes them.
var libraryFunctions = func() map[string]*builtin.Function {
	fns := map[string]*builtin.Function{}
	for name, f := range functions {
		fns[name] = f.library()
	}
	return fns
}()

// predicates are the library's functions over a list that take an expression
// of # (the item) or .field. reduce and groupBy are left out: the first makes
// text grow without bound, the second makes maps that JSON cannot hold.
var predicates = []string{
	"all", "any", "count", "filter", "find", "findIndex", "findLast",
	"findLastIndex", "map", "none", "one", "sortBy", "sum",
}

// compiled are the functions that leave no call behind: env is looked up when
// the file is read, list becomes a map over 1..n.
var compiled = []string{"env", "list"}

func isFunction(name string) bool {
	return functions[name] != nil || slices.Contains(predicates, name) || slices.Contains(compiled, name)
}

func table(groups ...[]*function) map[string]*function {
	all := map[string]*function{}
	for _, group := range groups {
		for _, f := range group {
			all[f.name] = f
		}
	}
	return all
}

// functionNames lists what can be called, sorted, for suggestions.
func functionNames() []string {
	names := slices.Concat(predicates, compiled)
	for name := range functions {
		if !strings.HasPrefix(name, "$") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// usage shows how a function is called.
func usage(name string) string {
	if f := functions[name]; f != nil {
		return f.usage
	}
	switch name {
	case "env":
		return `env("NAME", "default")`
	case "list":
		return "list(3, item)"
	case "map", "sum", "sortBy":
		return name + "(list, .field)"
	}
	return name + "(list, # > 1)"
}
