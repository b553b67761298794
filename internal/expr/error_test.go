package expr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/expr"
)

// mistake checks an *expr.Error: its offset, its message, and that it is one
// sentence with a remedy.
func mistake(t *testing.T, err error, offset int, message string) {
	t.Helper()
	var e *expr.Error
	if !errors.As(err, &e) {
		t.Fatalf("error = %v, want an *expr.Error %q", err, message)
	}
	if e.Offset != offset || e.Message != message {
		t.Errorf("error = %d %q\n want %d %q", e.Offset, e.Message, offset, message)
	}
	if strings.ContainsAny(e.Message, "\n\t") || strings.HasSuffix(e.Message, ".") {
		t.Errorf("message %q is not one plain sentence", e.Message)
	}
}

func TestCompileErrors(t *testing.T) {
	tests := []struct {
		source  string
		offset  int
		message string
	}{
		{``, 0, `the expression is empty; write a value such as 1, "text" or a name`},
		{" \t", 0, `the expression is empty; write a value such as 1, "text" or a name`},
		// Syntax.
		{`1 +`, 2, `the expression ends too early; complete it or remove the last operator`},
		{`(1`, 1, `the expression ends too early; complete it or remove the last operator`},
		{`1 = 2`, 2, `"=" does not compare; write ==`},
		{`flag & flag`, 5, `"&" is not an operator; write &&`},
		{`1)`, 1, `")" closes nothing; remove it or complete what is before it`},
		{`"abc`, 4, `the text is not closed; add the missing quote`},
		{`1 2`, 2, `"2" is not expected here; write an operator such as == or + before it`},
		{`tutor "x"`, 6, `the text "x" is not expected here; write an operator such as == or + before it`},
		{`"éé" + @`, 9, `"@" has no meaning here; put text in quotes`},
		{`1a`, 1, `"1a" is not a number; put text in quotes`},
		{`== 2`, 0, `"==" is not expected here; write a value before it or remove it`},
		{`body.`, 4, `a name is missing after the dot; write one such as body.id`},
		{`99999999999999999999`, 19, `the number is too large or malformed; write one of at most 18 digits`},
		{`/* x`, 4, `the comment is not closed; add */`},
		{`"\q"`, 2, `the text holds an unknown escape; write \\ for a backslash`},
		{`"a" ?? 1 + 2`, 9, `?? and + are mixed; put one of them in parentheses`},
		{`{1+: 2}`, 2, `"+" is not expected here; write a value before it or remove it`},
		{`filter([1])`, 10, `the function needs more arguments; write one such as filter(list, # > 1)`},
		// What the language leaves out.
		{`let a = 1; a`, 4, `let is not part of the language; write a var under vars:`},
		{`1; 2`, 0, `an expression has one value; remove the semicolon`},
		{`b"abc"`, 0, `bytes are not part of the language; write a text without the b before the quote`},
		{`now().Year()`, 6, `values have no methods; write a function such as upper(text)`},
		{`reduce([1], #acc + 1)`, 0,
			`reduce is a function of expr-lang that loadgate leaves out; write one of the manual's list`},
		{`date("2026-01-01")`, 0,
			`date is a function of expr-lang that loadgate leaves out; write one of the manual's list`},
		{`{(token): 1}`, 2, `a computed key is not part of the language; write the key as a name or in quotes`},
		{`label matches token`, 14, `the pattern of matches is not a text; write it in quotes`},
		{`label matches "("`, 6, "the pattern is not a regular expression (missing closing ): `(`); write " +
			"\\\\ before a character that stands for itself"},
		{`filter(rows, len(list(2, #)) > 1)`, 25,
			`the item of an outer list is not known inside list(n, item); write a name or a value`},
		// Names.
		{`tokn`, 0, `unknown name "tokn"; did you mean token?`},
		{`1 + ratoi`, 4, `unknown name "ratoi"; did you mean ratio?`},
		{`zebra`, 0, `unknown name "zebra"; declare it under vars, capture or data, or put text in quotes`},
		{`null`, 0, `unknown name "null"; write nil`},
		{`uuid`, 0, `uuid is a function; write uuid()`},
		{`1 + int`, 4, `int is a function; write int(1, 100)`},
		{`filter`, 0, `filter is a function; write filter(list, # > 1)`},
		{`uuidd`, 0, `unknown name "uuidd"; did you mean uuid()?`},
		{`uper("x")`, 0, `unknown function "uper"; did you mean upper(text)?`},
		{`frobnicate("x")`, 0,
			`unknown function "frobnicate"; the functions of chance and time are int, float, pick, chance, uuid, seq,` +
				` now, days, hours, minutes and seconds`},
		{`token()`, 0, `token is a value, not a function; write it without parentheses`},
		{`status()`, 0, `status is a value, not a function; write it without parentheses`},
		{`$env`, 0, `"$env" is not a name; write one of letters, digits and underscores`},
		{`$self`, 0, `"$self" is not a name; write one of letters, digits and underscores`},
		{`$body()`, 0,
			`unknown function "$body"; the functions of chance and time are int, float, pick, chance, uuid, seq, now,` +
				` days, hours, minutes and seconds`},
		{`headers`, 0, `headers is not a value; write headers["content-type"]`},
		{`accounts.emial`, 9, `accounts has no field "emial"; did you mean email?`},
		{`accounts.zzz`, 9, `accounts has no field "zzz"; it has email and id`},
		{`accounts[0]`, 9, `a field of accounts has a name; write accounts.email`},
		{`accounts.email.x`, 15, `text has no fields and no items; write the name alone`},
		{`tutor.x`, 6, `a number has no fields and no items; write the name alone`},
		{`"abc"[0]`, 5, `text has no fields and no items; write the name alone`},
		{`rows.x`, 5, `a list has no fields; write the number of an item, such as [0]`},
		{`{a: 1}[0]`, 6, `a map has no numbered items; write a name in quotes`},
		// Arguments.
		{`int()`, 0, `int does not take 0 arguments; write int(1, 100)`},
		{`int(1, 2, 3)`, 0, `int does not take 3 arguments; write int(1, 100)`},
		{`int(label, 2)`, 0, `int needs a whole number, got text; write int(1, 100)`},
		{`int(1.5, 2)`, 0, `int needs a whole number, got a number with a fraction; write int(1, 100)`},
		{`1 + int(5, 1)`, 4, `int(5, 1) is an empty range; write int(1, 5)`},
		{`int(-1, -5)`, 0, `int(-1, -5) is an empty range; write int(-5, -1)`},
		{`float(2, 1.5)`, 0, `float(2, 1.5) is an empty range; write float(1.5, 2)`},
		{`pick()`, 0, `pick does not take 0 arguments; write pick("a", "b") or pick(list)`},
		{`pick(1)`, 0, `pick needs a list or several values, got a number; write pick("a", "b") or pick(list)`},
		{`pick([])`, 0, `pick has nothing to pick from: the list is empty; write at least one value`},
		{`chance(2)`, 0, `chance(2) is outside 0 to 1; write chance(0.5) for every second time`},
		{`chance("a")`, 0, `chance needs a number, got text; write chance(0.5)`},
		{`uuid(1)`, 0, `uuid does not take 1 argument; write uuid()`},
		{`seq(1)`, 0, `seq does not take 1 argument; write seq()`},
		{`now(1)`, 0, `now does not take 1 argument; write now()`},
		{`days("x")`, 0, `days needs a number, got text; write days(2)`},
		{`days(999999999)`, 0, `days(999999999) is too long; write fewer than 106751`},
		{`list(3)`, 0, `list does not take 1 argument; write list(3, item)`},
		{`list(-1, 1)`, 5, `list(-1, …) is outside 0 to 100,000 items; write a number in that range`},
		{`list(200000, 1)`, 5, `list(200000, …) is outside 0 to 100,000 items; write a number in that range`},
		{`list("a", 1)`, 5, `list needs a whole number of items, got "a"; write list(3, item)`},
		{`upper(1)`, 0, `upper needs text, got a number; write upper(text)`},
		{`split("a")`, 0, `split does not take 1 argument; write split(text, ",")`},
		{`len(1)`, 0, `len needs text, a list or a map, got a number; write len(list)`},
		// The environment.
		{`env()`, 0, `env does not take 0 arguments; write env("NAME", "default")`},
		{`env(HOST)`, 4, `the name in env is not a text in quotes; write env("NAME", "default")`},
		{`env("X")`, 0, `env("X"): X is not listed under env:; add it there`},
		{`env("HOTS")`, 0, `env("HOTS"): HOTS is not listed under env:; did you mean HOST?`},
		{`env("MISSING")`, 0,
			`env("MISSING"): MISSING is not set; set it, or write a default: env("MISSING", "value")`},
		{`env("EMPTY")`, 0, `env("EMPTY"): EMPTY is not set; set it, or write a default: env("EMPTY", "value")`},
		// Types.
		{`status == "200"`, 7, `cannot compare a number with text; compare values of one kind`},
		{`status > "a"`, 7, `cannot compare a number with text; compare values of one kind`},
		{`1 == true`, 2, `cannot compare a number with true or false; compare values of one kind`},
		{`now() > 1`, 6, `cannot compare a time with a number; compare values of one kind`},
		{`label == 1`, 6, `cannot compare text with a number; compare values of one kind`},
		{`accounts.id == "9"`, 12, `cannot compare a number with text; compare values of one kind`},
		{`"a" + 1`, 4, `cannot add text and another value; write string(value) to make it text`},
		{`1 + "a"`, 2, `cannot add another value and text; write string(value) to make it text`},
		{`"a" - "b"`, 4, `"-" does not work on text and text; use numbers on both sides`},
		{`not 1`, 0, `not needs true or false, got a number; write a comparison`},
		{`-"a"`, 0, `"-" needs a number, got text; remove it`},
		{`1 and true`, 2, `and joins conditions, got a number and true or false; write comparisons on both sides`},
		{`1 ? 2 : 3`, 0, `the condition is a number, not true or false; write a comparison`},
		{`status in 200`, 7, `in needs a list on the right, got a number; write one such as [200, 201]`},
		{`status in ["a"]`, 7, `a number is never in a list of text values; use values of one kind`},
		{`"a" contains 1`, 4,
			`contains needs text on both sides, got text and a number; write string(value) to make text`},
		{`filter(1, true)`, 7, `filter needs a list, got a number; write one such as body.items`},
		{`filter([1], 2)`, 12, `the condition is a number, not true or false; write a comparison such as # > 1`},
		{`filter([1], # == "a")`, 14, `cannot compare a number with text; compare values of one kind`},
		{`[1][1.5:]`, 4, `a number is not a position; write a whole number`},
		{`1 / 0`, 2, `the expression divides by zero; write another divisor`},
		{`tutor % 0`, 6, `the expression divides by zero; write another divisor`},
		{`-1..9223372036854775807`, 2,
			`the range -1..9223372036854775807 is longer than 1,000,000 items; write a shorter one`},
		{`1..2000000`, 1, `the range 1..2000000 is longer than 1,000,000 items; write a shorter one`},
		// Size.
		{strings.Repeat("1+", 2200) + "1", 0, `the expression has 4401 bytes; write at most 4096`},
		{strings.Repeat("1+", 300) + "1", 197,
			`the expression nests deeper than 200 levels; write it in simpler parts`},
		{"[" + strings.Repeat("1,", 2040) + "1]", 4002, `the expression is too long; write it in simpler parts`},
		{"1 + \xff", 0, `the expression is not UTF-8 text; save the file as UTF-8`},
	}
	for _, tt := range tests {
		name := tt.source
		if len(name) > 40 {
			name = name[:40]
		}
		t.Run(name, func(t *testing.T) {
			_, err := newScope().Compile(tt.source)
			mistake(t, err, tt.offset, tt.message)
		})
	}
}

