package expr_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/textproto"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/expr"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.UTC)

// newEnv returns user 3 of 10 with a seed, at noon.
func newEnv(seed uint64) *expr.Env {
	return expr.NewEnv(rand.New(rand.NewPCG(seed, 3)), func() time.Time { return noon }, 3, 10)
}

func environment(name string) (string, bool) {
	value, ok := map[string]string{"HOST": "http://a.example", "EMPTY": "", "PORT": "8000"}[name]
	return value, ok
}

// newScope returns a scope with one name of each kind and a response.
func newScope() *expr.Scope {
	return expr.NewScope(environment, []string{"HOST", "EMPTY", "PORT", "MISSING"}).
		With("token", expr.Any).With("tutor", expr.Int).With("label", expr.String).With("ratio", expr.Float).
		With("flag", expr.Bool).With("rows", expr.List).With("when_due", expr.Time).
		WithRecord("accounts", map[string]expr.Type{"email": expr.String, "id": expr.Int}).
		WithResponse()
}

const answer = `{"id": 7, "big": 9007199254740993, "huge": 123456789012345678901234567890, "price": 1.10, "exp": 1e3,
	"status": "healthy", "ok": true, "none": null, "count": 4, "neg": -0, "text": "A b/c",
	"items": [{"name": "one", "n": 1, "tags": ["x"]}, {"name": "two", "n": 2.50}, {"name": "three", "n": 3}],
	"prices": [1.10, 2.20], "nested": {"a": {"b": null}}, "odd-key": 1}`

func newAnswered() *expr.Env {
	env := newEnv(1)
	env.Set("token", "t0k")
	env.Set("tutor", 42)
	env.Set("label", "L")
	env.Set("ratio", 0.5)
	env.Set("flag", true)
	env.Set("rows", []any{1, 2, 3})
	env.Set("when_due", noon)
	env.Set("accounts", map[string]any{"email": "a@b.example", "id": int64(9)})
	headers := map[string]string{"Location": "/x/1", "Content-Type": "application/json"}
	env.SetResponse(201, func(name string) string { return headers[textproto.CanonicalMIMEHeaderKey(name)] },
		[]byte(answer))
	return env
}

