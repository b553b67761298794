package expr_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/expr"
)

func TestTemplateAppend(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", ""},
		{"static", "a $ {b} } c", "a $ {b} } c"},
		{"escaped", "$${ token } $$${x}", "${ token } $${x}"},
		{"name", "Bearer ${ token }", "Bearer t0k"},
		{"several", "${label}-${ tutor }${ratio}", "L-420.5"},
		{"quotes and braces", `<${ "}" + '"{' + upper("${") }>`, `<}"{${>`},
		{"escaped quote", `${ "a\"}" }`, `a"}`},
		{"raw quote", "${ `a\\` }", `a\`},
		{"map inside", `${ {a: "x"}.a }`, "x"},
		{"time", "${ now() }", "2026-11-23T12:00:00.123Z"},
		{"digits", "${ body.price }/${ body.big }/${ body.huge }",
			"1.10/9007199254740993/123456789012345678901234567890"},
		{"bool", "x${ flag }", "xtrue"},
		{"float", "${ 1e21 } ${ 0.1 + 0.2 } ${ 3.0 }", "1e+21 0.30000000000000004 3"},
		{"environment", `${ env("HOST") }/x`, "http://a.example/x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			template, err := newScope().Template(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := template.Append([]byte("> "), newAnswered())
			if err != nil || string(got) != "> "+tt.want {
				t.Errorf("Append = %q, %v, want %q", got, err, "> "+tt.want)
			}
			if template.String() != tt.text {
				t.Errorf("String() = %q, want %q", template, tt.text)
			}
		})
	}
}

func TestTemplateErrors(t *testing.T) {
	tests := []struct {
		text    string
		offset  int
		message string
	}{
		{`ab ${ token`, 3, `${ is not closed; add the missing } or write $${ for the two characters themselves`},
		{`${ "} `, 0, `${ is not closed; add the missing } or write $${ for the two characters themselves`},
		{`é ${ tokn }`, 6, `unknown name "tokn"; did you mean token?`},
		{`${ token }${}`, 12, `the expression is empty; write a value such as 1, "text" or a name`},
		{`${ 1 + }`, 6, `the expression ends too early; complete it or remove the last operator`},
		{`x ${ rows }`, 2, `rows is a list and has no place inside text; write one item of it, or toJSON(rows)`},
		{`x ${ {a: 1} }`, 2, `{a: 1} is a map and has no place inside text; write one item of it, or toJSON({a: 1})`},
		{`x ${ nil }`, 2, `nil has no text and has no place inside text; write a value in quotes`},
		{`${ days(2) }`, 0, `days(2) is a duration and cannot be written; add it to now()`},
		{`x ${ days(2) }`, 2, `days(2) is a duration and cannot be written; add it to now()`},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			_, err := newScope().Template(tt.text)
			mistake(t, err, tt.offset, tt.message)
		})
	}
}

func TestTemplateWithoutText(t *testing.T) {
	tests := []struct{ text, want string }{
		{"x${ body.missing }", "${ body.missing }: nil has no text"},
		{"x${ body.items }", "${ body.items }: a list has no text"},
		{"x${ body.nested }", "${ body.nested }: a map has no text"},
		{"x${ body.missing + 1 }", "${ body.missing + 1 }: cannot add nil and a number"},
	}
	for _, tt := range tests {
		template, err := newScope().Template(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := template.Append(nil, newAnswered()); err == nil || err.Error() != tt.want {
			t.Errorf("Append(%s) = %q, %v, want error %q", tt.text, got, err, tt.want)
		}
	}
}

func TestTemplateFace(t *testing.T) {
	type face struct {
		Static string
		IsSt   bool
		Type   expr.Type
		Body   bool
		Holes  []expr.Hole
		Value  any
	}
	tests := []struct {
		text string
		want face
	}{
		{"abc", face{Static: "abc", IsSt: true, Type: expr.String, Value: "abc"}},
		{"${ 5 }", face{Static: "5", IsSt: true, Type: expr.Int, Holes: []expr.Hole{{Source: "5", End: 6}}, Value: 5}},
		{`${ env("HOST") }/x`, face{Static: "http://a.example/x", IsSt: true,
			Type: expr.String, Holes: []expr.Hole{{Source: `env("HOST")`, End: 16}}, Value: "http://a.example/x"}},
		{"${ token }", face{Type: expr.Any, Holes: []expr.Hole{{Source: "token", Name: "token", End: 10}},
			Value: "t0k"}},
		{"/x/${tutor}/${ int(1, 1) }",
			face{Type: expr.String, Holes: []expr.Hole{{Source: "tutor", Name: "tutor", Start: 3, End: 11},
				{Source: "int(1, 1)", Start: 12, End: 26}}, Value: "/x/42/1"}},
		{"${ body.id }", face{Type: expr.Any, Body: true, Holes: []expr.Hole{{Source: "body.id", End: 12}}, Value: 7}},
		{"${ rows }", face{Type: expr.List, Holes: []expr.Hole{{Source: "rows", Name: "rows", End: 9}},
			Value: []any{1, 2, 3}}},
		{"${ flag ? 1 : nil }",
			face{Type: expr.Any, Holes: []expr.Hole{{Source: "flag ? 1 : nil", End: 19}}, Value: 1}},
		{"${ status }", face{Type: expr.Int, Holes: []expr.Hole{{Source: "status", Name: "status", End: 11}},
			Value: 201}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			template, err := newScope().Template(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			got := face{Type: template.Type(), Body: template.UsesBody(), Holes: template.Holes()}
			got.Static, got.IsSt = template.Static()
			if got.Value, err = template.Value(newAnswered()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAppendURL(t *testing.T) {
	const shape = "the path would be another one"
	tests := []struct{ text, value, want, fails string }{
		{"/a/${ v }/b", "x", "/a/x/b", ""},
		{"/a/${ v }", "x/../y?z#%é ", "/a/x%2F..%2Fy%3Fz%23%25%C3%A9%20", ""},
		{"/a?q=${ v }&r=/${ v }", "a b&c=d/é", "/a?q=a+b%26c%3Dd%2F%C3%A9&r=/a+b%26c%3Dd%2F%C3%A9", ""},
		{"/a?q=${ v }", "", "/a?q=", ""},
		{"/a/x${ v }", "", "/a/x", ""},
		{"/a/${ v }", "", "", shape},
		{"/a/${ v }/b", "..", "", shape},
		{"/a/${ v }?x", ".", "", shape},
		{"/a/.${ v }", ".", "", shape},
		{"/a/${ v }${ v }", ".", "", shape},
		{"/a/${ v }.json", "..", "/a/...json", ""},
		{"/a/${ now() }", "", "/a/2026-11-23T12:00:00.123Z", ""},
		{`/a/${ "x/y" }/${ 7 }`, "", "/a/x%2Fy/7", ""},
		{"/a/${ body.missing }", "", "", "nil has no text"},
	}
	for _, tt := range tests {
		t.Run(tt.text+" "+tt.value, func(t *testing.T) {
			template, err := newScope().With("v", expr.Any).Template(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			env := newAnswered()
			env.Set("v", tt.value)
			got, err := template.AppendURL([]byte("http://h"), env)
			if tt.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fails) {
					t.Errorf("AppendURL = %q, %v, want error %q", got, err, tt.fails)
				}
				return
			}
			if err != nil || string(got) != "http://h"+tt.want {
				t.Errorf("AppendURL = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestUses(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"token", nil},
		{"${ token }", []string{"token"}},
		{"${ int(1, tutor) }-${ label + token }", []string{"tutor", "label", "token"}},
		{"${ accounts.email }", []string{"accounts"}},
		{"${ filter(rows, # > ratio) | len() }", []string{"rows", "ratio"}},
		{"${ body.token }", nil},
	}
	for _, tt := range tests {
		template, err := newScope().Template(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		value := expr.Array([]*expr.Value{expr.Const("token"), expr.TextValue(template)})
		for _, name := range []string{"token", "tutor", "label", "accounts", "rows", "ratio", "body"} {
			want := slices.Contains(tt.want, name)
			if got := template.Uses(name); got != want {
				t.Errorf("Template(%s).Uses(%s) = %v, want %v", tt.text, name, got, want)
			}
			if got := value.Uses(name); got != want {
				t.Errorf("Value(%s).Uses(%s) = %v, want %v", tt.text, name, got, want)
			}
		}
	}
}
