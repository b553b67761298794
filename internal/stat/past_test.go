package stat_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

func logs(values ...float64) []float64 {
	y := make([]float64, len(values))
	for i, v := range values {
		y[i] = math.Log(v)
	}
	return y
}

// One endpoint has no other to lean on: this is the plain t.
func TestAgainstPastOfOneEndpoint(t *testing.T) {
	past := logs(182, 190, 176, 201, 188, 185, 179, 195, 183, 192)
	c := stat.AgainstPast([]stat.History{{Past: past, New: logs(240)}})
	s := c.Local[0]
	if !s.OK || s.Runs != 10 || s.DF != 9 || !s.NoErr || c.Global.OK {
		t.Fatalf("AgainstPast = %+v", c)
	}
	near(t, "s", s.ErrOne/math.Sqrt(1.1), .040619, digits)
	near(t, "t", s.T, 5.862180, digits)
	near(t, "p", s.P, .000120, digits)
	near(t, "Holm", s.Adjusted, .000120, digits)
	near(t, "ratio", math.Exp(s.Effect), 1.283692, digits)
	half := (s.High - s.Low) / 2
	near(t, "low", math.Exp(s.Effect-half), 1.165754, digits)
	near(t, "high", math.Exp(s.Effect+half), 1.413562, digits)
	near(t, "detectable", s.Detectable, .219320, digits)
	if got, want := c.Regressed(s, .10), true; got != want {
		t.Errorf("Regressed(+28 %%, 0.10) = %v, want %v", got, want)
	}
	if got, want := c.Regressed(s, .30), false; got != want {
		t.Errorf("Regressed(+28 %%, 0.30) = %v, want %v", got, want)
	}
}

func TestAgainstPastPooled(t *testing.T) {
	histories := []stat.History{
		{Past: logs(100, 104, 97, 102, 99), New: logs(125)},
		{Past: logs(210, 205, 220, 214, 208), New: logs(212)},
		{Past: logs(55, 58, 52, 61, 54), New: logs(60)},
	}
	c := stat.AgainstPast(histories)
	for e, want := range []struct{ sm, t, p, holm float64 }{
		{.035488, 5.644720, .000242, .000727},
		{.035665, .080229, .469013, .469013},
		{.053452, 1.205200, .131282, .262563},
	} {
		s := c.Local[e]
		if !s.OK || s.Runs != 5 || s.DF != 8 || s.Last != s.P || c.Global.OK {
			t.Fatalf("endpoint %d: AgainstPast = %+v", e, s)
		}
		near(t, "sm", s.Err/math.Sqrt(1.2), want.sm, digits)
		near(t, "t", s.T, want.t, digits)
		near(t, "p", s.P, want.p, digits)
		near(t, "Holm", s.Adjusted, want.holm, digits)
	}
	for e, second := range []float64{122, 209, 59} {
		histories[e].New = append(histories[e].New, math.Log(second))
	}
	c = stat.AgainstPast(histories)
	for e, want := range []struct{ t, p float64 }{{6.981589, .000057}, {-.133769, .551555}, {1.390067, .100982}} {
		near(t, "t(2)", c.Local[e].T, want.t, digits)
		near(t, "p(2)", c.Local[e].P, want.p, digits)
	}
}

// By hand: past -1, 0, 1 (sd 1), two endpoints, so that each leans on the two
// degrees of freedom of the other; new 3 with se 2, earlier se 1.
func TestStandardErrors(t *testing.T) {
	past, nan := []float64{-1, 0, 1}, math.NaN()
	for _, row := range []struct {
		name             string
		pastErr, newErr  []float64
		new              []float64
		wantErr, wantOne float64
		noErr            bool
	}{
		{"less exact than before", repeat(3, 1), []float64{2},
			[]float64{3}, math.Sqrt(4./3 + 3), math.Sqrt(4./3 + 3), false},
		{"more exact than before", repeat(3, 2), []float64{1},
			[]float64{3}, math.Sqrt(4. / 3), math.Sqrt(4. / 3), false},
		{"the second of two is less exact", repeat(3, 1), []float64{1, 2},
			[]float64{3, 3}, math.Sqrt(5./6 + 1.5/2), math.Sqrt(4./3 + 3), false},
		{"an earlier run's is unknown", []float64{1, nan, 1}, []float64{2},
			[]float64{3}, math.Sqrt(4./3 + 3), math.Sqrt(4./3 + 3), false},
		{"the new run's is unknown", repeat(3, 1), []float64{nan},
			[]float64{3}, math.Sqrt(4. / 3), math.Sqrt(4. / 3), true},
		{"the earlier ones' are unknown", nil, []float64{2}, []float64{3}, math.Sqrt(4. / 3), math.Sqrt(4. / 3), true},
	} {
		course := stat.History{Past: past, PastErr: row.pastErr, New: row.new, NewErr: row.newErr}
		s := stat.AgainstPast([]stat.History{course, course}).Local[0]
		if !s.OK || s.NoErr != row.noErr || s.DF != 4 {
			t.Errorf("%s: AgainstPast = %+v", row.name, s)
		}
		near(t, row.name+": err(k)", s.Err, row.wantErr, 1e-12)
		near(t, row.name+": err(1)", s.ErrOne, row.wantOne, 1e-12)
	}
}