func TestEval(t *testing.T) {
	tests := []struct {
		source string
		want   any
	}{
		// Literals, operators, choices.
		{`1`, 1}, {`-1`, -1}, {`1.5`, 1.5}, {`"a"`, "a"}, {`true`, true}, {`nil`, nil},
		{`1 + 2 * 3`, 7}, {`7 / 2`, 3.5}, {`7 % 4`, 3}, {`2 ** 3`, 8.0}, {`1.5 + 1`, 2.5},
		{`"a" + "b"`, "ab"}, {`"a" < "b"`, true}, {`1 < 1.5`, true}, {`not true`, false}, {`true and not false`, true},
		{`flag ? "y" : "n"`, "y"}, {`nil ?? 3`, 3}, {`[1, "a", nil]`, []any{1, "a", nil}},
		{`{a: 1}`, map[string]any{"a": 1}},
		{`1..3`, []any{1, 2, 3}}, {`[1, 2, 3][1:]`, []any{2, 3}},
		{`"abcd"[1:3]`, "bc"}, {`if flag { 1 } else { 2 }`, 1},
		{`2 in [1, 2]`, true}, {`"a" in {a: 1}`, true}, {`"x" in ["a"]`, false},
		// Names of every type.
		{`token`, "t0k"}, {`tutor + 1`, 43}, {`label + "!"`, "L!"},
		{`ratio * 2`, 1.0}, {`flag`, true}, {`rows[2]`, 3}, {`rows[-1]`, 3},
		{`when_due == now()`, true}, {`unset`, nil}, {`unset == nil`, true}, {`unset.a.b`, nil},
		{`accounts.email`, "a@b.example"}, {`accounts.id + 1`, 10}, {`accounts["email"]`, "a@b.example"},
		// The answer.
		{`status`, 201}, {`status in [200, 201]`, true}, {`status == 201 and body.status == "healthy"`, true},
		{`headers["location"]`, "/x/1"}, {`headers.location`, "/x/1"},
		{`headers["X-None"]`, nil}, {`headers["CONTENT-TYPE"] contains "json"`, true},
		{`body.id`, 7}, {`body.id == 7`, true}, {`body["id"] + 1`, 8}, {`body.count > 3`, true}, {`body["odd-key"]`, 1},
		{`body.items[0].name`, "one"}, {`body.items[-1].name`, "three"},
		{`body.items[9].name`, nil}, {`body.items.name`, nil},
		{`body.missing`, nil}, {`body.missing.a[3].b`, nil}, {`body.id.x`, nil},
		{`body.nested.a.b.c`, nil}, {`body?.nested?.a`, map[string]any{"b": nil}},
		{`body.missing == 1`, false}, {`body.missing != 1`, true},
		{`body.none == nil`, true}, {`body.missing contains "a"`, false},
		{`body.ok`, true}, {`body.ok and status < 300`, true},
		{`not body.ok`, false}, {`body.text contains "b"`, true}, {`body.text matches "^A .*c$"`, true},
		{`body.text startsWith "A" and body.text endsWith "c"`, true}, {`1 in body.missing`, false},
		{`"x" in body.items[0].tags`, true}, {`body.status in ["ok", "healthy"]`, true},
		// Numbers keep their digits and are numbers.
		{`body.big`, 9007199254740993}, {`body.big == 9007199254740993`, true}, {`body.big == 9007199254740992`, false},
		{`body.huge`, json.Number("123456789012345678901234567890")},
		{`body.huge > 1`, true}, {`body.huge == body.huge`, true},
		{`body.price`, json.Number("1.10")}, {`body.price == 1.1`, true}, {`body.price * 2`, 2.2},
		{`1.1 in body.prices`, true}, {`body.exp == 1000`, true}, {`body.neg == 0`, true},
		{`-body.price`, -1.1}, {`body.price < body.count`, true},
		{`rows[body.exp - 999]`, 2}, {`body.prices == [1.1, 2.2]`, true}, {`string(body.price)`, "1.10"},
		// Chance and time with one outcome.
		{`int(4, 4)`, 4}, {`int("12")`, 12}, {`int(2.9)`, 2}, {`int(body.exp)`, 1000},
		{`float(2, 2)`, 2.0}, {`float("1.5")`, 1.5}, {`float(1)`, 1.0},
		{`pick([5])`, 5}, {`pick(rows[:1])`, 1}, {`pick("a", "a")`, "a"},
		{`chance(1)`, true}, {`chance(0)`, false}, {`seq()`, 3},
		{`now()`, noon}, {`now() + days(2)`, noon.AddDate(0, 0, 2)},
		{`now() - hours(1)`, noon.Add(-time.Hour)}, {`now() + minutes(1.5)`, noon.Add(90 * time.Second)},
		{`days(int(2, 2)) + now()`, noon.AddDate(0, 0, 2)}, {`now() - (now() - days(1)) == days(1)`, true},
		{`now() + days(1) > now()`, true}, {`now() + days(body.id)`, noon.AddDate(0, 0, 7)},
		{`env("HOST")`, "http://a.example"}, {`env("EMPTY", "d")`, "d"},
		{`env("MISSING", int(2, 2))`, 2}, {`int(env("PORT")) + 1`, 8001},
		{`list(3, "x")`, []any{"x", "x", "x"}}, {`list(0, 1)`, []any{}}, {`list(int(2, 2), seq())`, []any{3, 13}},
		{`list(2, map([1], # + 1))`, []any{[]any{2}, []any{2}}},
		{`list(2, list(1, "a"))`, []any{[]any{"a"}, []any{"a"}}},
		{`list(2, {id: seq(), tag: label})`,
			[]any{map[string]any{"id": 3, "tag": "L"}, map[string]any{"id": 13, "tag": "L"}}},
		// Texts.
		{`upper("a")`, "A"}, {`lower("A")`, "a"}, {`trim(" a ")`, "a"},
		{`trim("/a/", "/")`, "a"}, {`trimPrefix("ab", "a")`, "b"}, {`trimSuffix("ab", "b")`, "a"},
		{`split("a,b", ",")`, []any{"a", "b"}}, {`join(["a", 1, body.price], "-")`, "a-1-1.10"},
		{`join(["a", "b"])`, "ab"}, {`replace("aXa", "a", "b")`, "bXb"},
		{`repeat("ab", 2)`, "abab"}, {`indexOf("abc", "c")`, 2},
		{`lastIndexOf("aba", "a")`, 2}, {`hasPrefix("ab", "a")`, true}, {`hasSuffix("ab", "a")`, false},
		{`string(1)`, "1"}, {`string(nil)`, "null"}, {`string([1])`, "[1]"},
		{`string(now())`, "2026-11-23T12:00:00.123Z"}, {`toJSON({b: 1, a: [nil]})`, `{"a":[null],"b":1}`},
		{`fromJSON("{\"a\": 1.10}").a`, json.Number("1.10")}, {`toBase64("a:b")`, "YTpi"},
		{`fromBase64("YTpi")`, "a:b"}, {`body.status | upper()`, "HEALTHY"},
		// Lists and maps.
		{`len(body.items)`, 3}, {`len("ab")`, 2}, {`len({a: 1})`, 1}, {`first(rows)`, 1}, {`last(rows)`, 3},
		{`first([])`, nil}, {`take(rows, 2)`, []any{1, 2}}, {`take(rows, 9)`, []any{1, 2, 3}},
		{`keys({b: 1, a: 2})`, []any{"a", "b"}}, {`values({b: 1, a: 2})`, []any{2, 1}},
		{`reverse(rows)`, []any{3, 2, 1}}, {`uniq([1, 1.0, 2])`, []any{1, 2}},
		{`concat([1], rows)`, []any{1, 1, 2, 3}}, {`flatten([1, [2, [3]]])`, []any{1, 2, 3}},
		{`sort([3, 1, 2])`, []any{1, 2, 3}}, {`sort(["b", "a"])`, []any{"a", "b"}},
		{`filter(body.items, .n > 2)[0].name`, "two"}, {`map(body.items, .name)`, []any{"one", "two", "three"}},
		{`map(body.items, .n)`, []any{1, json.Number("2.50"), 3}},
		{`any(body.items, .name == "two")`, true}, {`all(body.items, .n > 0)`, true},
		{`none(rows, # > 5)`, true}, {`one(rows, # == 1)`, true}, {`count(rows, # > 1)`, 2},
		{`count([true, false])`, 1}, {`sum(rows)`, 6}, {`sum(body.items, .n)`, 6.5},
		{`find(body.items, .n == 2.5).name`, "two"}, {`find(rows, # > 9)`, nil}, {`findIndex(rows, # == 2)`, 1},
		{`findLast(rows, # < 3)`, 2}, {`findLastIndex(rows, # < 3)`, 1}, {`sortBy(body.items, -.n)[0].name`, "three"},
		// Numbers.
		{`abs(-2)`, 2}, {`abs(body.price)`, 1.1}, {`ceil(1.2)`, 2.0},
		{`floor(1.8)`, 1.0}, {`round(1.5)`, 2.0}, {`round(3)`, 3},
		{`min(2, 1)`, 1}, {`max(rows)`, 3}, {`max(body.prices)`, 2.2}, {`min(now(), now() + days(1)) == now()`, true},
		{`all(list(1, seq()), # == 3) and all(list(1, seq()), # == 13)`, true},
		{`mean(rows)`, 2.0}, {`median([3, 1, 2, 10])`, 2.5}, {`min([])`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			p, err := newScope().With("unset", expr.Any).Compile(tt.source)
			if err != nil {
				t.Fatalf("Compile: %v", err)
			}
			got, err := p.Eval(newAnswered())
			if err != nil {
				t.Fatalf("Eval: %v", err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Eval (-want +got):\n%s", diff)
			}
			if p.String() != tt.source {
				t.Errorf("String() = %q, want the source", p.String())
			}
		})
	}
}
