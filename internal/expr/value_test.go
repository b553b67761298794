package expr_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/expr"
)

func text(tb testing.TB, source string) *expr.Value {
	tb.Helper()
	template, err := newScope().Template(source)
	if err != nil {
		tb.Fatalf("Template(%q): %v", source, err)
	}
	return expr.TextValue(template)
}

// sessionBody is the body of POST /api/sessions in the TutorMax example.
func sessionBody(tb testing.TB) *expr.Value {
	return expr.Object([]expr.Member{
		{Key: "tutor_id", Value: text(tb, "${ tutor }")},
		{Key: "student_id", Value: text(tb, "${ int(1, 500) }")},
		{Key: "subject", Value: text(tb, `${ pick("Math", "Science", "English", "History", "Programming") }`)},
		{Key: "scheduled_start", Value: text(tb, "${ now() + days(int(1, 7)) }")},
		{Key: "duration_minutes", Value: text(tb, "${ pick(30, 60, 90) }")},
		{Key: "session_type", Value: text(tb, `${ pick("one-on-one", "group") }`)},
		{Key: "notes", Value: expr.Const("none")},
	})
}

func TestAppendJSON(t *testing.T) {
	tests := []struct {
		name  string
		value *expr.Value
		want  string
	}{
		{"nil", expr.Const(nil), `null`},
		{"constants",
			expr.Array([]*expr.Value{expr.Const(true), expr.Const(int64(1)), expr.Const(1.5),
				expr.Const("<a&\"\u2028é\x00"), expr.Const(json.Number("1.10"))}),
			`[true,1,1.5,"<a&\"\u2028é\u0000",1.10]`},
		{"typed int", text(t, "${ int(2, 2) }"), `2`},
		{"typed bool", text(t, "${ chance(1) }"), `true`},
		{"typed nil", text(t, "${ body.missing }"), `null`},
		{"typed list", text(t, "${ rows }"), `[1,2,3]`},
		{"typed map", text(t, "${ {b: body.price, a: now()} }"), `{"a":"2026-11-23T12:00:00.123Z","b":1.10}`},
		{"typed time", text(t, "${ now() + days(1) }"), `"2026-11-24T12:00:00.123Z"`},
		{"digits", text(t, "${ body.big }"), `9007199254740993`},
		{"digits kept inside", text(t, "${ map(body.items, .n) }"), `[1,2.50,3]`},
		{"constant in a hole", text(t, "${ 5 }"), `5`},
		{"text", text(t, "id ${ tutor }"), `"id 42"`},
		{"text to escape", text(t, `${ label }"<`+"\n"), `"L\"<\n"`},
		{"object",
			expr.Object([]expr.Member{{Key: "z", Value: text(t, "${ tutor }")}, {Key: "a\"", Value: expr.Object(nil)},
				{Key: "m", Value: expr.Array(nil)}}), `{"z":42,"a\"":{},"m":[]}`},
		{"session", sessionBody(t),
			`{"tutor_id":42,"student_id":284,"subject":"History","scheduled_start":"2026-11-30T12:00:00.123Z",` +
				`"duration_minutes":90,"session_type":"one-on-one","notes":"none"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.value.AppendJSON(nil, newAnswered())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("AppendJSON (-want +got):\n%s", diff)
			}
			if !json.Valid(got) {
				t.Errorf("AppendJSON = %s is not JSON", got)
			}
		})
	}
}

func TestAppendJSONErrors(t *testing.T) {
	tests := []struct {
		name  string
		value *expr.Value
		want  string
	}{
		{"not a number", expr.Array([]*expr.Value{expr.Const(math.NaN())}), "NaN is not a JSON number"},
		{"infinite", text(t, "${ 10 ** 400 }"), "${ 10 ** 400 }: +Inf is not a JSON number"},
		{"nil in text", text(t, "x${ body.missing }"), "${ body.missing }: nil has no text"},
		{"malformed number", expr.Const(json.Number("1 2")), `"1 2" is not a number`},
		{"not JSON", expr.Const(make(chan int)), "chan int is not a JSON value"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := tt.value.AppendJSON(nil, newAnswered()); err == nil || err.Error() != tt.want {
				t.Errorf("AppendJSON = %s, %v, want error %q", got, err, tt.want)
			}
		})
	}
}

func TestValueFace(t *testing.T) {
	tests := []struct {
		name   string
		value  *expr.Value
		typ    expr.Type
		static bool
		body   bool
		want   any
	}{
		{"nil", expr.Const(nil), expr.Any, true, false, nil},
		{"integer", expr.Const(int64(1)), expr.Int, true, false, 1},
		{"float", expr.Const(1.5), expr.Float, true, false, 1.5},
		{"digits", expr.Const(json.Number("1.10")), expr.Any, true, false, json.Number("1.10")},
		{"string", expr.Const("a"), expr.String, true, false, "a"},
		{"bool", expr.Const(true), expr.Bool, true, false, true},
		{"template", text(t, "${ tutor }"), expr.Int, false, false, 42},
		{"static template", text(t, "a$${"), expr.String, true, false, "a${"},
		{"object", expr.Object([]expr.Member{{Key: "a", Value: text(t, "${ body.id }")}}),
			expr.Map, false, true, map[string]any{"a": 7}},
		{"array", expr.Array([]*expr.Value{expr.Const(1), text(t, "x${ tutor }")}),
			expr.List, false, false, []any{1, "x42"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.value.Type() != tt.typ || tt.value.Static() != tt.static || tt.value.UsesBody() != tt.body {
				t.Errorf("Type, Static, UsesBody = %v, %v, %v, want %v, %v, %v",
					tt.value.Type(), tt.value.Static(), tt.value.UsesBody(), tt.typ, tt.static, tt.body)
			}
			got, err := tt.value.Eval(newAnswered())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Eval (-want +got):\n%s", diff)
			}
		})
	}
}
