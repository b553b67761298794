package expr_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/expr"
)

func compile(tb testing.TB, scope *expr.Scope, source string) *expr.Program {
	tb.Helper()
	p, err := scope.Compile(source)
	if err != nil {
		tb.Fatalf("Compile(%s): %v", source, err)
	}
	return p
}

func eval(tb testing.TB, p *expr.Program, env *expr.Env) any {
	tb.Helper()
	value, err := p.Eval(env)
	if err != nil {
		tb.Fatalf("Eval(%s): %v", p, err)
	}
	return value
}

const everyDraw = `[int(1, 1000000), float(0, 1), pick("a", "b", "c"), pick(1..9), chance(0.5), uuid(), seq(), ` +
	`list(3, int(1, 9)), now()]`

func TestSameSeedSameValues(t *testing.T) {
	p := compile(t, newScope(), everyDraw)
	draw := func(seed uint64) (values []any) {
		env := newEnv(seed)
		for range 20 {
			values = append(values, eval(t, p, env))
		}
		return values
	}
	if diff := cmp.Diff(draw(7), draw(7)); diff != "" {
		t.Errorf("the same seed gave other values:\n%s", diff)
	}
	if cmp.Equal(draw(7), draw(8)) {
		t.Error("another seed gave the same values")
	}
}

// TestDirectDrawsAsTheMachineDoes holds that a call takes the same numbers from
// the source of chance whether it runs alone or within an expression.
func TestDirectDrawsAsTheMachineDoes(t *testing.T) {
	for _, call := range []string{`int(1, 1000000)`, `float(0, 1)`,
		`pick("a", "b", "c")`, `chance(0.5)`, `uuid()`, `seq()`} {
		alone, within := compile(t, newScope(), call), compile(t, newScope(), `[`+call+`][0]`)
		a, b := newEnv(5), newEnv(5)
		for range 10 {
			if diff := cmp.Diff(eval(t, alone, a), eval(t, within, b)); diff != "" {
				t.Errorf("%s (-alone +within):\n%s", call, diff)
			}
		}
	}
}

func TestDrawsStayInRange(t *testing.T) {
	env := newEnv(1)
	scope := newScope().With("a", expr.Any).With("b", expr.Any)
	ints, floats := compile(t, scope, `int(a, b)`), compile(t, scope, `float(a, b)`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int().Draw(t, "a"), rapid.Int().Draw(t, "b")
		a, b = min(a, b), max(a, b)
		env.Set("a", a)
		env.Set("b", b)
		n, err := ints.Eval(env)
		if i, ok := n.(int); err != nil || !ok || i < a || i > b {
			t.Errorf("int(%d, %d) = %v, %v", a, b, n, err)
		}
		f, err := floats.Eval(env)
		if x, ok := f.(float64); err != nil || !ok || x < float64(a) || x > float64(b) {
			t.Errorf("float(%d, %d) = %v, %v", a, b, f, err)
		}
	})
	env.Set("a", math.MinInt)
	env.Set("b", math.MaxInt)
	if _, ok := eval(t, ints, env).(int); !ok {
		t.Error("int over all integers is not an int")
	}
}

// TestDrawsAreUniform asks Pearson's statistic: its value beyond 40 has a
// chance of 1 in 100,000 at 9 degrees of freedom, and the seed is fixed.
func TestDrawsAreUniform(t *testing.T) {
	for _, source := range []string{`int(0, 9)`, `pick(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)`,
		`pick(0..9)`, `int(float(0, 10))`} {
		p, env := compile(t, newScope(), source), newEnv(11)
		var counts [10]float64
		const draws = 10_000
		for range draws {
			counts[eval(t, p, env).(int)]++
		}
		statistic := 0.0
		for _, n := range counts {
			statistic += (n - draws/10) * (n - draws/10) / (draws / 10)
		}
		if statistic > 40 {
			t.Errorf("%s: chi-squared %.1f of counts %v", source, statistic, counts)
		}
	}
}

func TestUUID(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	p, env, seen := compile(t, newScope(), `uuid()`), newEnv(1), map[any]bool{}
	for range 1000 {
		id := eval(t, p, env)
		if !form.MatchString(id.(string)) || seen[id] {
			t.Fatalf("uuid() = %v, want a new version 4 UUID", id)
		}
		seen[id] = true
	}
}

