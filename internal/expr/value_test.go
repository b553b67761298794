package expr_test

import (
	"testing"

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
