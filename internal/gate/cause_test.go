package gate_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// busy is a run of two endpoints that answer ten times a second each; of says
// how long.
func busy(seconds int, of func(second, i int) time.Duration) *run {
	r := newRun(seconds)
	r.users(10)
	for second := range seconds {
		for i := range 10 {
			r.ok("GET /a", second, of(second, i))
			r.ok("POST /b", second, of(second, i)+time.Millisecond)
		}
	}
	return r
}

func ordinary(second, i int) time.Duration {
	return 20*time.Millisecond + time.Duration((second*7+i*3)%11)*time.Millisecond
}

// causesOf are the titles and evidence of what Judge finds.
func causesOf(t *testing.T, r *run, rules ...config.Rule) []string {
	t.Helper()
	var told []string
	for _, c := range gate.Judge(evidence.Input{Result: r.result(t), Config: &config.Config{Rules: rules}}).Causes {
		if wording.CauseTitle(c) == "" || wording.CauseNext(c) == "" ||
			!strings.ContainsAny(wording.CauseEvidence(c), "0123456789") {
			t.Errorf("a cause without a title, a next step or a figure: %+v", c)
		}
		told = append(told, wording.CauseTitle(c)+": "+wording.CauseEvidence(c))
	}
	return told
}

// Each cause is found by what was measured, and by nothing less.
func TestCauses(t *testing.T) {
	strict := config.Rule{Name: "fast", Patterns: []string{"*"},
		Limits: []config.Limit{{Metric: metric.P95, HasFail: true, Fail: float64(time.Millisecond)}}}
	gauge := func(name string, kind metric.Kind, of func(i int) result.GaugeReading) result.Resource {
		g := result.Resource{Name: name, From: "metrics", Read: name,
			Kind: kind, Unit: unit.Ratio, Every: 5 * time.Second}
		for i := range 24 {
			reading := of(i)
			reading.At = time.Duration(i) * 5 * time.Second
			g.Readings = append(g.Readings, reading)
		}
		return g
	}
	for _, tt := range []struct {
		name string
		run  func() *run
		slow bool
		want string // "": nothing
	}{
		{name: "sound", run: func() *run { return busy(120, ordinary) }},
		{name: "slow, and nothing is known", slow: true, run: func() *run { return busy(120, ordinary) }},
		{name: "stalls", want: "stalls every 5s of 490ms: all endpoints waited together every 5s (23 times), for " +
			"about 490ms, the first time at 12:00:05", run: func() *run {
			return busy(120, func(second, i int) time.Duration {
				if second%5 == 0 && second > 0 && i > 4 {
					return ordinary(second, i) + time.Duration(i)*55*time.Millisecond
				}
				return ordinary(second, i)
			})
		}},
		{name: "one endpoint stalls alone", run: func() *run {
			r := busy(120, ordinary)
			for second := 0; second < 120; second += 5 {
				r.ok("GET /a", second, time.Second)
			}
			return r
		}},
		{name: "always slow is no stall", run: func() *run {
			return busy(120,
				func(second, i int) time.Duration { return ordinary(second, i) * time.Duration(1+9*(i%2)) })
		}},
		{name: "rate limiter", want: "a rate limiter: 600 of 3,000 requests (20%) were answered 429, the first at " +
			"12:00:00, most at GET /a; 20/s got through", run: func() *run {
			r := busy(120, ordinary)
			for second := range 120 {
				r.fail("GET /a", second, 5, metric.Status, 429)
			}
			return r
		}},
		{name: "a few 429", run: func() *run {
			r := busy(120, ordinary)
			r.fail("GET /a", 7, 5, metric.Status, 429)
			return r
		}},
		{name: "wrong path", want: "the scenario does not fit the service: 1,200 of 3,600 requests were rejected",
			run: func() *run {
				r := busy(120, ordinary)
				for second := range 120 {
					r.fail("GET /c", second, 10, metric.Status, 404)
				}
				return r
			}},
		{name: "N+1 by the answers", want: "N+1 queries at GET /a: its answers report 51 queries a request, " +
			"which take 10ms, and 61,200 in all", run: func() *run {
			r := busy(120, ordinary)
			r.endpoint("GET /a").Server = []result.ServerTime{
				{Name: "db", Requests: 1200, Time: 12 * time.Second, Calls: 61200}}
			return r
		}},
		{name: "N+1 by the database", want: "N+1 queries at GET /a: one request of the try-out made 21 calls of: " +
			"SELECT * FROM b WHERE id = $1; in the run it was called 25,200 times, for 3.5s in all", run: func() *run {
			r := busy(120, ordinary)
			r.Tried = []result.Tried{{Endpoint: "GET /a", Query: "SELECT *\n FROM b WHERE id = $1", Calls: 21},
				{Endpoint: "POST /b", Query: "INSERT", Calls: 2}}
			r.Statements = []result.Statement{{Query: "SELECT *\n FROM b WHERE id = $1",
				Calls: 25200, Time: 3500 * time.Millisecond}}
			return r
		}},
		{name: "the database by the answers", slow: true, want: "the time goes into the database: by " +
			"Server-Timing at least half of the time of 1 endpoint is spent there: 20ms of 25ms at GET /a",
			run: func() *run {
				r := busy(120, ordinary)
				r.endpoint("GET /a").Server = []result.ServerTime{{Name: "db", Requests: 1200, Time: 24 * time.Second}}
				return r
			}},
		{name: "the database, and nobody asks", run: func() *run {
			r := busy(120, ordinary)
			r.endpoint("GET /a").Server = []result.ServerTime{{Name: "db", Requests: 1200, Time: 24 * time.Second}}
			return r
		}},
		{name: "pool", want: "connection pool: exhausted: 23 of 24 readings are at 95% or more", run: func() *run {
			r := busy(120, ordinary)
			r.Resources = []result.Resource{gauge("connection pool", metric.Level,
				func(i int) result.GaugeReading { return result.GaugeReading{Value: new(min(1, 0.9+0.1*float64(i)))} })}
			return r
		}},
		{name: "cold cache", want: "cache hits: cold at first: 60% of look-ups found their key in the first third of " +
			"the measured time, 95% in the last", run: func() *run {
			r := busy(120, ordinary)
			r.Resources = []result.Resource{gauge("cache hits", metric.Ratio, func(i int) result.GaugeReading {
				grew := map[bool]float64{true: 60, false: 95}[i < 8]
				return result.GaugeReading{Value: new(grew / 100), Grew: grew, Of: 100}
			})}
			return r
		}},
		{name: "a late generator", slow: true, want: "the generator may be the reason: the generator was late: 1 " +
			"request in 100 was sent more than 30ms after its time", run: func() *run {
			r := busy(120, ordinary)
			r.lag(30 * time.Millisecond)
			return r
		}},
		{name: "a late generator, and nothing is slow", run: func() *run {
			r := busy(120, ordinary)
			r.lag(30 * time.Millisecond)
			return r
		}},
		{name: "useless cache", slow: true, want: "cache hits: of little use: 30% of 2,400 look-ups found their key",
			run: func() *run {
				r := busy(120, ordinary)
				r.Resources = []result.Resource{gauge("cache hits", metric.Ratio,
					func(int) result.GaugeReading { return result.GaugeReading{Value: new(0.3), Grew: 30, Of: 100} })}
				return r
			}},
		{name: "a cache of little use, and nothing is slow", run: func() *run {
			r := busy(120, ordinary)
			r.Resources = []result.Resource{gauge("cache hits", metric.Ratio,
				func(int) result.GaugeReading { return result.GaugeReading{Value: new(0.3), Grew: 30, Of: 100} })}
			return r
		}},
		{name: "saturation", want: "the service is saturated at 40 users: from 20 users to 40 users the throughput " +
			"went from 20/s to 21/s, and the median from 50ms to 400ms: requests queue", run: func() *run {
			r := newRun(120)
			r.users(40)
			r.stage(20, 0, 60)
			r.stage(40, 60, 120)
			for s := range 120 {
				if s < 60 {
					r.answers("GET /a", s, 20, fastAnswer)
				} else {
					r.answers("GET /a", s, 21, slowAnswer)
				}
			}
			return r
		}},
		{name: "more load, more throughput", run: func() *run {
			r := newRun(120)
			r.users(40)
			r.stage(20, 0, 60)
			r.stage(40, 60, 120)
			for s := range 120 {
				r.answers("GET /a", s, 20+20*(s/60), fastAnswer)
			}
			return r
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var rules []config.Rule
			if tt.slow {
				rules = append(rules, strict)
			}
			told := causesOf(t, tt.run(), rules...)
			switch {
			case tt.want == "" && len(told) > 0:
				t.Errorf("Judge() finds %q, want nothing", told)
			case tt.want != "" && (len(told) != 1 || !strings.Contains(told[0], tt.want)):
				t.Errorf("Judge() finds %q, want %q", told, tt.want)
			}
		})
	}
}

// Independent lognormal latencies, whatever their tails, are no stalls.
func TestChanceIsNoStall(t *testing.T) {
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 3))
		r := busy(60, func(int, int) time.Duration {
			d := 20 * time.Millisecond
			for random.Float64() < 0.15 { // heavy tails
				d *= 3
			}
			return d
		})
		for _, told := range causesOf(t, r) {
			if strings.HasPrefix(told, "stalls") {
				t.Errorf("seed %d: %s", seed, told)
			}
		}
	}
}
