package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/plan"
)

const twoLoads = `version: 1
target: {url: "http://localhost:8000"}
profiles:
  weekly:
    loads:
      - {name: browse, users: 20, spawn_rate: 20/s, duration: 4m, warm_up: 30s, groups: [reader]}
      - {name: spike, rate: 10/s, start: 1m, duration: 2m, warm_up: 10s, groups: {buyer: 3, reader: 1}}
  plain: {users: 20, spawn_rate: 20/s, duration: 4m}
users:
  reader: {wait: 1s, steps: [GET /items]}
  buyer: {wait: 1s, steps: [POST /orders, GET /items]}
  admin: {wait: 1s, steps: [GET /admin]}
thresholds:
  all: {endpoints: "*", p95: 1s}
  spike: {endpoints: GET /items, loads: [spike], p95: 2s}
  admin: {endpoints: GET /admin, p95: 1s}
`

// A profile with loads is one plan for each, with its own groups, times, rows and rules.
func TestLoads(t *testing.T) {
	p := newPlan(t, decode(t, twoLoads), plan.Options{Profile: "weekly"})
	if len(p.Loads) != 2 || p.Duration != 4*time.Minute || p.WarmUp != 30*time.Second {
		t.Fatalf("%d loads, %s with %s of warm-up", len(p.Loads), p.Duration, p.WarmUp)
	}
	browse, spike := p.Loads[0], p.Loads[1]
	if spike.Start != time.Minute || spike.WarmUp != 70*time.Second || spike.Duration != 3*time.Minute {
		t.Errorf("spike from %s, measured from %s to %s", spike.Start, spike.WarmUp, spike.Duration)
	}
	if got := spike.Due(0, time.Minute); got != 0 {
		t.Errorf("spike has %g arrivals before its start", got)
	}
	if got := spike.Due(spike.WarmUp, spike.Duration); got != 1100 {
		t.Errorf("spike has %g arrivals in its measured time, want 1100", got)
	}
	rows := func(p *plan.Plan) string {
		var names []string
		for _, e := range p.Endpoints {
			names = append(names, e.Label(e.Name))
		}
		return strings.Join(names, ", ")
	}
	if got := rows(p); got != "GET /items (browse), GET /items (spike), POST /orders (spike)" {
		t.Errorf("rows %s", got)
	}
	rules := func(p *plan.Plan) string {
		var names []string
		for _, r := range p.Config.Rules {
			names = append(names, r.Name)
		}
		return strings.Join(names, ", ")
	}
	if got := rules(browse); got != "all" {
		t.Errorf("rules of browse: %s", got)
	}
	if got := rules(spike); got != "all, spike" {
		t.Errorf("rules of spike: %s", got)
	}
	if got := p.Result("", time.Time{}).Planned.LeftOut; len(got) != 1 || got[0] != "admin" {
		t.Errorf("left out: %q", got)
	}
	seen := map[int]bool{}
	for u := range browse.Mine() {
		seen[u.Index] = true
	}
	if u := spike.Visitor(0, &spike.Groups[0]); seen[u.Index] || u.Seq() < 20 {
		t.Errorf("users of two loads share the number %d", u.Index)
	}
	var forecasts []string
	for _, f := range p.Forecast() {
		forecasts = append(forecasts, f.Load+" "+f.Rule)
	}
	if got := strings.Join(forecasts, ", "); got != "browse all, spike all, spike spike" {
		t.Errorf("forecasts %s", got)
	}
}

