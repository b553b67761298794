package experiment_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

const shop = `version: 1
target: {url: http://localhost:1}
profiles: {p: {users: 20, spawn_rate: 1/s, duration: 10m, warm_up: 60s}}
users: {g: {wait: 0.5s..1.5s, steps: [GET /a, GET /b]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
`

// contest is pairs of two doers on the plan of shop, and the journal of what
// began and ended: "A0 begins".
func contest(t *testing.T, count int, slice time.Duration, a, b engine.Doer) (*experiment.Pairs, *[]string) {
	t.Helper()
	p := planned(t, shop, plan.Options{Seed: 100})
	var journal []string
	name := func(side, pair int) string { return fmt.Sprintf("%c%d", 'A'+side, pair) }
	return &experiment.Pairs{
		A:     experiment.Side{Plan: p, Run: on(a)},
		B:     experiment.Side{Plan: p, Run: on(b)},
		Count: count, Slice: slice,
		New:   func(p *plan.Plan) *result.Result { return p.Result("test", time.Now()) },
		Begin: func(side, pair int) { journal = append(journal, name(side, pair)+" begins") },
		Done: func(side, pair int, r *result.Result) error {
			journal = append(journal, fmt.Sprintf("%s %s", name(side, pair), r.End))
			return nil
		},
	}, &journal
}

func TestPairsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, journal := contest(t, 5, 25*time.Second, steadyDoer{took: 20 * time.Millisecond},
			steadyDoer{took: 40 * time.Millisecond})
		began := time.Now()
		a, b, err := p.Run(t.Context())
		if err != nil || len(a) != 5 || len(b) != 5 {
			t.Fatalf("Run() = %d and %d slices, %v", len(a), len(b), err)
		}
		want := "A0 begins, A0 complete, B0 begins, B0 complete, B1 begins, B1 complete, A1 begins, A1 complete, A2 " +
			"begins, A2 complete, " +
			"B2 begins, B2 complete, B3 begins, B3 complete, A3 begins, A3 complete, A4 begins, A4 complete, B4 " +
			"begins, B4 complete"
		if diff := cmp.Diff(want, strings.Join(*journal, ", ")); diff != "" {
			t.Errorf("turns (-want +got):\n%s", diff)
		}
		// The last request of a slice may end in the drain.
		if took := time.Since(began); took < 250*time.Second || took > 251*time.Second {
			t.Errorf("ten slices of 25s took %s", took)
		}
		for i := range a {
			if a[i].Seed != b[i].Seed || a[i].Seed != uint64(100+i) || a[i].Digest != b[i].Digest {
				t.Errorf("pair %d: seeds %d and %d, want %d, of one load", i, a[i].Seed, b[i].Seed, 100+i)
			}
			for _, r := range []*result.Result{a[i], b[i]} {
				if r.Elapsed != 25*time.Second || r.Planned.WarmUp != experiment.SliceDropped ||
					r.Measured().Length != 20*time.Second {
					t.Errorf("pair %d: %s, of which %s are dropped and %s measured",
						i, r.Elapsed, r.Planned.WarmUp, r.Measured().Length)
				}
			}
		}
		v := regress.JudgePairs(regress.PairsInput{A: a, B: b, Config: p.A.Plan.Config})
		if v.Outcome() != verdict.Fail {
			t.Errorf("twice as slow = %v: %+v", v.Outcome(), v.Checks)
		}
	})
}

