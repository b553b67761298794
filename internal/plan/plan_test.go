package plan_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

const (
	visit    = "  g: {wait: 1s, steps: [GET /]}"
	preamble = `
version: 1
target: {url: http://localhost:8000}
users: {g: {wait: 1s, steps: [GET /]}}
thresholds: {all: {endpoints: "*", p95: 1s}}
`
)

// statistics.md, section 1: min(max(30 s, ramp + 10 s), a quarter of the run).
func TestWarmUp(t *testing.T) {
	for _, row := range []struct {
		name    string
		profile string
		want    time.Duration
	}{
		{"half a minute", "users: 100, spawn_rate: 10/s, duration: 5m", 30 * time.Second},
		{"a ramp of 20 s", "users: 200, spawn_rate: 10/s, duration: 10m", 30 * time.Second},
		{"a ramp of 25 s", "users: 500, spawn_rate: 20/s, duration: 15m", 35 * time.Second},
		{"a quarter of a short run", "users: 60, spawn_rate: 60/s, duration: 60s", 15 * time.Second},
		{"a quarter of a run with a long ramp", "users: 100, spawn_rate: 1/s, duration: 2m", 30 * time.Second},
		{"a quarter, in whole seconds", "users: 1, spawn_rate: 1/s, duration: 10s", 3 * time.Second},
		{"none of a second", "users: 1, spawn_rate: 1/s, duration: 1s", 0},
		{"as written", "users: 100, spawn_rate: 10/s, duration: 5m, warm_up: 12s", 12 * time.Second},
		{"none, as written", "users: 100, spawn_rate: 10/s, duration: 5m, warm_up: 0s", 0},
		{"above a quarter, as written", "users: 100, spawn_rate: 10/s, duration: 5m, warm_up: 200s", 200 * time.Second},
	} {
		p := newPlan(t, decode(t, preamble+"profiles: {one: {"+row.profile+"}}"), plan.Options{})
		if p.WarmUp != row.want || p.Measured() != p.Duration-row.want {
			t.Errorf("%s: WarmUp, Measured = %v, %v, want %v, %v",
				row.name, p.WarmUp, p.Measured(), row.want, p.Duration-row.want)
		}
	}
}

