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
	env.SetResponse(201, func(name string) string { return headers[textproto.CanonicalMIMEHeaderKey(name)] }, []byte(answer))
	return env
}

func TestEval(t *testing.T) {
	tests := []struct {
		source string
		want   any
	}{
		{`1`, 1},
		{`status`, 201},
		{`status in [200, 201]`, true},
		{`status == 201 and body.status == "healthy"`, true},
		{`body.id`, 7},
		{`body.id == 7`, true},
		{`body.big`, 9007199254740993},
		{`body.price`, json.Number("1.10")},
		{`body.price > 1`, true},
		{`body.items[0].name`, "one"},
		{`now() + days(2)`, noon.AddDate(0, 0, 2)},
		{`list(3, 1)`, []any{1, 1, 1}},
		{`headers["location"]`, "/x/1"},
		{`accounts.email`, "a@b.example"},
	}
	for _, tt := range tests {
		p, err := newScope().Compile(tt.source)
		if err != nil {
			t.Errorf("Compile(%s): %v", tt.source, err)
			continue
		}
		got, err := p.Eval(newAnswered())
		if err != nil {
			t.Errorf("Eval(%s): %v", tt.source, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Eval(%s) (-want +got):\n%s", tt.source, diff)
		}
	}
}
