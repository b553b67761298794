package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/plan"
)

const threeGroups = `version: 1
target: {url: "http://localhost:8000"}
default_profile: all
profiles:
  all: {users: 12, spawn_rate: 12/s, duration: 2m}
  two: {users: 12, spawn_rate: 12/s, duration: 2m, groups: {a: 1, b: 3}}
  open: {rate: 50/s, duration: 2m, groups: [b, c]}
users:
  a: {weight: 2, wait: 1s, steps: [GET /a, GET /]}
  b: {wait: 1s, steps: [GET /b, GET /]}
  c: {wait: 1s, steps: [GET /c]}
thresholds: {all: {endpoints: "*", p95: 1s}, c: {endpoints: GET /c, p95: 1s}}
`

// The groups of a load are those of its profile, with its weights, of which only and skip keep some.
func TestGroupsOfALoad(t *testing.T) {
	s := decode(t, threeGroups)
	type load struct {
		Users     map[string]int
		Endpoints string
		LeftOut   []string
		Rules     int
	}
	digests := map[string]string{}
	for _, row := range []struct {
		name string
		o    plan.Options
		want load
	}{
		{"all", plan.Options{}, load{map[string]int{"a": 6, "b": 3, "c": 3}, "GET /a, GET /, GET /b, GET /c", nil, 2}},
		{"the profile's", plan.Options{Profile: "two"},
			load{map[string]int{"a": 3, "b": 9}, "GET /a, GET /, GET /b", []string{"c"}, 1}},
		{"only one", plan.Options{Only: []string{"b"}},
			load{map[string]int{"b": 12}, "GET /b, GET /", []string{"a", "c"}, 1}},
		{"only two", plan.Options{Only: []string{"c", "b"}},
			load{map[string]int{"b": 6, "c": 6}, "GET /b, GET /, GET /c", []string{"a"}, 2}},
		{"without one", plan.Options{Skip: []string{"b"}},
			load{map[string]int{"a": 8, "c": 4}, "GET /a, GET /, GET /c", []string{"b"}, 2}},
		{"of the profile's without one", plan.Options{Profile: "two", Skip: []string{"a"}},
			load{map[string]int{"b": 12}, "GET /b, GET /", []string{"a", "c"}, 1}},
		{"arrivals", plan.Options{Profile: "open"},
			load{map[string]int{"b": 0, "c": 0}, "GET /b, GET /, GET /c", []string{"a"}, 2}},
	} {
		p := newPlan(t, s, row.o)
		got := load{map[string]int{}, "", p.Result("", time.Time{}).Planned.LeftOut, len(p.Config.Rules)}
		for _, g := range p.Groups {
			got.Users[g.Name] = g.Users
		}
		var names []string
		for _, e := range p.Endpoints {
			names = append(names, e.Name)
		}
		got.Endpoints = strings.Join(names, ", ")
		if d := cmp.Diff(row.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, d)
		}
		if other, twice := digests[p.Digest]; twice {
			t.Errorf("%s has the digest of %s", row.name, other)
		}
		digests[p.Digest] = row.name
		o := row.o
		o.Shard, o.Seed = plan.Shard{K: 1, N: 2}, 3
		if part := newPlan(t, s, o); part.Digest != p.Digest {
			t.Errorf("%s: a shard has another digest", row.name)
		}
		if again := newPlan(t, p.Config, p.Options()); again.Digest != p.Digest {
			t.Errorf("%s: the plan made of its own file has another digest", row.name)
		}
	}
}

func TestGroupsThatNoLoadHas(t *testing.T) {
	s := decode(t, threeGroups)
	for _, row := range []struct {
		o    plan.Options
		want string
	}{
		{plan.Options{Only: []string{"d"}}, "profile all: there is no group d; the file has: a, b, c"},
		{plan.Options{Skip: []string{"aa"}}, "profile all: there is no group aa; "},
		{plan.Options{Profile: "two", Only: []string{"c"}},
			"profile two: no group is left, so there is no load; the profile has a, b"},
		{plan.Options{Skip: []string{"a", "b", "c"}},
			"profile all: no group is left, so there is no load; the profile has a, b, c"},
	} {
		if p, err := plan.New(s, row.o); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("New(%+v) = %v, %v, want %s", row.o, p, err, row.want)
		}
	}
}