func TestOptionsTakeThePlaceOfTheProfile(t *testing.T) {
	s := decode(t, preamble+"profiles: {a: {users: 10, spawn_rate: 5/s, duration: 2m}, b: {users: 7, spawn_rate: "+
		"1/s, duration: 1m, try: false}}\ndefault_profile: a")
	type load struct {
		Profile        string
		Users          int
		SpawnRate      float64
		Ramp, Duration time.Duration
		Try            bool
	}
	for _, row := range []struct {
		name string
		o    plan.Options
		want load
	}{
		{"the default", plan.Options{}, load{"a", 10, 5, 2 * time.Second, 2 * time.Minute, true}},
		{"by name", plan.Options{Profile: "b"}, load{"b", 7, 1, 7 * time.Second, time.Minute, false}},
		{"users", plan.Options{Users: 20}, load{"a", 20, 5, 4 * time.Second, 2 * time.Minute, true}},
		{"all", plan.Options{Profile: "b", Users: 3, SpawnRate: .5, Duration: time.Hour},
			load{"b", 3, .5, 6 * time.Second, time.Hour, false}},
	} {
		p := newPlan(t, s, row.o)
		got := load{p.Profile, p.Users, p.SpawnRate, p.Ramp, p.Duration, p.Try}
		if d := cmp.Diff(row.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, d)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	several := decode(t, preamble+"profiles: {light: {users: 1, spawn_rate: 1/s, duration: 2m}, heavy: {users: 9, "+
		"spawn_rate: 1/s, duration: 2m, warm_up: 40s}}")
	for _, row := range []struct {
		name string
		o    plan.Options
		want string
	}{
		{"no choice", plan.Options{},
			"several profiles and no default_profile; choose one with --profile: light, heavy"},
		{"no such profile", plan.Options{Profile: "hevy"}, `no profile "hevy"; `},
		{"a run shorter than its warm-up", plan.Options{Profile: "heavy", Duration: 40 * time.Second},
			"profile heavy: its warm-up of 40s leaves nothing of 40s; write a longer duration"},
	} {
		p, err := plan.New(several, row.o)
		if err == nil || !strings.HasPrefix(err.Error(), row.want) || p != nil {
			t.Errorf("%s: New = %v, %v, want %s", row.name, p, err, row.want)
		}
	}
}

// A row a user must do for all users.
func TestUniqueRows(t *testing.T) {
	text := `
version: 1
target: {url: http://localhost:8000}
profiles: {one: {users: 3, spawn_rate: 1/s, duration: 2m}}
thresholds: {all: {endpoints: "*", p95: 1s}}
data:
  accounts: {file: accounts.csv}
  cards: {file: cards.csv}
  coupons: {file: cards.csv, pick: random}
users:
  g: {wait: 1s, steps: ['GET /${ accounts.id }/${ cards.id }/${ coupons.id }']}
`
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{Files: fstest.MapFS{
		"accounts.csv": {Data: []byte("id\na\nb\nc\n")},
		"cards.csv":    {Data: []byte("id\n1\n2\n")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		users int
		want  string
	}{
		{2, ""},
		{3, "thresholds.yaml:8:3: data.cards: 2 rows for 3 users; add rows, or write pick: next or pick: random"},
		{4, "thresholds.yaml:7:3: data.accounts: 3 rows for 4 users; add rows, or write pick: next or pick: random\n" +
			"thresholds.yaml:8:3: data.cards: 2 rows for 4 users; add rows, or write pick: next or pick: random"},
	} {
		_, err := plan.New(s, plan.Options{Users: row.users})
		if got := words(err); got != row.want {
			t.Errorf("%d users: New = %q, want %q", row.users, got, row.want)
		}
	}
}

func words(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestDigest(t *testing.T) {
	base := preamble + "profiles: {one: {users: 10, spawn_rate: 5/s, duration: 2m}}"
	change := func(old, new string) *config.Config {
		if !strings.Contains(base, old) {
			t.Fatalf("no %q", old)
		}
		return decode(t, strings.ReplaceAll(base, old, new))
	}
	s := decode(t, base)
	want := newPlan(t, s, plan.Options{}).Digest
	if len(want) != 32 {
		t.Errorf("Digest = %q, want 32 digits", want)
	}
	for _, row := range []struct {
		name string
		s    *config.Config
		o    plan.Options
		same bool
	}{
		{"again", s, plan.Options{}, true},
		{"another seed", s, plan.Options{Seed: 9}, true},
		{"another limit", change("p95: 1s", "p95: 2s"), plan.Options{}, true},
		{"another rule", change("all: {", "every: {"), plan.Options{}, true},
		{"another host", change("localhost:8000", "127.0.0.1:9000"), plan.Options{}, true},
		{"the profile's own values", s,
			plan.Options{Profile: "one", Users: 10, SpawnRate: 5, Duration: 2 * time.Minute}, true},
		{"more users", s, plan.Options{Users: 11}, false},
		{"a faster ramp", s, plan.Options{SpawnRate: 6}, false},
		{"a longer run", s, plan.Options{Duration: 3 * time.Minute}, false},
		{"another pace", s, plan.Options{Pace: &config.Pace{All: 2}}, false},
		{"another profile", change("one: {users", "two: {users"), plan.Options{}, false},
		{"another warm-up", change("duration: 2m", "duration: 2m, warm_up: 1s"), plan.Options{}, false},
		{"another step", change("GET /", "GET /x"), plan.Options{}, false},
		{"another think time", change("wait: 1s", "wait: 2s"), plan.Options{}, false},
	} {
		got := newPlan(t, row.s, row.o).Digest
		if (got == want) != row.same {
			t.Errorf("%s: Digest = %s, of the first plan %s, want equal: %t", row.name, got, want, row.same)
		}
	}
}

func TestTimeout(t *testing.T) {
	for _, row := range []struct {
		name, users string
		want        time.Duration
	}{
		{"the target's", visit, 10 * time.Second},
		{"a longer step's", "  g: {wait: 1s, steps: [{request: GET /, timeout: 40s}, GET /x]}", 40 * time.Second},
		{"a longer start step's", "  g: {wait: 1s, start: [{request: POST /login, timeout: 30s}], steps: [GET /x]}",
			30 * time.Second},
		{"shorter ones do not count", "  g: {wait: 1s, steps: [{request: GET /, timeout: 1s}]}", 10 * time.Second},
	} {
		if got := newPlan(t, file(t, row.users), plan.Options{}).Timeout(); got != row.want {
			t.Errorf("%s: Timeout = %v, want %v", row.name, got, row.want)
		}
	}
}

func TestResult(t *testing.T) {
	s := decode(t, `
version: 1
name: shop
target: {url: 'http://localhost:8000/', timeout: 3s}
profiles: {one: {users: 4, spawn_rate: 2/s, duration: 100s, pace: 2}}
thresholds: {all: {endpoints: "*", p95: 1s}}
users:
  thinks: {wait: 1s..3s, start: [POST /login], steps: [{request: GET /a, times: 2}, GET /c, GET /a]}
  rushes: {wait: 0s, steps: [GET /b]}
`)
	p := newPlan(t, s, plan.Options{Seed: 12})
	started := time.Date(2026, 3, 1, 10, 30, 0, 123456789, time.FixedZone("CET", 3600))
	got := p.Result("loadgate 1.2", started)
	if err := got.Check(); err != nil {
		t.Errorf("Check = %v", err)
	}
	want := &result.Result{
		Schema: result.Schema, Tool: "loadgate 1.2", Name: "shop", Profile: "one", Target: "http://localhost:8000",
		Digest: p.Digest, Seed: 12, Started: time.Date(2026, 3, 1, 9, 30, 0, 123000000, time.UTC),
		Planned: result.Planned{Users: 4, Ramp: 2 * time.Second, WarmUp: 25 * time.Second,
			Duration: 100 * time.Second, Timeout: 3 * time.Second, Groups: []result.Group{
				{Name: "thinks", Users: 2, ThinkMin: time.Second, ThinkMax: 3 * time.Second, Pace: 2, Expected: 150,
					Parts: []result.Part{{Endpoint: "GET /a", Share: 0.75}, {Endpoint: "GET /c", Share: 0.25}}},
				{Name: "rushes", Users: 2, Pace: 2, Parts: []result.Part{{Endpoint: "GET /b", Share: 1}}},
			}},
		Slot: time.Second, Shards: []result.Shard{{K: 1, N: 1}},
		Endpoints: []result.Endpoint{
			{Name: "POST /login", Place: metric.Place{Once: metric.Once{Start: true}}, Expected: 2},
			{Name: "GET /a", Expected: 112.5}, // two users, a request a second, 75 s, three of four here
			{Name: "GET /c", Expected: 37.5},
			{Name: "GET /b"}, // nobody knows
		},
	}
	apart := cmp.Options{cmpopts.IgnoreFields(result.Result{}, "Load"), cmpopts.IgnoreFields(result.Endpoint{},
		"Request")} // TestParts
	if d := cmp.Diff(want, got, apart); d != "" {
		t.Errorf("Result (-want +got):\n%s", d)
	}
}