// wobble is a spread without chance, different for each endpoint and run.
func wobble(e, i int) float64 { return .03 * math.Sin(float64(7*e*e+13*i+e*i)) }

// shared makes E endpoints of N earlier runs and one new one, with a level of
// the machine in each run.
func shared(E, N int, machine func(i int) float64) []stat.History {
	histories := make([]stat.History, E)
	for e := range histories {
		for i := range N + 1 {
			y := float64(e) + machine(i) + wobble(e, i)
			if c := &histories[e]; i < N {
				c.Past = append(c.Past, y)
			} else {
				c.New = append(c.New, y)
			}
		}
	}
	return histories
}

func TestAgainstPastTellsMachineFromEndpoint(t *testing.T) {
	const N = 10
	machine := func(i int) float64 { return .02 * math.Cos(float64(3*i)) }
	t.Run("a slow endpoint", func(t *testing.T) {
		histories := shared(8, N, machine)
		histories[5].New[0] += .5
		c := stat.AgainstPast(histories)
		for e, s := range c.Local {
			if got, want := c.Regressed(s, .10), e == 5; got != want {
				t.Errorf("Regressed(endpoint %d) = %v, want %v: %+v", e, got, want, s)
			}
		}
		if c.Suspicious(c.Global) {
			t.Errorf("Suspicious(global) = true: %+v", c.Global)
		}
		s := c.Local[5]
		if y := histories[5].New[0]; y < s.High {
			t.Errorf("the slow endpoint, %g, is in its band %g ... %g", y, s.Low, s.High)
		}
	})
	t.Run("a slow machine", func(t *testing.T) {
		histories := shared(8, N, machine)
		for e := range histories {
			histories[e].New[0] += .5
		}
		c := stat.AgainstPast(histories)
		if !c.Regressed(c.Global, .10) {
			t.Errorf("Regressed(global) = false: %+v", c.Global)
		}
		for e, s := range c.Local {
			if c.Suspicious(s) {
				t.Errorf("Suspicious(endpoint %d) = true: %+v", e, s)
			}
			if y := histories[e].New[0]; math.Abs(y-(s.Low+s.High)/2) > s.High-s.Low {
				t.Errorf("endpoint %d of a slow machine, %g, is far from %g ... %g", e, y, s.Low, s.High)
			}
		}
	})
	t.Run("a young endpoint among runs of unequal machines", func(t *testing.T) {
		drifting := func(i int) float64 { return .1 * float64(i) }
		histories := shared(8, N, drifting)
		for i := range N - 3 {
			histories[0].Past[i] = math.NaN()
		}
		c := stat.AgainstPast(histories)
		s := c.Local[0]
		if !s.OK || s.Runs != 3 || s.DF != 6 || math.Abs(s.Effect) > .1 || c.Suspicious(s) {
			t.Errorf("the young endpoint is %+v", s)
		}
	})
}