func TestSeqIsUniqueAmongUsers(t *testing.T) {
	p, seen := compile(t, newScope(), `seq()`), map[any]bool{}
	for user := range 4 {
		env := expr.NewEnv(rand.New(rand.NewPCG(1, 1)), time.Now, user, 4)
		for range 5 {
			n := eval(t, p, env)
			if seen[n] {
				t.Errorf("seq() gave %v twice", n)
			}
			seen[n] = true
		}
	}
	if len(seen) != 20 || !seen[0] || !seen[19] {
		t.Errorf("seq() of 4 users gave %v, want 0 to 19", seen)
	}
}

func TestSetGetUnset(t *testing.T) {
	env := newEnv(1)
	if _, ok := env.Get("token"); ok {
		t.Error("Get before Set is ok")
	}
	p := compile(t, newScope(), `token`)
	for _, tt := range []struct{ set, want any }{
		{"a", "a"}, {nil, nil}, {int8(-1), -1}, {int64(1) << 60, 1 << 60},
		{uint32(7), 7}, {uint64(math.MaxUint64), json.Number("18446744073709551615")},
		{float32(0.5), 0.5}, {json.Number("12"), 12}, {json.Number("1.0"), json.Number("1.0")},
	} {
		env.Set("token", tt.set)
		got, ok := env.Get("token")
		if diff := cmp.Diff(tt.want, got); diff != "" || !ok {
			t.Errorf("Get after Set(%T %v): ok %v (-want +got):\n%s", tt.set, tt.set, ok, diff)
		}
		if diff := cmp.Diff(tt.want, eval(t, p, env)); diff != "" {
			t.Errorf("Eval after Set(%v) (-want +got):\n%s", tt.set, diff)
		}
	}
	env.Unset("token")
	if got := eval(t, p, env); got != nil {
		t.Errorf("Eval after Unset = %v, want nil", got)
	}
	if got, ok := env.Get("$self"); ok {
		t.Errorf("Get($self) = %v, want nothing", got)
	}
}

