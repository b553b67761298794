package expr_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/expr"
)

// Forks know the values that their origin had, keep what is set in them to themselves, and have numbers and chance of
// their own.
func TestFork(t *testing.T) {
	eval := func(e *expr.Env, text string) any {
		p, err := expr.NewScope(nil, nil).With("id", expr.Any).WithResponse().Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		value, err := p.Eval(e)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		return value
	}
	drawn := func(seed uint64) (chance []any) {
		e := expr.NewEnv(rand.New(rand.NewPCG(seed, 1)), time.Now, 3, 10)
		e.Set("id", 7)
		e.SetCookies(func(string) string { return "c" })
		origin := e.Origin()
		forks := make([]*expr.Env, 8)
		for i := range forks {
			forks[i] = origin.Fork()
		}
		numbers, draws := make([]any, len(forks)), make([]any, len(forks))
		var all sync.WaitGroup
		for i, f := range forks {
			all.Go(func() {
				if got := eval(f, `[id, cookies["x"], status]`); !slices.Equal(got.([]any), []any{7, "c", nil}) {
					t.Errorf("a fork knows %v", got)
				}
				f.SetResponse(200+i, func(string) string { return "" }, []byte(`{"id": 1}`))
				f.Set("id", i)
				if got := eval(f, "[id, status]"); !slices.Equal(got.([]any), []any{i, 200 + i}) {
					t.Errorf("fork %d knows %v", i, got)
				}
				numbers[i], draws[i] = eval(f, "seq()"), eval(f, "uuid()")
			})
		}
		all.Wait()
		if got := eval(e, "[id, status]"); !slices.Equal(got.([]any), []any{7, nil}) {
			t.Errorf("the origin knows %v", got)
		}
		numbers = append(numbers, eval(e, "seq()"))
		for want := 3; want < 3+10*len(numbers); want += 10 {
			if !slices.Contains(numbers, any(want)) {
				t.Errorf("numbers %v lack %d", numbers, want)
			}
		}
		return draws
	}
	first := drawn(1)
	for i, one := range first {
		if slices.Contains(first[:i], one) {
			t.Errorf("two forks draw %v", one)
		}
	}
	if again := drawn(1); !slices.Equal(first, again) {
		t.Errorf("forks draw %v, and %v with the same seed", first, again)
	}
	if slices.Equal(first, drawn(2)) {
		t.Error("the seed does not decide what forks draw")
	}
}