// What there is comes back, whatever ended it.
func TestPairsRunEndsEarly(t *testing.T) {
	refusing := steadyDoer{took: time.Millisecond, failure: metric.Refused}
	full := errors.New("disk full")
	quick := steadyDoer{took: 20 * time.Millisecond}
	for _, tt := range []struct {
		name   string
		slice  time.Duration
		a, b   engine.Doer
		change func(*experiment.Pairs, context.CancelFunc)
		want   [2][]result.End // of the slices
		err    error
	}{
		{name: "interrupted in a slice", slice: 25 * time.Second, a: quick, b: quick,
			change: func(p *experiment.Pairs, cancel context.CancelFunc) {
				time.AfterFunc(4*25*time.Second+10500*time.Millisecond, cancel)
			},
			want: [2][]result.End{{result.Complete, result.Complete, result.Interrupted},
				{result.Complete, result.Complete}}},
		{name: "interrupted between slices", slice: 25 * time.Second, a: quick, b: quick,
			change: func(p *experiment.Pairs, cancel context.CancelFunc) {
				p.Done = func(side, pair int, _ *result.Result) error {
					if side == 1 && pair == 1 {
						cancel()
					}
					return nil
				}
			},
			want: [2][]result.End{{result.Complete}, {result.Complete, result.Complete}}, err: context.Canceled},
		{name: "interrupted before", slice: 25 * time.Second, a: quick, b: quick,
			change: func(_ *experiment.Pairs, cancel context.CancelFunc) { cancel() }, err: context.Canceled},
		{name: "B is lost", slice: 60 * time.Second, a: quick, b: refusing,
			want: [2][]result.End{{result.Complete}, {result.Lost}}},
		{name: "A is lost", slice: 60 * time.Second, a: refusing, b: quick,
			want: [2][]result.End{{result.Lost}, nil}},
		{name: "not written", slice: 25 * time.Second, a: quick, b: quick,
			change: func(p *experiment.Pairs, _ context.CancelFunc) {
				p.Done = func(int, int, *result.Result) error { return full }
			},
			want: [2][]result.End{{result.Complete}, nil}, err: full},
		{name: "no callbacks", slice: 25 * time.Second, a: quick, b: quick,
			change: func(p *experiment.Pairs, _ context.CancelFunc) { p.Begin, p.Done, p.Count = nil, nil, 1 },
			want:   [2][]result.End{{result.Complete}, {result.Complete}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				p, _ := contest(t, 5, tt.slice, tt.a, tt.b)
				if tt.change != nil {
					tt.change(p, cancel)
				}
				a, b, err := p.Run(ctx)
				if !errors.Is(err, tt.err) {
					t.Errorf("Run() = %v, want %v", err, tt.err)
				}
				for side, slices := range [][]*result.Result{a, b} {
					var ends []result.End
					for _, r := range slices {
						ends = append(ends, r.End)
					}
					if diff := cmp.Diff(tt.want[side], ends); diff != "" {
						t.Errorf("side %c (-want +got):\n%s", 'A'+side, diff)
					}
				}
			})
		})
	}
}

func TestPairsRunOfABadSlice(t *testing.T) {
	p, journal := contest(t, 5, experiment.SliceDropped, steadyDoer{}, steadyDoer{})
	a, b, err := p.Run(t.Context())
	if err == nil || len(a)+len(b)+len(*journal) > 0 {
		t.Errorf("Run() of slices that are dropped whole = %d, %d, %v; %v", len(a), len(b), err, *journal)
	}
}

// A slice is long enough for a hundred requests of each endpoint, between 20 s
// and a minute; those that would need more are judged together.
func TestSliceFor(t *testing.T) {
	for _, tt := range []struct {
		name  string
		users int
		steps string
		wait  string
		want  time.Duration
	}{
		{"busy", 100, "[GET /a]", "1s", 20 * time.Second},
		{"110 in 15 s", 7, "[GET /a]", "1s", 21 * time.Second},
		{"110 in 22 s", 5, "[GET /a]", "1s", 27 * time.Second},
		{"110 in 55 s", 2, "[GET /a]", "1s", 60 * time.Second},
		{"too rare", 1, "[GET /a]", "1s", 20 * time.Second},
		{"two, one after the other", 10, "[GET /a, GET /b]", "1s", 27 * time.Second},
		{"without end", 1, "[GET /a]", "0s", 20 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := planned(t, fmt.Sprintf(`version: 1
target: {url: http://localhost:1}
profiles: {p: {users: %d, spawn_rate: 100/s, duration: 60s, warm_up: 0s}}
users: {g: {wait: %s, steps: %s}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
`, tt.users, tt.wait, tt.steps), plan.Options{})
			if got := experiment.SliceFor(p); got != tt.want {
				t.Errorf("SliceFor(...) = %s, want %s", got, tt.want)
			}
		})
	}
}
