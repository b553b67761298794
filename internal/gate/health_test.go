package gate_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// good is a run that passes every limit of file(success 95 %, p95 100 ms).
func good() *run {
	r := newRun(100)
	r.users(140)
	r.steady("GET /a", 1000, 10*time.Millisecond, 30*time.Millisecond)
	return r
}

func TestJudgeHealth(t *testing.T) {
	tests := []struct {
		name    string
		build   func(*run)
		file    func(*config.Config)
		subject string
		outcome verdict.Outcome // of the check
		verdict verdict.Outcome
		reason  string
		remedy  string
	}{
		{
			name:    "cut short",
			build:   func(r *run) { r.End, r.Planned.Duration = result.Cut, 5*time.Minute },
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "cut short after 100s of 5min: judged on what was measured", remedy: "run it again",
		},
		{
			name: "cut short and broken",
			build: func(r *run) {
				r.End, r.Planned.Duration = result.Cut, 5*time.Minute
				r.failing("GET /b", 1000, 2, 500)
			},
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Fail,
			reason: "cut short", remedy: "run it again",
		},
		{
			name:    "interrupted",
			build:   func(r *run) { r.End, r.Planned.Duration = result.Interrupted, 200*time.Second },
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "interrupted after 100s of 3.33min: judged on what was measured", remedy: "run it again",
		},
		{
			name:    "nothing says how late requests were sent",
			build:   func(r *run) { r.unwatched = true },
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "in 100s of 100s it does not say how late requests were sent: the generator may not have kept up",
			remedy: "as loadgate wrote it",
		},
		{
			name:    "one second says nothing of that",
			build:   func(r *run) { r.unwatched = true; r.lag(0); r.Timeline[5].Lag = nil },
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "in 1s of 100s it does not say how late requests were sent", remedy: "as loadgate wrote it",
		},
		{
			name: "nothing says how busy its machine was",
			build: func(r *run) {
				r.unwatched = true
				r.lag(0)
			},
			subject: "generator", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "the document does not say how busy the generator was: it may not have kept up",
			remedy: "as loadgate wrote it",
		},
		{
			name:    "three seconds say nothing of how busy its machine was",
			build:   func(r *run) { r.unread(20, 21, 40) },
			subject: "generator", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "in 3s of 100s, first at 0:20, it does not say how busy the generator was: it may not have " +
				"kept up",
			remedy: "as loadgate wrote it",
		},
		{
			name:    "a second that says only that the generator stood still",
			build:   func(r *run) { r.Timeline[30].Generator = &result.Generator{Still: 300 * time.Millisecond} },
			subject: "generator", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "in 1s of 100s, first at 0:30, it does not say how busy the generator was",
			remedy: "as loadgate wrote it",
		},
		{
			name:    "a shard without readings of its generator",
			build:   func(r *run) { r.Shards = quarters(); r.Shards[2].Watched = 0 },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 does not say in 100s of 100s how busy it was: it may not have kept up",
			remedy: "as loadgate wrote it",
		},
		{
			name:    "a shard without one reading of its generator",
			build:   func(r *run) { r.Shards = quarters(); r.Shards[2].Watched = 99 * time.Second },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 does not say in 1s of 100s how busy it was", remedy: "as loadgate wrote it",
		},
		{
			name:    "more users than planned",
			build:   func(r *run) { r.Timeline[7].Users++ },
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "at 0:07 it counts 141 users, and the plan has 140 at most: one of them is wrong",
			remedy: "as loadgate wrote it",
		},
		{
			name:    "users without a plan",
			build:   func(r *run) { r.Planned.Users = 0 },
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "at 0:00 it counts 140 users, and the plan has 0 at most", remedy: "as loadgate wrote it",
		},
		{
			name: "more users than arrivals may need",
			build: func(r *run) {
				r.Planned.Rate, r.Planned.Users, r.Planned.MaxUsers = 10, 0, 139
			},
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "at 0:00 it counts 140 users, and the plan has 139 at most", remedy: "as loadgate wrote it",
		},
		{
			name:    "fewer users than planned",
			build:   func(r *run) { r.Timeline[50].Users, r.Timeline[52].Users = 139, 3 },
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "in 2s of 100s, first at 0:50, it counts fewer users than the 140 of the plan",
			remedy: "as loadgate wrote it",
		},
		{
			name: "fewer users than a stage has",
			build: func(r *run) {
				r.Planned.Stages = []result.Stage{
					{Users: 70, Until: 40 * time.Second},
					{Users: 140, From: 50 * time.Second, Until: 100 * time.Second},
				}
				for i := range 60 {
					r.Timeline[i].Users = 70
				}
			},
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "in 9s of 100s, first at 0:51, it counts fewer users than the 140 of the plan",
			remedy: "as loadgate wrote it",
		},
		{
			name:    "made by another tool",
			build:   func(r *run) { r.Source = result.Source{Tool: "k6"} },
			subject: "generator", outcome: verdict.Pass, verdict: verdict.Pass,
			reason: "not judged: k6's file does not record whether requests were sent on schedule",
		},
		{
			name:    "shards missing",
			build:   func(r *run) { r.Shards = []result.Shard{{K: 2, N: 4}, {K: 4, N: 4}} },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shards 1/4, 3/4 of the run are missing", remedy: "loadgate check",
		},
		{
			name:    "one shard missing",
			build:   func(r *run) { r.Shards = []result.Shard{{K: 2, N: 2}} },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 1/2 of the run is missing", remedy: "loadgate check",
		},
		{
			name: "one shard dead",
			build: func(r *run) {
				r.End, r.Planned.Duration, r.Shards = result.Cut, r.Elapsed, quarters()
				r.Shards[2].End, r.Shards[2].Elapsed = endOf(result.Cut), 9*time.Second
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 was cut short at 0:09 of 1:40: 1/4 of the load is missing from then on",
			remedy: "see what ended it",
		},
		{
			name: "one shard interrupted",
			build: func(r *run) {
				r.End, r.Planned.Duration, r.Shards = result.Interrupted, r.Elapsed, quarters()[:1]
				r.Shards[0] = result.Shard{K: 1, N: 5, End: endOf(result.Interrupted), Elapsed: 65 * time.Second}
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 1/5 was interrupted at 1:05 of 1:40: 1/5 of the load is missing",
			remedy: "see what ended it",
		},
		{
			name:    "all shards interrupted together",
			build:   func(r *run) { interruptShards(r, 99*time.Second) },
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "interrupted after 100s of 3.33min: judged on what was measured", remedy: "run it again to its end",
		},
		{
			name:    "all shards interrupted, one before the others",
			build:   func(r *run) { interruptShards(r, 9*time.Second) },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 2/4 was interrupted at 0:09 of 3:20", remedy: "see what ended it",
		},
		{
			name: "shards 90 s apart",
			build: func(r *run) {
				r.Shards = quarters()
				r.Shards[1].Started = r.Shards[1].Started.Add(90 * time.Second)
			},
			subject: "shards", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "shard 2/4 started 1m30s after shard 1/4 (2026-03-01 09:31:30, 2026-03-01 09:30:00): in that " +
				"time the service was under part",
			remedy: "--start-at",
		},
		{
			name: "shards of half a run apart",
			build: func(r *run) {
				r.Shards = quarters()
				r.Shards[1].Started = r.Shards[1].Started.Add(50 * time.Second)
			},
			subject: "shards", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "shard 2/4 started 50s after shard 1/4", remedy: "--start-at",
		},
		{
			name: "short shards one after the other",
			build: func(r *run) {
				r.Shards = quarters()
				for i := range r.Shards {
					r.Shards[i].Elapsed = 34 * time.Second
				}
				r.Shards[1].Started = r.Shards[1].Started.Add(35 * time.Second)
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "at no time was the service under the whole load", remedy: "--start-at",
		},
		{
			name:    "a shard without its start",
			build:   func(r *run) { r.Shards = quarters(); r.Shards[2].Started = time.Time{} },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 does not say when it started", remedy: "as loadgate wrote it",
		},
		{
			name:    "a shard without its target",
			build:   func(r *run) { r.Shards = quarters(); r.Shards[2].Target = "" },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 does not say what it loaded", remedy: "as loadgate wrote it",
		},
		{
			name:    "a shard without its seconds",
			build:   func(r *run) { r.Shards = quarters(); r.Shards[2].Covered = 0 },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 does not say how much of its time it covers", remedy: "as loadgate wrote it",
		},
		{
			name:    "a gap in one shard",
			build:   func(r *run) { r.Shards = quarters(); r.Shards[2].Covered = 92 * time.Second },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "8s of 100s are missing in shard 3/4", remedy: "as loadgate wrote it",
		},
		{
			name:    "a shard without the lag of its requests",
			build:   func(r *run) { r.Shards = quarters(); r.Shards[2].Requests, r.Shards[2].Timed = 250, 247 },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 does not say how late 3 of its 250 requests were sent", remedy: "as loadgate wrote it",
		},
		{
			name: "a shard that lost its last seconds",
			build: func(r *run) {
				r.Shards = quarters()
				r.Shards[2].Elapsed, r.Shards[2].Covered = 90*time.Second, 90*time.Second
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "10s of 100s are missing in shard 3/4", remedy: "as loadgate wrote it",
		},
		{
			name:    "no planned time",
			build:   func(r *run) { r.Planned.Duration = 0 },
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "it does not say how long it was to be, and ended after 100s", remedy: "as loadgate wrote it",
		},
		{
			name:    "longer than planned",
			build:   func(r *run) { r.Planned.Duration = 40 * time.Second },
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "it was to last 40s, and says that it lasted 100s: one of them is wrong",
			remedy: "as loadgate wrote it",
		},
		{
			name: "the requests of one second cut out",
			build: func(r *run) {
				r.lag(0)
				r.cut = true
				delete(r.slots["GET /a"], 7)
			},
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "1 of 100 requests that it counts are in no endpoint", remedy: "as loadgate wrote it",
		},
		{
			name: "requests cut out",
			build: func(r *run) {
				r.lag(time.Millisecond)
				r.cut = true
				for _, slots := range r.slots {
					maps.DeleteFunc(slots, func(slot int, _ *tallies) bool { return slot >= 20 && slot < 40 })
				}
			},
			subject: "timeline", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "requests that it counts are in no endpoint: the document was cut or edited",
			remedy: "as loadgate wrote it",
		},
		{
			name: "a worker dead",
			build: func(r *run) {
				r.End, r.Planned.Duration, r.Shards = result.Cut, r.Elapsed, quarters()
				r.Shards[2].End, r.Shards[2].Elapsed = endOf(result.Cut), 9*time.Second
				r.Shards[2].Worker = "runner-17"
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 on runner-17 was lost at 0:09 of 1:40: 1/4 of the load is missing from then on",
			remedy: "see what ended it",
		},
		{
			name: "a worker dead, as is allowed",
			build: func(r *run) {
				r.End, r.Planned.Duration, r.Shards = result.Cut, r.Elapsed, quarters()
				r.Shards[2].End, r.Shards[2].Elapsed = endOf(result.Cut), 9*time.Second
				r.Shards[2].Users, r.Planned.Users, r.Planned.LostShards = 35, 140, 1
			},
			subject: "shards", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "shard 3/4 was cut short at 0:09 of 1:40: 35 of 140 users are missing from then on; " +
				"--lost allows that",
			remedy: "see what ended it on its machine",
		},
		{
			name: "all workers dead, as many as are allowed",
			build: func(r *run) {
				r.End, r.Planned.Duration, r.Shards = result.Cut, r.Elapsed, quarters()
				for i := range r.Shards {
					r.Shards[i].End, r.Shards[i].Elapsed = endOf(result.Cut), 90*time.Second
				}
				r.Planned.LostShards = 4
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 1/4 was cut short at 1:30 of 1:40", remedy: "see what ended it",
		},
		{
			name: "two workers dead where one may be",
			build: func(r *run) {
				r.End, r.Planned.Duration, r.Shards = result.Cut, r.Elapsed, quarters()
				r.Shards[2].End, r.Shards[2].Elapsed = endOf(result.Cut), 9*time.Second
				r.Shards[3].End, r.Shards[3].Elapsed = endOf(result.Interrupted), 9*time.Second
				r.Planned.LostShards = 1
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 was cut short at 0:09 of 1:40: 1/4 of the load is missing from then on",
			remedy: "see what ended it",
		},
		{
			name: "a worker whose target fell silent, where one may be lost",
			build: func(r *run) {
				r.End, r.Planned.Duration, r.Shards = result.Cut, r.Elapsed, quarters()
				r.Shards[2].End, r.Shards[2].Elapsed = endOf(result.Lost), 9*time.Second
				r.Planned.LostShards = 1
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 3/4 got no more answers and ended at 0:09 of 1:40", remedy: "see what ended it",
		},
		{
			name:    "compared clocks, 310 ms apart",
			build:   func(r *run) { r.Shards = ofComparedClocks(300 * time.Millisecond) },
			subject: "shards", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "shard 2/4 on b started 300ms after shard 1/4 on a, at most 310ms with the error of their clocks",
			remedy: "see what delayed its machine",
		},
		{
			name:    "compared clocks, 1.01 s apart",
			build:   func(r *run) { r.Shards = ofComparedClocks(time.Second) },
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 2/4 on b started 1s after shard 1/4 on a, at most 1.01s",
			remedy: "see what delayed its machine",
		},
		{
			name: "compared clocks, one of them unsure",
			build: func(r *run) {
				r.Shards = ofComparedClocks(50 * time.Millisecond)
				r.Shards[2].StartError = 9 * time.Second
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 2/4 on b started 50ms after shard 3/4 on c, at most 9.05s",
			remedy: "see what delayed its machine",
		},
		{
			name: "compared clocks, millennia apart",
			build: func(r *run) {
				r.Shards = ofComparedClocks(0)
				r.Shards[1].Started = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 2/4 on b started 24h after shard 1/4 on a", remedy: "see what delayed its machine",
		},
		{
			name: "shards one after the other",
			build: func(r *run) {
				r.Shards = quarters()
				r.Shards[0].Started = r.Shards[0].Started.Add(2 * time.Hour)
			},
			subject: "shards", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "shard 1/4 started 2h after shard 2/4 (2026-03-01 11:30:00, 2026-03-01 09:30:00): at no time was " +
				"the service under the whole load",
			remedy: "--start-at",
		},
		{
			name:    "shards of two versions",
			build:   func(r *run) { r.Shards = quarters(); r.Shards[3].Tool = "loadgate 0.2.0" },
			subject: "shards", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "made by different versions: loadgate 0.1.0 made 1/4, 2/4, 3/4; loadgate 0.2.0 made 4/4",
			remedy: "one version",
		},
		{
			name: "stopped answering",
			build: func(r *run) {
				*r = *newRun(300)
				r.users(140)
				for s := range 187 {
					r.ok("GET /a", s, 10*time.Millisecond)
				}
				for s := 187; s < 300; s += 3 {
					r.fail("GET /a", s, 2, metric.Timeout, 0)
				}
				r.ok("GET /a", 302, 10*time.Millisecond) // an answer in the drain
			},
			subject: "target", outcome: verdict.Fail, verdict: verdict.Fail,
			reason: "stopped answering at 12:03:07 with 140 users: 76 requests without an answer in the last 113s, " +
				"most of them timeout",
			remedy: "service's log",
		},
		{
			name: "answers errors to the end",
			build: func(r *run) {
				for s := 50; s < 100; s++ {
					r.fail("GET /b", s, 20, metric.Status, 503)
				}
			},
			subject: "all (2 endpoints)", outcome: verdict.Fail, verdict: verdict.Fail,
			reason: "503, the service says that it is overloaded", remedy: "pools",
		},
		{
			name: "never answered",
			build: func(r *run) {
				*r = *newRun(60)
				r.users(20)
				for s := range 60 {
					r.fail("GET /a", s, 2, metric.Refused, 0)
				}
			},
			subject: "target", outcome: verdict.Fail, verdict: verdict.Fail,
			reason: "never answered: silent from the start at 12:00:00 with 20 users", remedy: "service's log",
		},
		{
			name:    "given up by the engine",
			build:   func(r *run) { r.End, r.Planned.Duration = result.Lost, 5*time.Minute },
			subject: "target", outcome: verdict.Fail, verdict: verdict.Fail,
			reason: "stopped answering: the run was ended after 100s of 5min", remedy: "service's log",
		},
		{
			name:    "generator late",
			build:   func(r *run) { r.lag(12 * time.Millisecond) },
			subject: "generator lag (p99)", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "the generator was late: 1 request in 100 was sent more than 12ms after its time",
			remedy: "more CPU",
		},
		{
			name: "generator late and load missing",
			build: func(r *run) {
				r.Timeline = nil
				r.users(1)
				r.lag(80 * time.Millisecond) // of one user's second
			},
			subject: "offered load", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "the generator was so late that its users made only 92% of their load", remedy: "more CPU",
		},
		{
			name:    "steps left out",
			build:   func(r *run) { r.endpoint("GET /a").Expected = 1300 },
			subject: "offered load", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "1,000 of 1,300 planned requests were made (77%), and waiting for answers took only 0.143% of " +
				"the users' time: steps were left out",
			remedy: `steps whose "when" is false`,
		},
		{
			name: "service slower than think times",
			build: func(r *run) {
				r.endpoint("GET /a").Expected = 1300
				r.users(1)
			},
			subject: "offered load", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "1,000 of 1,300 planned requests were made (77%): users waited for answers for 20% of their time",
			remedy: "slow endpoints",
		},
		{
			name: "users that waited to repeat failed requests",
			build: func(r *run) {
				r.endpoint("GET /a").Expected = 1300
				r.users(1)
				r.at("GET /a", 5).repeats, r.at("GET /a", 6).repeats = 10, 10
			},
			file: func(s *config.Config) {
				s.Groups = []config.Group{{Name: "g",
					Steps: []config.Step{{Endpoint: "GET /a", Retry: config.Retry{Times: 1, Wait: time.Second}}}}}
			},
			subject: "offered load", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "1,000 of 1,300 planned requests were made (77%): users waited for answers, and to send " +
				"steps again, for 40% of their time",
			remedy: "slow endpoints",
		},
		{
			name:    "fast errors and no limit on them",
			build:   func(r *run) { r.failing("GET /a", 4000, 2, 404) },
			file:    func(s *config.Config) { s.Rules[0].Limits = s.Rules[0].Limits[1:] },
			subject: "GET /a", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "40% of 5,000 requests failed, and no rule limits its failures; every failure: 404",
			remedy: "check the scenario; add success: 99.5%",
		},
		{
			name:    "some errors and no limit on them",
			build:   func(r *run) { r.failing("GET /a", 1000, 40, 500) },
			file:    func(s *config.Config) { s.Rules[0].Limits = s.Rules[0].Limits[1:] },
			subject: "GET /a", outcome: verdict.Warn, verdict: verdict.Warn,
			reason: "no rule limits its failures", remedy: "add success: 99.5%",
		},
		{
			name:    "no rule for the profile",
			build:   func(*run) {},
			file:    func(s *config.Config) { s.Rules[0].Profiles = []string{"peak"} },
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: `no rule of the file holds in profile "test", so nothing was judged`, remedy: "add a rule",
		},
		{
			name:    "another file than the run's",
			build:   func(*run) {},
			file:    func(s *config.Config) { s.Rules[0].Patterns = []string{"GET /a", "POST /new*"} },
			subject: "POST /new*", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: `no endpoint of this result matches "POST /new*"`, remedy: "run it again",
		},
		{
			name:  "a step that the result never heard of",
			build: func(*run) {},
			file: func(s *config.Config) {
				s.Groups = []config.Group{{Steps: []config.Step{{Endpoint: "GET /a"}, {Endpoint: "GET /new"}}}}
			},
			subject: "GET /new", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "no request was measured", remedy: "run it with this file",
		},
		{
			name: "over before the warm-up was",
			build: func(r *run) {
				*r = *newRun(60)
				r.Planned.WarmUp, r.Elapsed, r.End = 30*time.Second, 20*time.Second, result.Cut
				r.ok("GET /a", 3, time.Millisecond)
			},
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "nothing was measured: the run ended after 20s, within its warm-up of 30s", remedy: "outlast",
		},
		{
			name:    "no request",
			build:   func(r *run) { *r = *newRun(60); r.endpoint("GET /a") },
			subject: "run", outcome: verdict.Inconclusive, verdict: verdict.Inconclusive,
			reason: "no request was measured in 60s", remedy: "loadgate try",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, s := good(), file(limit(t, "success", 0.95), limit(t, "p95", ms(100)))
			tt.build(r)
			if tt.file != nil {
				tt.file(s)
			}
			v := judge(t, r, s)
			var found bool
			for _, c := range v.Checks {
				if c.Subject == tt.subject && c.Outcome == tt.outcome &&
					strings.Contains(wording.Reason(c), tt.reason) {
					found = true
					said(t, "Remedy", wording.Remedy(c), tt.remedy)
					break
				}
			}
			if !found {
				t.Errorf("no %v of %q with %q in%s", tt.outcome, tt.subject, tt.reason, list(v))
			}
			if v.Outcome() != tt.verdict {
				t.Errorf("verdict = %v, want %v%s", v.Outcome(), tt.verdict, list(v))
			}
		})
	}
}

func TestJudgeGoodRunHasNoFindings(t *testing.T) {
	r := good()
	r.lag(2 * time.Millisecond)
	r.endpoint("GET /a").Expected = 1010
	v := judge(t, r, file(limit(t, "success", 0.95), limit(t, "p95", ms(100))))
	if v.Outcome() != verdict.Pass || len(v.Checks) != 2 {
		t.Errorf("Judge = %v, want two passes%s", v.Outcome(), list(v))
	}
}

// What an honest run may look like is no finding: users that start late as their lag shows, that leave when it ends and
// are not back for a stage before their last answer, arrivals that find all users idle, a generator that slept.
func TestJudgeUsersThatArePossible(t *testing.T) {
	late := func(r *run, until int) {
		for i := range until {
			r.Timeline[i].Users = 10
		}
		r.lagged("GET /a", until+1, time.Duration(until)*time.Second, time.Duration(until)*time.Second)
		var lag hist.Latency
		lag.Record(time.Duration(until) * time.Second)
		r.Timeline[until+1].Lag = lag.Sparse()
	}
	for name, build := range map[string]func(*run){
		"on time":             func(*run) {},
		"a ramp":              func(r *run) { r.Planned.Ramp = 9500 * time.Millisecond; fill(r, 0, 11, 20) },
		"late":                func(r *run) { late(r, 20) },
		"gone at the end":     func(r *run) { fill(r, 99, 100, 0) },
		"arrivals":            func(r *run) { r.Planned.Rate, r.Planned.MaxUsers = 10, 140; fill(r, 10, 90, 2) },
		"stopped by a signal": func(r *run) { r.End, r.Planned.Duration = result.Interrupted, time.Hour },
		"stages": func(r *run) {
			r.Planned.Stages = []result.Stage{
				{Users: 140, Until: 30 * time.Second}, {Users: 5, From: 35 * time.Second, Until: 60 * time.Second},
				{Users: 100, From: 70 * time.Second, Until: 100 * time.Second},
			}
			fill(r, 29, 35, 80) // counted while they leave
			fill(r, 35, 60, 6)  // one waits for its answer
			fill(r, 60, 71, 60)
		},
		"shards that a look stopped, not in the same second": func(r *run) {
			r.End, r.Shards = result.Stopped, quarters()
			for i := range r.Shards {
				r.Shards[i].End = endOf(result.Stopped)
			}
			s := &r.Shards[1]
			s.Elapsed, s.Covered, s.Watched = 97*time.Second, 97*time.Second, 97*time.Second
			fill(r, 96, 100, 105)
		},
		"asleep while users start": func(r *run) {
			for i := 7; i < 15; i++ {
				delete(r.slots["GET /a"], i)
			}
			r.stopped(15, 8*time.Second)
			r.Planned.Ramp = 9 * time.Second
			fill(r, 0, 16, 100)
		},
	} {
		r := good()
		build(r)
		for _, c := range judge(t, r, file(limit(t, "success", 0.5))).Checks {
			unread := c.Because.Code == reason.GeneratorGap || c.Because.Code == reason.GeneratorUnread
			if unread || c.Subject == "timeline" {
				t.Errorf("%s: %v %s", name, c.Outcome, wording.Reason(c))
			}
		}
	}
}

// fill gives some seconds a number of users.
func fill(r *run, from, until, users int) {
	for i := from; i < until; i++ {
		r.Timeline[i].Users = users
	}
}

func TestJudgeLagIsComparedWithTheMedian(t *testing.T) {
	r := newRun(100)
	r.users(10)
	r.steady("GET /a", 1000, 150*time.Millisecond, 250*time.Millisecond)
	r.lag(12 * time.Millisecond) // below a tenth of 200 ms
	if v := judge(t, r, file(limit(t, "p95", ms(500)), limit(t, "success", 0.9))); v.Outcome() != verdict.Pass {
		t.Errorf("Judge = %v, want pass%s", v.Outcome(), list(v))
	}
}

func TestJudgeShortSilenceIsNone(t *testing.T) {
	r := good()
	for s := 98; s < 100; s++ {
		delete(r.slots["GET /a"], s)
		r.fail("GET /a", s, 10, metric.Reset, 0)
	}
	for _, c := range judge(t, r, file(limit(t, "success", 0.5))).Checks {
		if c.Subject == "target" {
			t.Errorf("2 s of silence: %v %s", c.Outcome, wording.Reason(c))
		}
	}
}

func TestJudgeNothing(t *testing.T) {
	for _, in := range []evidence.Input{{}, {Result: &result.Result{}},
		{Config: &config.Config{}}, {Result: &result.Result{}, Config: &config.Config{}}} {
		if v := gate.Judge(in); v.Outcome() != verdict.Inconclusive || len(v.Checks) == 0 {
			t.Errorf("Judge(%+v) = %v, want inconclusive with a reason", in, v.Outcome())
		}
	}
}

// quarters are four shards that started together and came to their end.
func quarters() []result.Shard {
	all := make([]result.Shard, 4)
	for i := range all {
		all[i] = result.Shard{
			K: i + 1, N: 4, End: endOf(result.Complete), Elapsed: 100 * time.Second,
			Started: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), Tool: "loadgate 0.1.0", Target: "http://localhost",
			Covered: 100 * time.Second, Watched: 100 * time.Second,
		}
	}
	return all
}

// interruptShards makes a run one whose shards were all interrupted, the second at a time of its own.
func interruptShards(r *run, second time.Duration) {
	r.End, r.Planned.Duration, r.Shards = result.Interrupted, 2*r.Elapsed, quarters()
	for i := range r.Shards {
		r.Shards[i].End = endOf(result.Interrupted)
	}
	r.Shards[1].Elapsed = second
}

// ofComparedClocks are quarters whose clocks were compared, to 5 ms each; the second started later by a time.
func ofComparedClocks(later time.Duration) []result.Shard {
	all := quarters()
	for i := range all {
		all[i].Worker, all[i].StartError = string('a'+rune(i)), 5*time.Millisecond
	}
	all[1].Started = all[1].Started.Add(later)
	return all
}

func endOf(e result.End) *result.End { return &e }

// The load that a dead shard did not send is blamed on nothing else, however
// overloaded the generator of another was.
func TestJudgeDeadShardAlone(t *testing.T) {
	r := good()
	r.End, r.Planned.Duration, r.Shards = result.Cut, r.Elapsed, quarters()
	r.Shards[2].End, r.Shards[2].Elapsed = endOf(result.Cut), 9*time.Second
	for i := range r.Endpoints {
		r.Endpoints[i].Expected = 2000
	}
	for _, c := range judge(t, r, file(limit(t, "success", 0.5))).Checks {
		if c.Rule == "" && c.Subject != "shards" {
			t.Errorf("%s: %v %s", c.Subject, c.Outcome, wording.Reason(c))
		}
	}
}