func TestCompileBoolErrors(t *testing.T) {
	tests := []struct {
		source  string
		offset  int
		message string
	}{
		{`status`, 0, `status is a number, not true or false; write a comparison such as status == 200`},
		{` label `, 1, `label is text, not true or false; write a comparison such as label == "ok"`},
		{`days(1)`, 0, `days(1) is a duration, not true or false; write a comparison such as days(1) == nil`},
		{`now()`, 0, `now() is a time, not true or false; write a comparison such as now() == now()`},
		{`nil`, 0, `nil is nil, not true or false; write a comparison such as nil == nil`},
		{`status == `, 9, `the expression ends too early; complete it or remove the last operator`},
	}
	for _, tt := range tests {
		_, err := newScope().CompileBool(tt.source)
		mistake(t, err, tt.offset, tt.message)
	}
}

func TestWithoutResponse(t *testing.T) {
	scope := expr.NewScope(environment, nil)
	for _, source := range []string{`status`, `body`, `headers`} {
		_, err := scope.Compile(source + `["a"] == 1`)
		mistake(t, err, 0, source+` is known only after an answer; use it in expect or capture`)
	}
}

func TestEvalErrors(t *testing.T) {
	tests := []struct{ source, want string }{
		{`body.missing > 1`, `cannot compare nil with a number`},
		{`unset + 1`, `cannot add nil and a number`},
		{`unset - 1`, `cannot subtract a number from nil`},
		{`2 * unset`, `cannot multiply a number by nil`},
		{`unset / 2`, `cannot divide nil by a number`},
		{`1 / (tutor - 42)`, `division by zero`},
		{`1 % (tutor - 42)`, `division by zero`},
		{`-unset`, `cannot negate nil`},
		{`body.status < 3`, `cannot compare text with a number`},
		{`body.status + 1`, `cannot add text and a number`},
		{`body contains "x"`, `contains needs text on both sides, got a map and text`},
		{`body.id and true`, `the condition is a number, not true or false`},
		{`not unset`, `the condition is nil, not true or false`},
		{`unset ? 1 : 2`, `the condition is nil, not true or false`},
		{`filter(body.items, .missing)`, `the condition is nil, not true or false`},
		{`any(body.missing, # > 1)`, `a list is needed, got nil`},
		{`len(unset)`, `len needs text, a list or a map, got nil`},
		{`upper(body.id)`, `upper needs text, got a number`},
		{`body.id matches "7"`, `the value is a number, not text`},
		{`1 in body.id`, `in needs a list or a map, got a number`},
		{`int(body.status)`, `int("healthy") is not a whole number`},
		{`int(body.huge)`, `int cannot convert a number`},
		{`float(body.status)`, `float("healthy") is not a number`},
		{`int(tutor, 1)`, `int(42, 1) is an empty range; write int(1, 42)`},
		{`int(body.price, 9)`, `int needs a whole number, got a number`},
		{`pick(body.nested.a.b)`, `pick needs a list or several values, got nil; write pick("a", "b") or pick(list)`},
		{`pick(rows[3:])`, `pick has nothing to pick from: the list is empty; write at least one value`},
		{`chance(tutor)`, `chance(42) is outside 0 to 1; write chance(0.5) for every second time`},
		{`days(tutor * 1000000)`, `days(42000000) is too long; write fewer than 106751`},
		{`list(tutor * 10000, 1)`, `list(420000, …) is outside 0 to 100,000 items`},
		{`list(unset, 1)`, `list needs a whole number of items, got nil`},
		{`unset[1:]`, `a list or text is needed, got nil`},
		{`rows[unset:]`, `a whole number is needed, got nil`},
		{`1..unset`, `a whole number is needed, got nil`},
		{`fromJSON("{")`, `fromJSON("{") is not JSON`},
		{`fromBase64("?")`, `fromBase64("?") is not base64`},
		{`fromBase64("a23456789012345678901234567890123456789äöü")`,
			`fromBase64("a23456789012345678901234567890123456789…") is not base64`},
		{`join([nil])`, `join: nil has no text`},
		{`sort([1, "a"])`, `cannot compare text with a number`},
		{`min("a", 1)`, `cannot compare a number with text`},
		{`mean([])`, `mean of an empty list`},
		{`repeat("a", -tutor)`, `repeat needs a count of 0 or more, got -42`},
		{`toJSON(days(1))`, `a duration has no text; add it to now()`},
	}
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			p, err := newScope().With("unset", expr.Any).Compile(tt.source)
			if err != nil {
				t.Fatalf("Compile: %v", err)
			}
			value, err := p.Eval(newAnswered())
			if err == nil {
				t.Fatalf("Eval = %v, want an error", value)
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("Eval error = %q, want %q", got, tt.want)
			}
		})
	}
}