// Options choose loads as they choose groups. One alone begins at once, and takes the options of any load.
func TestChosenLoads(t *testing.T) {
	s := decode(t, twoLoads)
	spike := newPlan(t, s, plan.Options{Profile: "weekly", Only: []string{"spike"}, Rate: 20, Duration: time.Minute})
	if spike.Loads != nil || spike.Load != "spike" || spike.Start != 0 || spike.Rate != 20 ||
		spike.Duration != time.Minute || spike.Endpoints[0].Place.Load != "" {
		t.Errorf("spike alone: %d loads, load %q from %s, %g/s for %s", len(spike.Loads), spike.Load, spike.Start,
			spike.Rate, spike.Duration)
	}
	higher, err := spike.At(30, time.Second, 40*time.Second, 1)
	if err != nil || higher.Load != "spike" || higher.Rate != 30 {
		t.Errorf("at another level: %v", err)
	}
	readers := newPlan(t, s, plan.Options{Profile: "weekly", Skip: []string{"buyer"}})
	if len(readers.Loads) != 2 || len(readers.Loads[1].Groups) != 1 {
		t.Errorf("without buyers: %d loads", len(readers.Loads))
	}
	if again := newPlan(t, s, readers.Options()); again.Digest != readers.Digest {
		t.Error("its options make another plan")
	}
	if buyers := newPlan(t, s, plan.Options{Profile: "weekly", Only: []string{"buyer"}}); buyers.Load != "spike" {
		t.Errorf("buyers alone are load %q, want spike", buyers.Load)
	}
	digests := map[string]bool{spike.Digest: true, readers.Digest: true}
	both := newPlan(t, s, plan.Options{Profile: "weekly"})
	if digests[both.Digest] || digests[newPlan(t, s, plan.Options{Profile: "plain"}).Digest] {
		t.Error("two loads have one digest")
	}
	for _, bad := range []struct {
		name string
		o    plan.Options
		want string
	}{
		{"users of several", plan.Options{Profile: "weekly", Users: 3}, "it has several loads"},
		{"no load left", plan.Options{Profile: "weekly", Skip: []string{"browse", "spike"}},
			"no load is left; it has browse, spike"},
		{"an unknown one", plan.Options{Profile: "weekly", Only: []string{"spkie"}},
			"there is no load or group spkie; did you mean spike?"},
		{"too many shards", plan.Options{Profile: "weekly", Shard: plan.Shard{K: 1, N: 50000}}, "at most"},
	} {
		if _, err := plan.New(s, bad.o); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: %v, want %q", bad.name, err, bad.want)
		}
	}
	if _, err := both.At(30, time.Second, 40*time.Second, 1); err == nil {
		t.Error("two loads have a level")
	}
	if _, err := both.Slice(20*time.Second, 5*time.Second, 1); err == nil {
		t.Error("two loads have a slice")
	}
}

// Where a rule is about some users, each group has rows of its own, and the forecast pools them as the judge does.
func TestRowsOfUsers(t *testing.T) {
	const file = `version: 1
target: {url: "http://localhost:8000"}
default_profile: p
profiles:
  p: {users: 20, spawn_rate: 20/s, duration: 2m, warm_up: 0s}
  other: {users: 20, spawn_rate: 20/s, duration: 2m, warm_up: 0s}
users:
  a: {wait: 1s, steps: [GET /x, {transaction: t, steps: [GET /y]}]}
  b: {wait: 1s, steps: [GET /x]}
thresholds:
  all: {endpoints: GET /x, p95: 1s}
  some: {endpoints: GET /x, users: b, profiles: p, time_to_first_byte_p95: 1s}
`
	s := decode(t, file)
	p := newPlan(t, s, plan.Options{})
	var names []string
	for _, e := range slices.Concat(p.Endpoints, p.Transactions) {
		names = append(names, e.Label(e.Name))
	}
	if got := strings.Join(names, ", "); got != "GET /x (a), GET /y (a), GET /x (b), t (a)" {
		t.Errorf("rows %s", got)
	}
	var all float64
	for _, e := range p.Endpoints {
		if e.Name == "GET /x" {
			all += e.Expected
		}
	}
	f := p.Forecast()
	if len(f) != 2 || f[0].Expected != all || f[1].Expected != p.Endpoints[2].Expected || f[1].Users != "b" {
		t.Errorf("forecasts %+v", f)
	}
	if rows := p.FirstBytes(); len(rows) != 1 || rows[0] != 2 {
		t.Errorf("first bytes are kept of rows %v", rows)
	}
	if other := newPlan(t, s, plan.Options{Profile: "other"}); len(other.Endpoints) != 2 {
		t.Errorf("%d rows in a profile without such a rule", len(other.Endpoints))
	}
}
