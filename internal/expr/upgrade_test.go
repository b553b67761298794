package expr

import (
	"slices"
	"strings"
	"testing"

	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
)

// mistakes are expressions that the library refuses, each in words of its own.
var mistakes = []string{
	`1 +`, `a = 1`, `a & b`, `a)`, `a b`, `a "b"`, `* 1`, `"abc`, `a ~ 1`, `1.2.3`, `/* a`, `0b2`, `0x`,
	`99999999999999999999`, `1e999`, `a.`, `filter()`, `filter(a)`, `filter(a, #; #)`, `map(l, #; 1)`, `a ?? b + 1`,
	`a ?? b and c`, `{1 + 1: 2}`, `{[]: 2}`, `"\q"`, `"\x1"`, `'\u12'`,
	`1 == "a"`, `"a" + 1`, `1 + "a"`, `1 and true`, `1 contains "a"`, `1 in 2`, `1 - "a"`, `!1`, `-"a"`,
	`"a" in [1, 2]`,
	`1 in {a: 1}`, `map(1, #)`, `sum(["a"])`, `filter(l, 1)`, `1 ? 2 : 3`, `1[0:1]`, `"abc"["a":2]`,
	`"a" matches "("`, `#`, `#a`, `filter(l, #x)`, `1 / 0`, `1 % 0`, `.a`, `filter(l, .a)`, `sortBy(l)`,
	`1 if`, `let a = 1`, `map(l, {#; #})`, `count(1)`, `l | map(#)`, `9223372036854775807 + 1`, `1e400`,
	`[1, 2]["a":]`, `n[1:2]`, `sum(l, "a")`, `{a b}`, `{1}`, `{}{`, `a ?? b ?? c || d`,
	strings.Repeat("1+", 1500) + "1", `.a + 1`, `#[0]`, `first(1)`, `reduce(l, #)`, `sum(l, #, 1)`,
	`map(1..2, #, 3)`, `all(l)`,
}

// unreached are patterns of messages that no expression was found to lead to: the language
// leaves out what does, or the library says something else first. They keep a message from
// reaching users in the library's words should that change.
var unreached = []string{
	`(?s)^(integer|float) literal is too large$`,
	`(?s)^builtin (\w+) .*$`,
	`(?s)^cannot use pointer accessor outside predicate$`,
	`(?s)^cannot use (.*) as array$`,
	`(?s)^constant .* overflows .*$`,
}

// A pattern that rewords a message of the library matches what the library says: an upgrade
// that changes its words, or no longer says them, shows here.
func TestRewordingsMatchTheLibrary(t *testing.T) {
	scope := NewScope(nil, nil).With("a", Any).With("b", Any).With("c", Any).With("l", List).With("n", Int)
	met := map[string]bool{}
	note := func(table []rewording, message string) {
		for _, r := range table {
			if r.pattern.MatchString(message) {
				met[r.pattern.String()] = true
				return
			}
		}
	}
	for _, source := range mistakes {
		config := scope.config(source)
		tree, err := parser.ParseWithConfig(source, config)
		if err != nil {
			located, _ := asFileError(err)
			note(syntaxMessages, firstLine(located.Message))
			continue
		}
		if _, err = checker.Check(tree, config); err == nil {
			err = optimizer.Optimize(&tree.Node, config)
		}
		if err == nil {
			_, err = compiler.Compile(tree, config)
		}
		if err == nil {
			continue // a mistake that loadgate finds itself
		}
		if located, ok := asFileError(err); ok {
			note(typeMessages, firstLine(located.Message))
		} else {
			note(typeMessages, firstLine(err.Error()))
		}
	}
	for _, table := range [][]rewording{syntaxMessages, typeMessages} {
		for _, r := range table {
			if pattern := r.pattern.String(); met[pattern] == slices.Contains(unreached, pattern) {
				t.Errorf("the library says what %s matches: %v", pattern, met[pattern])
			}
		}
	}
}