// TestBudget holds every way that was found to make an evaluation explode.
func TestBudget(t *testing.T) {
	const over = "the expression makes more than 16 MiB or 1,000,000 items; make its lists and texts smaller"
	items := make([]any, 3000)
	for i := range items {
		items[i] = i
	}
	long := strings.Repeat("x", 1<<20)
	for _, source := range []string{
		`1..(tutor * 1000000)`,
		`list(100000, list(100, 1))`,
		`list(10000, long)[0] + join(list(10000, long))`,
		`repeat(long, 1000000)`,
		`repeat("x", 9223372036854775807)`,
		`replace(long, "x", long)`,
		`list(1000, long + long)`,
		`list(1000, upper(long))`,
		`toJSON(list(100, long))`,
		`list(1000, fromJSON(toJSON(long)))`,
		`all(big, all(big, all(big, true)))`,
		`all(big, all(big, 1 in big or true))`,
		`list(1000, concat(big, big))`,
		`list(100000, len(split(long, "")))`,
		`map(1..1000, map(1..1000, map(1..1000, 1)))`,
		`uniq(map(1..100000, #))`,
	} {
		t.Run(source, func(t *testing.T) {
			p, err := newScope().With("big", expr.List).With("long", expr.String).Compile(source)
			if err != nil {
				t.Fatalf("Compile: %v", err)
			}
			env := newAnswered()
			env.Set("big", items)
			env.Set("long", long)
			if value, err := p.Eval(env); err == nil || err.Error() != over {
				t.Errorf("Eval = %T, %v, want the budget's error", value, err)
			}
			// The budget is one evaluation's, not the user's.
			if q, _ := newScope().Compile(`len(upper("abc"))`); q != nil {
				if got, err := q.Eval(env); got != 3 || err != nil {
					t.Errorf("the next Eval = %v, %v, want 3", got, err)
				}
			}
		})
	}
}
