package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// scraped is a run of 40 arrivals a second at two endpoints, 96 s long, whose service
// stands still for 1.9 s every 8 s from a second on, and in further seconds, while a
// page is asked every 8 s from another second on, for gauges of two intervals that
// share its answers.
func scraped(t *testing.T, stillFrom, askedFrom int, also func(second int) bool) verdict.Verdict {
	t.Helper()
	r := newRun(96)
	r.users(20)
	r.Planned.Rate, r.Planned.MaxUsers, r.Planned.Users = 40, 20, 0
	ask := func(second, n int, took time.Duration) {
		for i := range n {
			name := []string{"GET /a", "POST /b"}[i%2]
			r.ok(name, second, took*time.Duration(2*n-i)/time.Duration(2*n)+ordinary(second, i))
		}
	}
	for second := range 96 {
		switch at := (second - stillFrom + 96) % 8; {
		case also(second):
		case also(second - 1):
			ask(second, 440, 11*time.Second)
		case at == 0: // who comes now is answered a second later
		case at == 1:
			ask(second, 80, 1900*time.Millisecond)
		default:
			ask(second, 40, 0)
		}
	}
	for name, every := range map[string]time.Duration{"cpu": 2 * time.Second, "hits": 5 * time.Second} {
		page := result.Resource{Name: name, From: "metrics", Place: "/metrics",
			Read: "used", Unit: unit.Ratio, Every: every}
		for second := askedFrom; second < 96; second += 8 {
			took := 1900 * time.Millisecond
			if also(second) {
				took = 11 * time.Second
			}
			page.Readings = append(page.Readings,
				result.GaugeReading{At: time.Duration(second) * time.Second, Took: took,
					Value: new(.9)})
		}
		r.Resources = append(r.Resources, page)
	}
	// Asked at the same seconds, and quick.
	quick := result.Resource{Name: "queue", From: "redis", Place: "redis://r", Read: "used", Unit: unit.Ratio,
		Every: 2 * time.Second, Readings: readings(48, 2*time.Second, constant(.1))}
	r.Resources = append(r.Resources, quick)
	limits := file(limit(t, "p95", ms(300)))
	limits.Resources = []config.Resource{{Name: "cpu", Max: .8, HasMax: true, Unit: unit.Ratio,
		Probe: config.Probe{From: "metrics", Kind: metric.Level}}}
	return judge(t, r, limits)
}

func never(int) bool { return false }

// A page of several gauges is one look, whatever their intervals are. What its
// looks alone break is not decided, with the probe as the first cause and the way
// out; a quick probe that is read in the same seconds is not accused.
func TestOwnProbeOfSeveralGauges(t *testing.T) {
	v := scraped(t, 4, 4, never)
	if v.Outcome() != verdict.Inconclusive {
		t.Errorf("the outcome is %s", v.Outcome())
	}
	if len(v.Causes) == 0 || wording.CauseTitle(v.Causes[0]) != "loadgate's own probe blocks the service" {
		t.Fatalf("causes = %+v, want the probe first", v.Causes)
	}
	said(t, "Evidence", wording.CauseEvidence(v.Causes[0]),
		"reading /metrics takes 1.9s every 8s, for cpu, hits; ")
	said(t, "Next", wording.Next(v.Next), "write a longer every for the probe")
	for _, c := range v.Checks {
		switch {
		case c.Resource:
			said(t, c.Rule, c.Outcome.String()+" "+wording.Reason(c),
				"INCONCLUSIVE 12 of 12 readings are above the limit, the worst 90% at 12:00:04; but reading it "+
					"blocks the service")
		case c.Rule != "":
			said(t, c.Subject, wording.Reason(c), "but not without the seconds in which a probe of loadgate was read")
		case c.Subject == "probes":
			said(t, "probes", wording.Reason(c), "in which cpu, hits is read")
		case strings.HasPrefix(c.Subject, "probe "):
			said(t, "probe", c.Subject+" "+wording.Reason(c),
				"probe cpu, hits one reading takes 1.9s every 8s, where the file asks for 2s, and adds load")
		}
	}
}

// The same stalls between the looks are the service's own, and so is a freeze that
// is longer than a look, though the look that falls into it waits for its end.
func TestOwnProbeIsNotToBlame(t *testing.T) {
	for name, v := range map[string]verdict.Verdict{
		"stalls between the looks": scraped(t, 0, 4, never),
		"a freeze beside":          scraped(t, 4, 4, func(s int) bool { return s >= 60 && s < 71 }),
	} {
		if v.Outcome() != verdict.Fail {
			t.Errorf("%s: the outcome is %s", name, v.Outcome())
		}
	}
}