func TestBodies(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300)
	tests := []struct {
		name, body, source string
		want               any
	}{
		{"no body", "", `body`, nil},
		{"no body, field", "", `body.id`, nil},
		{"text", "hello", `body`, "hello"},
		{"text, field", "hello", `body.id`, nil},
		{"text contains", "hello", `body contains "ell"`, true},
		{"bare string", `"hello"`, `body`, "hello"},
		{"bare number", ` 1.10 `, `body`, json.Number("1.10")},
		{"bare null", `null`, `body`, nil},
		{"list", `[{"id": 1}]`, `body[0].id`, 1},
		{"two values", `1 2`, `body`, "1 2"},
		{"truncated", `{"id": 1`, `body.id`, nil},
		{"deep is text", deep, `body.a`, nil},
		{"a megabyte of brackets", strings.Repeat("[", 1<<20), `body[0] == nil and len(body) > 1000000`, true},
		{"a megabyte of digits", `{"n": ` + strings.Repeat("9", 1<<20) + `}`, `body.n > 1 and body.n == body.n`, true},
		{"a huge exponent", `{"n": 1e999999999}`, `body.n > 1`, true},
		{"a tiny exponent", `{"n": 1e-999999999}`, `body.n < 1`, true},
		{"brackets in quotes", `{"a": "` + strings.Repeat("[", 1000) + `\"[", "b": 1}`, `body.b`, 1},
		{"escapes", `{"a\u0062": "\u00e9\n"}`, `body.ab`, "é\n"},
		{"repeated key", `{"a": 1, "a": 2}`, `body.a`, 2},
		{"array member", `{"a": [[1, 2], {"b": "]}"}, 3]}`, `body.a[1].b`, "]}"},
		{"negative index", `{"a": [1, 2]}`, `body.a[-1]`, 2},
		{"index before the first", `{"a": [1, 2]}`, `body.a[-3]`, nil},
		{"index behind the last", `{"a": [1, 2]}`, `body.a[2]`, nil},
		{"number with its digits", `{"a": 12345678901234567890.10}`, `body.a`, json.Number("12345678901234567890.10")},
		{"half a surrogate", `{"a": "\ud800b"}`, `body.a`, "\ufffdb"},
		{"text that is not Unicode", "{\"a\": \"\xff\"}", `body.a`, "\ufffd"},
		{"name with a dot", `{"a": {"b": 1}, "a.b": 2}`, `body["a.b"]`, 2},
		{"name of a pattern", `{"a": 1, "*": 2, "?": 3}`, `body["*"]`, 2},
		{"name of a pattern that is absent", `{"a": 1}`, `body["?"]`, nil},
		{"name of a modifier", `{"a": 1}`, `body["@this"]`, nil},
		{"name of a count", `{"a": {"#": 1}}`, `body.a["#"]`, 1},
		{"count of a list", `{"a": [1]}`, `body.a["#"]`, nil},
		{"name of a pipe", `{"a": {"b": 1}, "a|b": 2}`, `body["a|b"]`, 2},
		{"name of a literal", `{"a": 1}`, `body["!1"]`, nil},
		{"name of a selector", `{"a": 1}`, `body["{a}"]`, nil},
		{"name with an escape", `{"a\\.b": 1}`, `body["a\\.b"]`, 1},
		{"empty name", `{"": 1}`, `body[""]`, 1},
		{"whole list", `{"a": [1, {"b": 1.0}]}`, `body.a`, []any{1, map[string]any{"b": json.Number("1.0")}}},
		{"index of a map", `{"0": 1}`, `body[0]`, nil},
		{"name of a list", `[1]`, `body["0"]`, nil},
		{"byte order mark", "\ufeff" + `{"a": 1}`, `body.a`, 1},
		{"byte order mark before text", "\ufeffhello", `body + "!"`, "hello!"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := compile(t, newScope(), tt.source)
			if !p.UsesBody() {
				t.Error("UsesBody = false")
			}
			env := newEnv(1)
			env.SetResponse(200, func(string) string { return "" }, []byte(tt.body))
			if diff := cmp.Diff(tt.want, eval(t, p, env)); diff != "" {
				t.Errorf("Eval (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPathReadsWhatTheWholeBodyHolds compares the two ways into a body: one
// value of its text, and a member of the parsed whole.
func TestPathReadsWhatTheWholeBodyHolds(t *testing.T) {
	paths := []string{".a", ".b", ".a.b", ".a[0]", ".a[1].b", ".a[-1]",
		".b.a.b", ".a[0][0]", ".a[-2].a", `[""]`, `["a.b"]`, `.a["*"]`, `.b["#"]`, `["a\""]`}
	scope := newScope().With("whole", expr.Any)
	member := rapid.SampledFrom([]string{"a", "b", "c", "\\u0061", "a\\\"", "", "a.b", "*", "#"})
	var value func(depth int) *rapid.Generator[string]
	value = func(depth int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			kind := rapid.IntRange(0, 7).Draw(t, "kind")
			if depth == 0 {
				kind = kind % 6
			}
			switch kind {
			case 6:
				items := rapid.SliceOfN(value(depth-1), 0, 3).Draw(t, "items")
				return "[" + strings.Join(items, " , ") + "]"
			case 7:
				var members []string
				for _, v := range rapid.SliceOfN(value(depth-1), 0, 3).Draw(t, "members") {
					members = append(members, `"`+member.Draw(t, "key")+`" : `+v)
				}
				return "{\n" + strings.Join(members, ",") + "}"
			}
			return []string{`1`, `-1.50`, `true`, `null`, `"x\"]}\\"`, `"\u00e9"`}[kind]
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		body := value(4).Draw(t, "body")
		env := newEnv(1)
		respond := func() { env.SetResponse(200, func(string) string { return "" }, []byte(body)) }
		respond()
		whole, err := scope.Compile("body")
		if err != nil {
			t.Fatal(err)
		}
		all, err := whole.Eval(env)
		if err != nil {
			t.Fatal(err)
		}
		env.Set("whole", all)
		for _, path := range paths {
			one, err := scope.Compile("body" + path)
			if err != nil {
				t.Fatal(err)
			}
			member, err := scope.Compile("whole" + path)
			if err != nil {
				t.Fatal(err)
			}
			respond()
			got, err := one.Eval(env)
			if err != nil {
				t.Fatal(err)
			}
			want, err := member.Eval(env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("body%s of %s (-whole +path):\n%s", path, body, diff)
			}
		}
	})
}

func TestResponseComesAndGoes(t *testing.T) {
	p := compile(t, newScope(), `[status, body.id, headers.location]`)
	env := newAnswered()
	if diff := cmp.Diff([]any{201, 7, "/x/1"}, eval(t, p, env)); diff != "" {
		t.Errorf("with a response (-want +got):\n%s", diff)
	}
	env.SetResponse(204, func(string) string { return "" }, nil)
	if diff := cmp.Diff([]any{204, nil, nil}, eval(t, p, env)); diff != "" {
		t.Errorf("with an empty response (-want +got):\n%s", diff)
	}
	env.ClearResponse()
	if diff := cmp.Diff([]any{nil, nil, nil}, eval(t, p, env)); diff != "" {
		t.Errorf("without a response (-want +got):\n%s", diff)
	}
	if ok, err := compile(t, newScope(), `status == 200`).Bool(env); err == nil {
		t.Errorf("Bool(status == 200) without a response = %v, want an error", ok)
	}
}

func TestCapturesOutliveTheBody(t *testing.T) {
	p := compile(t, newScope(), `body.a`)
	env := newEnv(1)
	body := []byte(`{"a": "abc"}`)
	env.SetResponse(200, func(string) string { return "" }, body)
	got := eval(t, p, env)
	copy(body, strings.Repeat("x", len(body)))
	if got != "abc" {
		t.Errorf("a captured value changed with the buffer to %v", got)
	}
}

func TestBool(t *testing.T) {
	tests := []struct {
		source, want string
	}{
		{`body.ok`, ""},
		{`body.missing`, "the condition is nil, not true or false"},
		{`body.id`, "the condition is a number, not true or false"},
		{`token`, "the condition is text, not true or false"},
	}
	for _, tt := range tests {
		p, err := newScope().CompileBool(tt.source)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Bool(newAnswered())
		if tt.want == "" && (err != nil || !got) || tt.want != "" && (err == nil || err.Error() != tt.want) {
			t.Errorf("Bool(%s) = %v, %v, want error %q", tt.source, got, err, tt.want)
		}
	}
}

func TestProgramsAreShared(t *testing.T) {
	template, err := newScope().Template(`${ token }-${ int(1, 9) + tutor }-${ uuid() }-${ list(3, int(1, 9))[0] }`)
	if err != nil {
		t.Fatal(err)
	}
	var users sync.WaitGroup
	for range 8 {
		users.Go(func() {
			one, two := newAnswered(), newAnswered()
			for range 200 {
				a, errA := template.Append(nil, one)
				b, errB := template.Append(nil, two)
				if errA != nil || errB != nil || string(a) != string(b) {
					t.Errorf("two users of one seed wrote %q, %v and %q, %v", a, errA, b, errB)
					return
				}
			}
		})
	}
	users.Wait()
}

// TestRowsOfAnyNumber holds that the kind of integer a decoder made of a row
// does not matter.
func TestRowsOfAnyNumber(t *testing.T) {
	env := newAnswered()
	env.Set("accounts", map[string]any{"id": uint8(9), "email": []any{int64(1), float32(0.5)}})
	for source, want := range map[string]any{
		`accounts.id`: 9, `accounts.id + 1`: 10, `accounts.id == 9`: true,
		`string(accounts.id)`: "9", `toJSON(accounts)`: `{"email":[1,0.5],"id":9}`,
	} {
		if diff := cmp.Diff(want, eval(t, compile(t, newScope(), source), env)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
}

// An answer is asked for a member without being decoded: null, text and no answer have none.
func TestHasMember(t *testing.T) {
	env := expr.NewEnv(nil, nil, 0, 1)
	for body, want := range map[string]bool{
		`{"data": {}}`: true, `{"data": 0}`: true, "\ufeff{\"data\": []}": true, `{"data": null}`: false,
		`{"other": 1}`: false,
		`["data"]`:     false, `<html>data`: false, "": false, `{"data": 1`: false,
	} {
		env.SetResponse(200, func(string) string { return "" }, []byte(body))
		if got := env.HasMember("data"); got != want {
			t.Errorf("HasMember(data) of %s = %t", body, got)
		}
	}
	if env.ClearResponse(); env.HasMember("data") {
		t.Error("an answer that was forgotten has a member")
	}
}
