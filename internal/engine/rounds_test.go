package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// askedOf counts what a service was asked.
func askedOf(s *service) map[string]int {
	count := map[string]int{}
	for _, q := range s.requests() {
		count[q.Target]++
	}
	return count
}

// Each user leaves after its rounds, with its end steps, and the run ends when all have left.
func TestRounds(t *testing.T) {
	const groups = `
  g: {weight: 2, wait: 1s, start: [GET /in], steps: [GET /a, {transaction: t, steps: [GET /b, GET /c], times: 2}],
    end: [GET /out]}
  w: {weight: 1, wait: 1s, order: weighted, steps: [{request: GET /x, weight: 2}, GET /y]}
`
	synctest.Test(t, func(t *testing.T) {
		text := strings.Replace(file(3, "3/s", "5m", groups), "duration: 5m", "duration: 5m, rounds: 4", 1)
		p := decode(t, text, plan.Options{})
		s := newService(nil)
		r := walk(t, context.Background(), p, s, engine.Engine{})
		if r.End != result.Complete || r.Elapsed != r.Planned.Duration || r.Elapsed > 20*time.Second {
			t.Errorf("ended %v after %s of %s", r.End, r.Elapsed, r.Planned.Duration)
		}
		got := askedOf(s)
		want := map[string]int{"/in": 2, "/a": 8, "/b": 16, "/c": 16, "/out": 2}
		for target, n := range want {
			if got[target] != n {
				t.Errorf("%s was asked %d times, want %d", target, got[target], n)
			}
		}
		if n := got["/x"] + got["/y"]; n != 4 {
			t.Errorf("the drawn steps were asked %d times, want 4", n)
		}
		for _, e := range r.Endpoints {
			if want := map[string]float64{"GET /a": 8, "GET /b": 16}[e.Name]; want > 0 && e.Expected != want {
				t.Errorf("%g requests of %s are expected, want %g", e.Expected, e.Name, want)
			}
		}
		if last := r.Timeline[len(r.Timeline)-1]; last.Users != 0 {
			t.Errorf("%d users at the end", last.Users)
		}
	})
}

// A run ends with its duration where the rounds take longer.
func TestRoundsThatTakeTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := strings.Replace(file(2, "2/s", "4s", "\n  g: {wait: 1s, steps: [GET /a]}\n"), "duration: 4s",
			"duration: 4s, rounds: 99", 1)
		r := walk(t, context.Background(), decode(t, text, plan.Options{}), newService(nil), engine.Engine{})
		if r.End != result.Complete || r.Elapsed != 4*time.Second || r.Timeline[3].Users != 2 {
			t.Errorf("ended %v after %s with %d users", r.End, r.Elapsed, r.Timeline[3].Users)
		}
	})
}

// Each row of a table with pick: once is sent once, in any number of shards, and then all users leave.
func TestRowsOnce(t *testing.T) {
	for shards := 1; shards <= 2; shards++ {
		var asked []string
		var results []*result.Result
		for k := 1; k <= shards; k++ {
			synctest.Test(t, func(t *testing.T) {
				p, err := plan.New(decodeWithData(t, "once").Config, plan.Options{Shard: plan.Shard{K: k, N: shards}})
				if err != nil {
					t.Fatal(err)
				}
				s := newService(func(q sent, x *client.Exchange) time.Duration { return 10 * time.Millisecond })
				r := walk(t, context.Background(), p, s, engine.Engine{})
				if r.End != result.Complete || r.Elapsed >= 10*time.Second {
					t.Errorf("ended %v after %s", r.End, r.Elapsed)
				}
				results = append(results, r)
				for _, q := range s.requests() {
					asked = append(asked, q.Target)
				}
			})
		}
		slices.Sort(asked)
		if got := fmt.Sprint(asked); got != "[/a /b /c /d]" {
			t.Errorf("%d shards sent %s", shards, got)
		}
		if _, err := result.Merge(results...); err != nil {
			t.Errorf("%d shards: %v", shards, err)
		}
	}
}
