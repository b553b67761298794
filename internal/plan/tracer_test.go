package plan_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/trace"
)

// traced is the shop with a share of its requests sampled.
func traced(t *testing.T, sample string) *config.Config {
	t.Helper()
	return file(t, strings.Trim(shop, "\n")+fmt.Sprintf("\ntrace: {propagate: w3c, sample: %s}\n", sample))
}

// contexts are those of the first requests of a user.
func contexts(u plan.User, requests int) []string {
	var all []string
	for tracer := u.Tracer(); len(all) < requests; {
		all = append(all, tracer.Next().String())
	}
	return all
}

// Seed, user and number of the request decide who is sampled and with which ids: on any machine, in any shard.
func TestTracesAreRepeatable(t *testing.T) {
	s := traced(t, "30%")
	first := newPlan(t, s, plan.Options{Seed: 42})
	shard := newPlan(t, s, plan.Options{Seed: 42, Shard: plan.Shard{K: 2, N: 3}})
	other := newPlan(t, s, plan.Options{Seed: 43})
	for i := range first.Users {
		want := contexts(first.User(i), 50)
		first.User(i).Chance().Uint64() // what it draws for its values is apart
		if d := cmp.Diff(want, contexts(first.User(i), 50)); d != "" {
			t.Errorf("user %d, again (-want +got):\n%s", i, d)
		}
		if d := cmp.Diff(want, contexts(shard.User(i), 50)); d != "" {
			t.Errorf("user %d, in a shard (-want +got):\n%s", i, d)
		}
		if cmp.Equal(want, contexts(other.User(i), 50)) {
			t.Errorf("user %d has the same with another seed", i)
		}
	}
}

// No two requests of a run have the same id: not of two users, of two lives of one, or of the try-out.
func TestTracesAreUnique(t *testing.T) {
	p := newPlan(t, traced(t, "100%"), plan.Options{Seed: 7})
	seen := map[trace.ID]string{}
	note := func(name string, u plan.User) {
		tracer := u.Tracer()
		for n := range 200 {
			from := &tracer
			if n%5 > 2 { // of a parallel block
				other := tracer.Split()
				from = &other
			}
			c := from.Next()
			if by, twice := seen[c.Trace]; twice || !c.Sampled() {
				t.Fatalf("request %d of %s has the id of %s", n, name, by)
			}
			seen[c.Trace] = name
		}
	}
	for i := range p.Users {
		u := p.User(i)
		note(fmt.Sprintf("user %d", i), u)
		note(fmt.Sprintf("user %d after another", i), u.After(u.Group, 3))
		note(fmt.Sprintf("user %d after two others", i), u.After(u.Group, 3).After(u.Group, 3))
	}
	trial, ok := p.Sample(0)
	if !ok {
		t.Fatal("nobody tries")
	}
	note("the try-out", trial)
}

// The try-out samples every request, whatever the share of the run.
func TestTheTryOutIsSampled(t *testing.T) {
	trial, _ := newPlan(t, traced(t, "0.001%"), plan.Options{Seed: 7}).Sample(0)
	tracer := trial.Tracer()
	for n := range 100 {
		if !tracer.Next().Sampled() {
			t.Fatalf("request %d of the try-out is not sampled", n)
		}
	}
}

// How many are sampled is as many as chance gives: among the first requests of many users, and among many of one.
func TestShareOfTraces(t *testing.T) {
	for _, row := range []struct {
		text  string
		share float64
	}{{"1%", 0.01}, {"10%", 0.1}, {"99%", 0.99}, {"100%", 1}} {
		p := newPlan(t, traced(t, row.text), plan.Options{Seed: 11, Users: 20_000})
		const requests = 20_000
		firsts, all := 0, 0
		one := p.User(3).Tracer()
		for i := range requests {
			tracer := p.User(i).Tracer()
			if tracer.Next().Sampled() {
				firsts++
			}
			if one.Next().Sampled() {
				all++
			}
		}
		for name, got := range map[string]int{"of the first requests": firsts, "of one user's": all} {
			mean, spread := requests*row.share, math.Sqrt(requests*row.share*(1-row.share))
			if math.Abs(float64(got)-mean) > 4*spread {
				t.Errorf("%s: %d %s are sampled, want %.0f ± %.0f", row.text, got, name, mean, 4*spread)
			}
		}
	}
}