func TestAgainstPastNeedsRuns(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	past := []float64{1, 1.1, 1.2, 1.1}
	for _, row := range []struct {
		name   string
		course stat.History
	}{
		{"nothing", stat.History{}},
		{"two earlier runs", stat.History{Past: past[:2], New: []float64{9}}},
		{"two that have it", stat.History{Past: []float64{1, nan, 1.1, inf}, New: []float64{9}}},
		{"no new run", stat.History{Past: past}},
		{"not in the new run", stat.History{Past: past, New: []float64{nan}}},
		{"without end in the new run", stat.History{Past: past, New: []float64{inf}}},
		{"not in one of two new runs", stat.History{Past: past, New: []float64{9, nan}}},
		{"copies of one run", stat.History{Past: repeat(10, 18.3), New: []float64{19}}},
		{"values beyond float64", stat.History{Past: []float64{1e308, -1e308, 1e308}, New: []float64{1e308}}},
	} {
		for _, n := range []int{1, 6} {
			c := stat.AgainstPast(slices.Repeat([]stat.History{row.course}, n))
			for _, s := range append(c.Local, c.Global) {
				if diff := cmp.Diff(stat.Shift{}, s); diff != "" {
					t.Errorf("%s, %d times: AgainstPast (-want +got)\n%s", row.name, n, diff)
				}
				if c.Suspicious(s) || c.Regressed(s, 0) {
					t.Errorf("%s, %d times: a finding", row.name, n)
				}
			}
		}
	}
	if c := stat.AgainstPast(nil); len(c.Local) != 0 || c.Global.OK {
		t.Errorf("AgainstPast(nil) = %+v", c)
	}
}

// anyCourses draws endpoints of a few runs, some of which have no value.
func anyCourses() *rapid.Generator[[]stat.History] {
	return rapid.Custom(func(t *rapid.T) []stat.History {
		N, k := rapid.IntRange(0, 8).Draw(t, "N"), rapid.IntRange(1, 2).Draw(t, "k")
		value := rapid.OneOf(rapid.Float64Range(10, 20), rapid.Float64Range(10, 20), rapid.Float64Range(10, 20),
			rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 15}))
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) stat.History {
			return stat.History{
				Past:    rapid.SliceOfN(value, N, N).Draw(t, "past"),
				PastErr: rapid.SliceOfN(value, 0, N).Draw(t, "pastErr"),
				New:     rapid.SliceOfN(value, k, k).Draw(t, "new"),
				NewErr:  rapid.SliceOfN(value, 0, k).Draw(t, "newErr"),
			}
		}), 0, 8).Draw(t, "histories")
	})
}

func sameShift(a, b stat.Shift) bool {
	close := func(x, y float64) bool { return math.Abs(x-y) <= 1e-6*(1+math.Abs(x)) }
	return a.OK == b.OK && a.Runs == b.Runs && close(a.P, b.P) &&
		close(a.Adjusted, b.Adjusted) && close(a.Effect, b.Effect) && close(a.ErrOne, b.ErrOne)
}

func TestAgainstPastDoesNotDependOnOrderOrUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		histories := anyCourses().Draw(t, "histories")
		unit := rapid.Float64Range(-10, 10).Draw(t, "ln unit")
		want := stat.AgainstPast(histories)
		turned := slices.Clone(histories)
		slices.Reverse(turned)
		for e, c := range turned {
			turned[e].Past, turned[e].New = slices.Clone(c.Past), slices.Clone(c.New)
			for _, v := range [][]float64{turned[e].Past, turned[e].New} {
				for i := range v {
					v[i] += unit
				}
			}
		}
		got := stat.AgainstPast(turned)
		slices.Reverse(got.Local)
		if !sameShift(got.Global, want.Global) {
			t.Fatalf("global = %+v, want %+v", got.Global, want.Global)
		}
		for e := range want.Local {
			s := want.Local[e]
			if !sameShift(got.Local[e], s) {
				t.Fatalf("endpoint %d = %+v, want %+v", e, got.Local[e], s)
			}
			if s.OK && !(s.P >= 0 && s.P <= s.Adjusted && s.Adjusted <= 1 &&
				s.Low < s.High && s.Detectable > 0 && s.Runs >= stat.MinPast) {
				t.Fatalf("endpoint %d = %+v", e, s)
			}
		}
	})
}

func TestLoosenedRegressionFindsNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := stat.AgainstPast(anyCourses().Draw(t, "histories"))
		strict := rapid.Float64Range(0, 1).Draw(t, "strict")
		loose := rapid.Float64Range(strict, 2).Draw(t, "loose")
		for _, s := range append(c.Local, c.Global) {
			if c.Regressed(s, loose) && !c.Regressed(s, strict) || c.Regressed(s, strict) && !c.Suspicious(s) {
				t.Fatalf("%+v regresses at %g, not at %g", s, loose, strict)
			}
		}
	})
}
