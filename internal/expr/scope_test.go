package expr_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/expr"
)

func TestScopeIsImmutable(t *testing.T) {
	parent := expr.NewScope(environment, nil)
	child := parent.With("a", expr.Int).WithRecord("b", nil).WithResponse()
	for _, name := range []string{"a", "b"} {
		if parent.Has(name) || !child.Has(name) {
			t.Errorf("Has(%s) = %v in the parent, %v in the child", name, parent.Has(name), child.Has(name))
		}
	}
	if _, err := parent.Compile("status"); err == nil {
		t.Error("the parent knows status")
	}
	if _, err := child.Compile("a + status"); err != nil {
		t.Errorf("child: %v", err)
	}
	_, err := child.Compile("b.x")
	mistake(t, err, 2, `b has no field "x"; it has none`)
	if again := child.With("a", expr.String); compile(t, again, "a").Type() != expr.String ||
		compile(t, child, "a").Type() != expr.Int {
		t.Error("a name given again does not replace the earlier one in the child alone")
	}
}

func TestNames(t *testing.T) {
	tests := []struct {
		name            string
		valid, reserved bool
	}{
		{"token", true, false}, {"_a1", true, false}, {"A", true, false},
		{"", false, false}, {"1a", false, false}, {"a-b", false, false},
		{"é", false, false}, {"$self", false, false}, {"a b", false, false},
		{"int", true, true}, {"list", true, true}, {"env", true, true},
		{"filter", true, true}, {"status", true, true}, {"body", true, true},
		{"headers", true, true}, {"nil", true, true}, {"in", true, true},
		{"not", true, true}, {"matches", true, true}, {"reduce", true, false},
	}
	for _, tt := range tests {
		if valid, reserved := expr.ValidName(tt.name), expr.Reserved(tt.name); valid != tt.valid ||
			reserved != tt.reserved {
			t.Errorf("ValidName(%q), Reserved = %v, %v, want %v, %v", tt.name, valid, reserved, tt.valid, tt.reserved)
		}
	}
}

// TestUnreservedNamesWork holds that what Reserved allows can be used: a name
// of the library that the language leaves out is an ordinary name.
func TestUnreservedNamesWork(t *testing.T) {
	for _, name := range []string{"reduce", "groupBy", "date",
		"get", "type", "duration", "bitand", "host", "item", "acc", "index"} {
		scope := expr.NewScope(environment, nil).With(name, expr.Int)
		env := newEnv(1)
		env.Set(name, 2)
		if got := eval(t, compile(t, scope, name+" + 1"), env); got != 3 {
			t.Errorf("%s + 1 = %v, want 3", name, got)
		}
	}
}

// TestExample compiles every expression of the TutorMax example.
func TestExample(t *testing.T) {
	scope := expr.NewScope(func(string) (string, bool) { return "", false },
		[]string{"LOADGATE_HOST", "LOADGATE_PASSWORD"}).
		With("token", expr.Any).With("session", expr.Any).With("tutor", expr.Int).With("student", expr.Int)
	for _, text := range []string{
		`${ env("LOADGATE_HOST", "http://localhost:8000") }`, `${ env("LOADGATE_PASSWORD", "demo") }`,
		`Bearer ${ token }`, `${ int(1, 100) }`,
		`${ tutor }`, `${ pick("Math", "Science", "English", "History", "Programming") }`,
		`${ now() + days(int(1, 7)) }`, `${ pick(30, 60, 90) }`,
		`PATCH /api/sessions/${ session }`, `${ now() }`, `GET /api/tutors/${ int(1, 100) }/sessions?limit=50`,
		`ops_manager_${ int(1, 10) }@tutormax.example`,
		`GET /api/admin/users?search=${ pick("john", "smith", "tutor", "admin") }`,
		`feedback_token_${ int(1000, 9999) }`, `${ chance(0.5) }`,
	} {
		template, err := scope.Template(text)
		if err != nil {
			t.Errorf("Template(%s): %v", text, err)
			continue
		}
		env := newEnv(1)
		env.Set("token", "t")
		env.Set("session", 9)
		env.Set("tutor", 1)
		if got, err := template.Append(nil, env); err != nil || len(got) == 0 {
			t.Errorf("Append(%s) = %q, %v", text, got, err)
		}
	}
	for _, source := range []string{`body.status == "healthy"`, `status in [200, 201]`, `session != nil`} {
		if _, err := scope.WithResponse().CompileBool(source); err != nil {
			t.Errorf("CompileBool(%s): %v", source, err)
		}
	}
}
