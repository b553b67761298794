package walk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// shapes are scripts that grow with a number, on whose parts a parser may call itself, or look through
// what came before.
var shapes = map[string]func(n int) string{
	"new":                func(n int) string { return strings.Repeat("new ", n) + "x" },
	"labels":             labels(""),
	"labels on lines":    labels("\n"),
	"names":              func(n int) string { return "x" + strings.Repeat(".a", n) },
	"names with ?":       func(n int) string { return "x" + strings.Repeat("?.a", n) },
	"places":             func(n int) string { return "x" + strings.Repeat("[0]", n) },
	"calls":              func(n int) string { return "x" + strings.Repeat("()", n) },
	"methods":            func(n int) string { return "x" + strings.Repeat(".a()", n) },
	"tags":               func(n int) string { return "x" + strings.Repeat("`a`", n) },
	"sums":               func(n int) string { return "x" + strings.Repeat("+'a'", n) },
	"powers":             func(n int) string { return "x" + strings.Repeat("**a", n) },
	"conditions":         func(n int) string { return "x" + strings.Repeat("&&a", n) },
	"either":             func(n int) string { return strings.Repeat("a?b:", n) + "x" },
	"signs":              func(n int) string { return strings.Repeat("- ", n) + "x" },
	"not":                func(n int) string { return strings.Repeat("!", n) + "x" },
	"typeof":             func(n int) string { return strings.Repeat("typeof ", n) + "x" },
	"values":             func(n int) string { return "x" + strings.Repeat("=a", n) },
	"arrows":             func(n int) string { return strings.Repeat("a=>", n) + "x" },
	"arrows in brackets": func(n int) string { return strings.Repeat("(a)=>", n) + "x" },
	"arrows of objects":  func(n int) string { return strings.Repeat("({})=>", n) + "x" },
	"functions":          func(n int) string { return strings.Repeat("x=function(){", n) },
	"if":                 func(n int) string { return strings.Repeat("if(a)", n) + ";" },
	"if on lines":        func(n int) string { return strings.Repeat("if(a)\n", n) + ";" },
	"else":               func(n int) string { return strings.Repeat("if(a);else ", n) + ";" },
	"else of blocks":     func(n int) string { return strings.Repeat("if(a){}else ", n) + ";" },
	"for":                func(n int) string { return strings.Repeat("for(;;)", n) + ";" },
	"do":                 func(n int) string { return strings.Repeat("do ", n) + ";" },
	"texts in texts":     func(n int) string { return strings.Repeat("`${", n) + "x" },
	"brackets":           func(n int) string { return strings.Repeat("(", n) },
	"parameters":         func(n int) string { return strings.Repeat("(a=", n) + "1" + strings.Repeat(")=>1", n) },
	"parameters of objects": func(n int) string {
		return strings.Repeat("({a=", n) + "1" + strings.Repeat("})=>1", n)
	},
	"parameters of async": func(n int) string {
		return strings.Repeat("async(a=", n) + "1" + strings.Repeat(")=>1", n)
	},
	"parameters in texts": func(n int) string {
		return strings.Repeat("`${(a=", n) + "1" + strings.Repeat(")=>1}`", n)
	},
}

// labels are different ones before one statement.
func labels(between string) func(n int) string {
	return func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "a%d:%s", i, between)
		}
		return b.String() + "x"
	}
}

// The parser is not given what it would call itself for too often.
func TestTooNested(t *testing.T) {
	for name, shape := range shapes {
		if line := tooNested(shape(60_000)); line == 0 {
			t.Errorf("%s: 60000 of them are given to the parser", name)
		}
		if strings.HasPrefix(name, "parameters") {
			if line := tooNested(shape(8)); line == 0 {
				t.Errorf("%s: 8 of them are given to the parser, which reads the innermost 256 times", name)
			}
		} else if line := tooNested(shape(100)); line != 0 {
			t.Errorf("%s: 100 of them are refused", name)
		}
	}
}

// What people write is given to it, with semicolons and without.
func TestNotTooNested(t *testing.T) {
	for name, text := range map[string]string{
		"statements without semicolons": strings.Repeat("const a = b.c\nfoo(a => a.b + 'x')\nif (a) foo()\n", 5000),
		"a list of rows":                "x = [" + strings.Repeat("{a: 1.5, b: 'x', c: !d},\n", 5000) + "]",
		"a switch":                      "switch (a) {" + strings.Repeat("case 1: foo(a.b); break\n", 1000) + "}",
		"functions": strings.Repeat(
			"export function f(a, b = 1) { return (a) => { return a ? b : 1 } }\n", 2000),
		"groups":      strings.Repeat("group('a', () => {\n", 60) + strings.Repeat("})\n", 60),
		"a long text": "x = `" + strings.Repeat("a: b.c + (d => [e ! ${f.g}\n", 5000) + "`",
		"comments":    strings.Repeat("// ((((( new new a: b: c => d\n/* { { { \n */", 5000),
		"expressions": strings.Repeat("a = b.replace(/[(/{'\"`]+\\(/g, '')\n", 5000),
		"divisions":   strings.Repeat("a = (b / c) / d\n", 5000),
		"texts":       strings.Repeat("a = '((({{{\\'' + \"new new `\"\n", 5000),
	} {
		if line := tooNested(text); line != 0 {
			t.Errorf("%s: refused in line %d", name, line)
		}
	}
}

// The work that a script takes grows as the script does, not as its square.
func TestWork(t *testing.T) {
	work := func(text string) int {
		s, err := Read(text)
		if err != nil {
			t.Fatalf("%.40s: %v", text, err)
		}
		s.LookForLost()
		return s.work
	}
	for name, shape := range shapes {
		const n = 60
		if slices.Contains([]string{"brackets", "texts in texts", "functions", "do"}, name) ||
			strings.HasPrefix(name, "parameters") {
			continue // no script, or refused
		}
		if once, twice := work(shape(n)), work(shape(2*n)); twice > 2*once+50 {
			t.Errorf("%s: %d are %d steps of work, and %d are %d", name, n, once, 2*n, twice)
		}
	}
}
