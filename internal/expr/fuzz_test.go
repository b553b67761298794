package expr_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/expr"
)

// FuzzTemplate holds that no text panics, that a mistake has a place inside
// the text and one plain sentence, and that text without ${ comes out as it
// went in.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{
		"", "abc", "$${a}", "${ token }", "${", "${}", `${ "}" }`,
		"${ int(1, 100) }", "${ body.items[0].name }", "${ list(3, uuid()) }",
		"${ pick([1, 2]) + 1 }", "${ filter(body.items, .n > 1) }",
		`${ env("HOST") }`, "${ now() + days(2) }", "${ not flag ? 1 : nil }", "${ rows[1:] }",
		"${ {a: 1}.a ?? 2 }", "${ 1..3 }", "${ headers.location }",
		"${ accounts.email }", `${ label matches "^a" }`, "${ sortBy(rows, -#) }", "${ let a = 1; a }",
		"${ sum(1..10) % 3 }", "${ 'a' in ['b'] }", "${ -(-1) ** 2 }",
		"é${\xff}", "${ upper(token)?.a }", "${ min([1, [2]]) }",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		template, err := newScope().Template(text)
		if err != nil {
			var e *expr.Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) || !strings.Contains(e.Message, ";") {
				t.Fatalf("Template(%q) error %#v has no place or no remedy", text, err)
			}
			return
		}
		env := newAnswered()
		got, err := template.Append(nil, env)
		if static, ok := template.Static(); ok && (err != nil || string(got) != static) {
			t.Errorf("Append = %q, %v, want the static text %q", got, err, static)
		}
		if !strings.Contains(text, "${") && string(got) != text {
			t.Errorf("Append(%q) = %q", text, got)
		}
		if target, err := template.AppendURL(nil, env); err == nil &&
			len(template.Holes()) == 0 && !strings.Contains(text, "$${") && string(target) != text {
			t.Errorf("AppendURL(%q) = %q", text, target)
		}
		if written, err := expr.TextValue(template).AppendJSON(nil, newAnswered()); err == nil && !json.Valid(written) {
			t.Errorf("AppendJSON(%q) = %s is not JSON", text, written)
		}
	})
}

// FuzzValueJSON holds that whatever a service answers and whatever a string
// constant holds, AppendJSON writes JSON or fails.
func FuzzValueJSON(f *testing.F) {
	f.Add(`{"id": 1}`, "text")
	f.Add(`[1.10, -0, 1e5, 9007199254740993, null, {"\u0000": "\ud800"}]`, "\"\\\x00\xff\u2028")
	f.Add(`"a`, "<>&")
	f.Add(`{"a":{"a":{"a":1}}} `, "")
	scope := newScope().With("note", expr.Any)
	whole, one := text(f, "${ body }"), text(f, "${ body.a.a }")
	template, err := scope.Template("note ${ note }")
	if err != nil {
		f.Fatal(err)
	}
	all, within, first := compile(f, scope, "body"), compile(f, scope, "note.a.a"), compile(f, scope, "body.a.a")
	fresh := func(body string) *expr.Env {
		env := newEnv(1)
		env.SetResponse(200, func(string) string { return "" }, []byte(body))
		return env
	}
	f.Fuzz(func(t *testing.T, body, note string) {
		env := newEnv(1)
		env.Set("note", note)
		env.SetResponse(200, func(string) string { return note }, []byte(body))
		value := expr.Object([]expr.Member{
			{Key: note, Value: whole},
			{Key: "one",
				Value: expr.Array([]*expr.Value{one, expr.Const(note),
					expr.TextValue(template), text(t, "${ headers.x }")})},
		})
		got, err := value.AppendJSON(nil, env)
		if err != nil {
			t.Fatalf("AppendJSON: %v", err)
		}
		if !json.Valid(got) {
			t.Errorf("AppendJSON = %s is not JSON", got)
		}
		// One value of the body is what the parsed whole holds there.
		env.Set("note", eval(t, all, env))
		if diff := cmp.Diff(eval(t, within, env), eval(t, first, fresh(body))); diff != "" {
			t.Errorf("body.a.a of %q (-whole +path):\n%s", body, diff)
		}
	})
}
