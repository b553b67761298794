package report_test

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// fixtureResult is a run of two minutes with 30 s of warm-up: fast, slow, rare
// and failing endpoints, a start step, and answers of a hostile target.
func fixtureResult() *result.Result {
	r := &result.Result{
		Schema: result.Schema, Tool: "loadgate 0.1.0", Name: "tutormax", Profile: "weekly",
		Target: "http://localhost:8000", Digest: "sha256:4be1", Seed: 42,
		Started: time.Date(2026, 11, 22, 0, 0, 12, 0, time.UTC),
		Planned: result.Planned{Users: 100, Ramp: 10 * time.Second,
			WarmUp: 30 * time.Second, Duration: 2 * time.Minute, Timeout: 10 * time.Second, Groups: []result.Group{
				{Name: "dashboard", Users: 60, ThinkMin: 5 * time.Second,
					ThinkMax: 15 * time.Second, Pace: 20, Expected: 2430, Parts: []result.Part{
						{Endpoint: "GET /api/dashboard/metrics", Share: 0.333},
						{Endpoint: "GET /api/performance/analytics", Share: 0.333},
						{Endpoint: "GET /api/alerts?status=active", Share: 0.334},
					}},
				{Name: "<b>tutors</b>\x1b[2J", Users: 40, ThinkMin: 30 * time.Second,
					ThinkMax: 30 * time.Second, Pace: 1, Expected: 774, Parts: []result.Part{
						{Endpoint: "POST /api/sessions", Share: 0.7},
						{Endpoint: "GET /api/tutors/{id}/sessions?limit=50", Share: 0.29},
						{Endpoint: "POST /api/feedback/{token}", Share: 0.01},
					}},
			}},
		End: result.Complete, Elapsed: 2 * time.Minute, Slot: time.Second,
		Shards: []result.Shard{{K: 1, N: 1}},
	}
	for slot := range 120 {
		r.Timeline = append(r.Timeline, result.Moment{Slot: slot, Users: min(100, 10*(slot+1))})
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, e := range []struct {
		name   string
		start  bool
		median time.Duration
		every  int // slots between requests
		count  int // in such a slot
		fails  int // of each such slot past the sixtieth
	}{
		{"POST /api/auth/login", true, 90 * time.Millisecond, 120, 40, 0},
		{"GET /api/dashboard/metrics", false, 70 * time.Millisecond, 1, 9, 0},
		{"GET /api/performance/analytics", false, 400 * time.Millisecond, 1, 9, 1},
		{"GET /api/alerts?status=active", false, 60 * time.Millisecond, 1, 9, 0},
		{"POST /api/sessions", false, 110 * time.Millisecond, 1, 6, 0},
		{"GET /api/tutors/{id}/sessions?limit=50", false, 75 * time.Millisecond, 2, 5, 0},
		{"POST /api/feedback/{token}", false, 50 * time.Millisecond, 10, 1, 0},
	} {
		r.Endpoints = append(r.Endpoints, fixtureEndpoint(random, e.name, e.start, e.median, e.every, e.count, e.fails))
	}
	r.Endpoints[1].Server = []result.ServerTime{{Name: "db", Requests: 1000, Time: 12 * time.Second, Calls: 3000},
		{Name: "render <b>\x1b[2J", Requests: 1000, Time: 3 * time.Second}}
	r.Endpoints[2].Server = []result.ServerTime{{Name: "db", Requests: 1000, Time: 200 * time.Second, Calls: 51000}}
	r.Statements = []result.Statement{{Query: "SELECT <b>*</b>\x1b[2J\n FROM tutors WHERE id = $1",
		Calls: 51000, Time: 200 * time.Second, Rows: 51000}}
	r.Resources = []result.Resource{
		{Name: "host cpu", From: "host", Read: "cpu", Kind: metric.Level, Unit: unit.Ratio, Every: 5 * time.Second},
		{Name: "cache =<b>hits</b>\x1b[2J", From: "redis", Read: "hit_rate",
			Place: "redis://127.0.0.1:6379", Kind: metric.Ratio, Unit: unit.Ratio, Every: 5 * time.Second},
		{Name: "api memory", From: "process", Read: "rss", Kind: metric.Level,
			Unit: unit.Bytes, Every: 5 * time.Second},
		{Name: "db connections", From: "postgres", Read: "connections", Unit: unit.Ratio,
			Every: 5 * time.Second, Skipped: "DATABASE_URL is not set, and the file says that it is optional"},
	}
	for i := range 24 {
		at := time.Duration(i) * 5 * time.Second
		r.Resources[0].Readings = append(r.Resources[0].Readings,
			result.GaugeReading{At: at, Took: 100 * time.Microsecond, Value: new(0.4 + 0.02*float64(i%7))})
		hits := result.GaugeReading{At: at, Took: 2 * time.Millisecond, Value: new(0.9), Grew: 90, Of: 100}
		if i > 15 {
			hits = result.GaugeReading{At: at, Took: time.Millisecond,
				Problem: "=ask <Redis>: connection refused\x1b]0;owned\x07"}
		}
		r.Resources[1].Readings = append(r.Resources[1].Readings, hits)
		r.Resources[2].Readings = append(r.Resources[2].Readings,
			result.GaugeReading{At: at, Took: 8 * time.Millisecond, Value: new(float64(180+i) * (1 << 20))})
	}
	return r
}

func fixtureEndpoint(random *rand.Rand, name string, start bool,
	median time.Duration, every, count, fails int) result.Endpoint {
	place := metric.Place{Once: metric.Once{Start: start}}
	e := result.Endpoint{Name: name, Place: place, Expected: float64(90 / every * count)}
	for slot := 0; slot < 120; slot += every {
		var good, bad hist.Latency
		s := result.Slot{Slot: slot, Requests: int64(count), Received: int64(count) * 1802, Connects: int64(slot & 1)}
		failing := 0
		if slot >= 60 {
			failing = fails
		}
		for i := range count {
			d := time.Duration(float64(median) * math.Exp(0.5*random.NormFloat64())).Round(time.Microsecond)
			if i < failing {
				bad.Record(d / 10)
				continue
			}
			good.Record(d)
		}
		s.Latency, s.FailedLatency = good.Sparse(), bad.Sparse()
		if failing > 0 {
			s.Failed = map[metric.Failure]int64{metric.Status: int64(failing)}
		}
		e.Slots = append(e.Slots, s)
	}
	if fails > 0 {
		e.Failures = []result.Failure{
			{Kind: metric.Status, Status: 503, Detail: "=cmd|' /C calc'!A0\x1b[2J",
				Count: 55, First: 60 * time.Second, Last: 119 * time.Second, Sample: "\x1b]0;owned\x07"},
			{Kind: metric.Timeout, Detail: "no answer within 10s",
				Count: 5, First: 61 * time.Second, Last: 70 * time.Second},
		}
	}
	return e
}

func ms(v float64) verdict.Value {
	return verdict.Measured(unit.Quantity{Value: v * 1e6, Unit: unit.Duration})
}

func ratio(v float64) verdict.Value {
	return verdict.Measured(unit.Quantity{Value: v, Unit: unit.Ratio})
}

func rate(v float64, u unit.Unit) verdict.Value {
	return verdict.Measured(unit.Quantity{Value: v, Unit: u})
}

func at(line int) mistake.Pos {
	return mistake.Pos{File: "thresholds.yaml", Line: line, Column: 5}
}

var (
	tooFew = reason.TooFewRequests.With(reason.Args{"requests": 9, "metric": "p95", "needed": 82})
	more   = []reason.Reason{reason.MoreUsers.Plain()}
)

func mebibytes(n float64) unit.Quantity { return unit.Quantity{Value: n * (1 << 20), Unit: unit.Bytes} }

// broken is a limit that a value breaks.
func broken(side reason.Code, m metric.Metric, value, limit verdict.Value) reason.Reason {
	return reason.LimitBroken.With(reason.Args{"value": side.With(reason.Args{
		"metric": m.Name(), "value": value.Quantity, "limit": limit.Quantity,
	})})
}

// says is a reason with any words, as they come from the file of another tool; none without
// words.
func says(text string) reason.Reason {
	if text == "" {
		return reason.Reason{}
	}
	return reason.ForeignNote.With(reason.Args{"note": text})
}

// advises is advice in any words.
func advises(text string) []reason.Reason {
	return []reason.Reason{reason.ForeignAdvice.With(reason.Args{"advice": text})}
}

// fixtureVerdict has every outcome, shared notes, an undecided health check
// and limits in every unit.
func fixtureVerdict() verdict.Verdict {
	return verdict.Verdict{Checks: []verdict.Check{
		{Subject: "run length", Outcome: verdict.Pass, Shown: true},
		{Subject: "generator", Outcome: verdict.Warn, Got: ms(7.2), Limit: ms(5), Requests: 3890, Shown: true,
			Because: reason.GeneratorLate.With(reason.Args{"lag": 7200 * time.Microsecond})},
		{Subject: "shards", Outcome: verdict.Pass, Shown: true},
		{Rule: "every endpoint", Pos: at(12), Subject: "6 endpoints together", Metric: metric.Success,
			Got: ratio(.9812), Low: ratio(.9741), High: ratio(.9873),
			Limit: ratio(.995), Requests: 3189, Outcome: verdict.Fail, Shown: true,
			Endpoints: []string{"GET /api/dashboard/metrics", "GET /api/performance/analytics"},
			Because:   broken(reason.ValueBelow, metric.Success, ratio(.9812), ratio(.995)),
			Also: []reason.Reason{reason.FailuresMostly.With(reason.Args{
				"share": ratio(.92).Quantity, "label": "503", "why": reason.Status503.Plain(),
			})},
			Remedies: []reason.Reason{reason.Status503.Plain()}},
		{Rule: "every endpoint", Pos: at(13), Subject: "GET /api/dashboard/metrics", Metric: metric.P95, Got: ms(160),
			Low: ms(152), High: ms(170), Limit: ms(1000), Requests: 810,
			Outcome: verdict.Pass, Shown: true, Endpoints: []string{"GET /api/dashboard/metrics"}},
		{Rule: "every endpoint", Pos: at(13), Subject: "GET /api/performance/analytics", Metric: metric.P95,
			Got: ms(912), Low: ms(866), High: ms(974), Limit: ms(500), Requests: 750,
			Outcome: verdict.Warn, Shown: true, Endpoints: []string{"GET /api/performance/analytics"},
			Because: reason.WarningBroken.With(
				broken(reason.ValueAbove, metric.P95, ms(912), ms(500)).Args)},
		{Rule: "every endpoint", Pos: at(13), Subject: "POST /api/feedback/{token}", Metric: metric.P95, Got: ms(96),
			Low: ms(61), Limit: ms(1000), Requests: 9, Needed: 82,
			Expected: 11, Outcome: verdict.Inconclusive, Endpoints: []string{"POST /api/feedback/{token}"},
			Because: tooFew, Remedies: more},
		{Rule: "every endpoint", Pos: at(13), Subject: "POST /api/sessions", Metric: metric.P95, Got: ms(251),
			Low: ms(240), High: ms(266), Limit: ms(1000), Requests: 540,
			Outcome: verdict.Pass, Shown: true, Endpoints: []string{"POST /api/sessions"}},
		{Rule: "dashboard", Pos: at(16), Subject: "GET /api/dashboard/metrics", Metric: metric.P95, Got: ms(160),
			Low: ms(152), High: ms(170), Limit: ms(200), Requests: 810, Outcome: verdict.Pass, Shown: true},
		{Rule: "dashboard", Pos: at(16), Subject: "GET /api/alerts?status=active", Metric: metric.P95, Got: ms(141),
			Low: ms(133), High: ms(150), Limit: ms(200), Requests: 810, Outcome: verdict.Pass, Shown: true},
		{Rule: "session creation", Pos: at(19), Subject: "POST /api/sessions", Metric: metric.P95, Got: ms(251),
			Low: ms(240), High: ms(266), Limit: ms(300), Requests: 540, Outcome: verdict.Pass, Shown: true},
		{Rule: "sessions a day", Pos: at(22), Subject: "POST /api/sessions", Metric: metric.Throughput,
			Got: rate(30213./86400, unit.PerSecond), Low: rate(29511./86400, unit.PerSecond),
			High: rate(30915./86400, unit.PerSecond), Limit: rate(30000./86400, unit.PerDay),
			Requests: 540, Outcome: verdict.Pass},
		{Rule: "dashboard at peak", Pos: at(25), Subject: "3 endpoints together", Metric: metric.Throughput,
			Got: rate(27.1, unit.PerSecond), Low: rate(26.6, unit.PerSecond), High: rate(27.5, unit.PerSecond),
			Limit: rate(500./60, unit.PerMinute), Requests: 2430, Outcome: verdict.Pass, Shown: true},
		{Rule: "user queries", Pos: at(28), Subject: "GET /api/tutors/{id}/sessions?limit=50", Metric: metric.P95,
			Got: ms(150.2), Low: ms(138), High: ms(171), Limit: ms(150), Requests: 225, Outcome: verdict.Inconclusive,
			Because: reason.LimitUnproven.With(reason.Args{
				"value": broken(reason.ValueAbove, metric.P95, ms(150.2), ms(150)).Args["value"],
				"interval": reason.Interval.With(reason.Args{
					"confidence": ratio(.95).Quantity, "requests": 225,
					"low": ms(138).Quantity, "high": ms(171).Quantity,
				}),
			}), Remedies: more},
		{Rule: "analytics", Pos: at(31), Subject: "GET /api/performance/analytics", Metric: metric.P95, Got: ms(912),
			Low: ms(866), High: ms(974), Limit: ms(500), Requests: 750, Outcome: verdict.Fail, Shown: true,
			Because: broken(reason.ValueAbove, metric.P95, ms(912), ms(500)), Remedies: []reason.Reason{
				reason.LookAtLatency.Plain()}},
		{Rule: "feedback", Pos: at(34), Subject: "POST /api/feedback/{token}", Metric: metric.P95, Got: ms(96),
			Low: ms(61), Limit: ms(200), Requests: 9, Needed: 82, Expected: 11, Outcome: verdict.Inconclusive,
			Because: tooFew, Remedies: more},
		{Rule: "host cpu", Pos: at(40), Subject: "host cpu", Resource: true, Readings: 18,
			Metric: metric.OfReadings("p95", unit.Ratio, metric.Lower),
			Got:    ratio(.52), Limit: ratio(.7), Outcome: verdict.Pass, Shown: true,
			Because: reason.GeneratorShare.With(reason.Args{"share": ratio(.08).Quantity})},
		{Rule: "cache =<b>hits</b>\x1b[2J", Pos: at(41), Subject: "redis hit_rate", Resource: true, Readings: 10,
			Metric: metric.OfReadings("", unit.Ratio, metric.Higher),
			Got:    ratio(.9), Limit: ratio(.8), Outcome: verdict.Inconclusive,
			Because: reason.ResourceSilent.With(reason.Args{
				"since": "00:01:32", "problem": "=ask <Redis>: connection refused", "value": ratio(.9).Quantity,
			}),
			Remedies: []reason.Reason{reason.SeeWhatHappened.With(reason.Args{"place": "redis://127.0.0.1:6379"})}},
		{Rule: "api memory", Pos: at(42), Subject: "process rss, growth", Resource: true, Readings: 18,
			Metric:  metric.OfReadings("", unit.Bytes, metric.Lower),
			Got:     verdict.Measured(unit.Quantity{Value: 203 << 20, Unit: unit.Bytes}),
			Limit:   verdict.Measured(unit.Quantity{Value: 512 << 20, Unit: unit.Bytes}),
			Outcome: verdict.Warn, Shown: true,
			Because: reason.ResourceGrows.With(reason.Args{
				"from": mebibytes(186), "to": mebibytes(203), "rise": .091, "hourly": mebibytes(680),
				"limit": mebibytes(512), "left": 1638 * time.Second,
			})},
	}, Excepted: []verdict.Excepted{
		{Rule: "every endpoint", Endpoints: []string{"GET /api/tutors/{id}/sessions?limit=50"},
			Reason: "=slow <b>export</b>\x1b[2J", Until: "2026-09-01", Pos: at(14)},
		{Rule: "baseline", Endpoints: []string{"POST /api/sessions", "POST /api/feedback/{token}"},
			Reason: "their data grows daily", Pos: at(50)},
	}, Causes: []verdict.Cause{
		{Because: reason.Stalls.With(reason.Args{
			"every": 5 * time.Second, "times": 17, "usual": 500 * time.Millisecond, "first": "00:00:45",
		}), Size: ratio(.64), Of: verdict.OfSlow},
		{Because: reason.ManyQueries.With(reason.Args{
			"endpoint": "GET /api/tutors/{id}/sessions?limit=50",
			"calls": reason.TriedCalls.With(reason.Args{
				"calls": 51, "query": "SELECT <b>*</b>\x1b[2J FROM tutors WHERE id = $1",
			}),
		}), Endpoints: []string{"GET /api/tutors/{id}/sessions?limit=50"}},
	}}
}
