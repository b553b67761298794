package graphql_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config/graphql"
)

// Names are found in every way that an operation may be written.
func TestParse(t *testing.T) {
	for document, want := range map[string]string{
		`{ items { id } }`:             "query ",
		"\ufeff\n,, { a }":             "query ",
		`query { a }`:                  "query ",
		`query Items { items { id } }`: "query Items",
		`mutation _Make1 { a }`:        "mutation _Make1",
		`subscription S { a }`:         "subscription S",
		`query query { query }`:        "query query",
		`query Q($f: F = {a: [1, {b: "}"}]}, $g: [ID!]! @d(x: {y: 1})) @live(if: {a: 1}) { a(f: $f) { b } }`: "query Q",
		"# query No { a }\nquery Yes { a # }\n}":                                        "query Yes",
		"fragment F on T @d { a }\nquery Q { ...F ... on T { b } }":                     "query Q",
		"query A { a } query B { b } mutation C { c } fragment on1 on T { a }":          "query A|query B|mutation C",
		`query Q { a(s: "} query No { \" # {", n: -1.5e3) }`:                            "query Q",
		"query Q { a(s: \"\"\"} \\\"\"\" \n query No { \" \"\"\", t: \"\") }":           "query Q",
		"\"\"\"what it does: query No { a }\"\"\" query Q { a } \"more\" query R { a }": "query Q|query R",
		"# costs ${ 5 }\nquery Q { a }":                                                 "query Q",
		"query Q{a}mutation\nR\n{a}":                                                    "query Q|mutation R",
	} {
		all, err := graphql.Parse(document)
		var got []string
		for _, op := range all {
			got = append(got, op.Kind+" "+op.Name)
			if word := document[op.Offset:]; !strings.HasPrefix(word, op.Kind) && !strings.HasPrefix(word, "{") {
				t.Errorf("%s: %s %s is at %q", document, op.Kind, op.Name, word)
			}
		}
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("Parse(%s) = %q, %v; want %s", document, got, err, want)
		}
	}
}

// What is none says where and why.
func TestParseRefuses(t *testing.T) {
	for document, want := range map[string]string{
		"":                                  "0 has no operation",
		"# query A { a }":                   "0 has no operation",
		"fragment F on T { a }":             "0 has no operation",
		"{ a } query B { b }":               "0 has an operation without a name beside others",
		"query B { b } query { a }":         "14 has an operation without a name",
		"query B { b } mutation B { a }":    "14 has two operations B",
		"type Query { a: Int }":             `0 has no operation where one begins`,
		"query Q { a } }":                   `14 has no operation where one begins`,
		"query Q { a":                       "8 has a bracket that is never closed",
		"query Q($a: Int { a }":             "7 has a bracket that is never closed",
		"query Q { a(b: 1] }":               "16 has a ] where a ) closes first",
		"query Q ) { a }":                   "8 has a ) that closes nothing",
		"query Q($a: Int)":                  "0 ends before the {",
		"fragment on T { a } query Q { a }": "9 has a fragment without a name",
		"fragment { a } query Q { a }":      "9 has a fragment without a name",
		`query Q { a(b: "c) }`:              "15 has a string that never ends",
		"query Q { a(b: \"c\n\") }":         "15 has a string that does not end in its line",
		"query Q { a(b: \"c\\\n\") }":       "15 has a string that does not end in its line",
		`query Q { a(b: """c""\""") }`:      "15 has a block string that never ends",
		"query Q { a(b: ${ x }) }":          "15 has ${ }, which is not filled in there",
		`query Q { a(b: "x${ x }") }`:       "17 has ${ }, which is not filled in there",
		`query Q { a(b: """x${ x }""") }`:   "19 has ${ }, which is not filled in there",
	} {
		all, err := graphql.Parse(document)
		e, ok := errors.AsType[*graphql.Error](err)
		if !ok || !strings.HasPrefix(fmt.Sprintf("%d %v", e.Offset, e), want) {
			t.Errorf("Parse(%s) = %v, %v; want %s", document, all, err, want)
		}
	}
}

// The operation that is sent is the one that was asked for, or the only one.
func TestChoose(t *testing.T) {
	for _, test := range []struct{ document, name, want string }{
		{"{ a }", "", "query  <nil>"},
		{"query A { a }", "", "query A <nil>"},
		{"query A { a }", "A", "query A <nil>"},
		{"query A { a } mutation B { a }", "B", "mutation B <nil>"},
		{"query A { a } query B { a }", "",
			"  has several operations; write operation: A beside query, or another of A, B"},
		{"query A { a } query B { a }", "C", `  there is no operation "C" in the query; write one of A, B`},
		{"{ a }", "C", `  there is no operation "C" in the query, whose one has no name; leave operation out`},
	} {
		all, err := graphql.Parse(test.document)
		if err != nil {
			t.Fatal(err)
		}
		op, err := graphql.Choose(all, test.name)
		if got := fmt.Sprintf("%s %s %v", op.Kind, op.Name, err); got != test.want {
			t.Errorf("Choose(%s, %q) = %s, want %s", test.document, test.name, got, test.want)
		}
	}
}

// Whatever bytes come in, Parse does not panic, an error has a place in the document, and names are names.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"query Q($a: [ID!]! = {b: 1}) @c { d(e: \"f\", g: \"\"\"h\"\"\") { ...i } } fragment i on J { k }",
		"{ a", "query Q ) {", "\"\"\"", `"\`, "{(}", "${", "# a", "fragment on on on {}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		all, err := graphql.Parse(document)
		if e, ok := errors.AsType[*graphql.Error](err); err != nil &&
			(!ok || e.Offset < 0 || e.Offset > len(document) || e.Message == "") {
			t.Errorf("Parse() = %v at %d of %d", err, e.Offset, len(document))
		}
		if err == nil && len(all) == 0 {
			t.Error("no operation and no error")
		}
		for _, op := range all {
			if !strings.Contains(document[op.Offset:], op.Name) || strings.ContainsAny(op.Name, " \"{}()$\n") {
				t.Errorf("operation %q", op.Name)
			}
		}
	})
}
