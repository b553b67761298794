package gate_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// started is the wall-clock start of every run here.
var started = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// run builds a result slot by slot. Its measured time is everything behind
// warmUp.
type run struct {
	result.Result
	slots     map[string]map[int]*tallies
	cut       bool // requests are missing that the timeline has
	unwatched bool // the timeline says of the generator only what the test gives
}

type tallies struct {
	latency, sent hist.Latency
	firstByte     hist.Latency // empty: none was kept
	failed        map[metric.Failure]int64
	repeats       int64
}

// newRun is a complete run of so many seconds, without warm-up, on 100 users.
func newRun(seconds int) *run {
	return &run{
		Result: result.Result{
			Schema: result.Schema, Digest: "x", Started: started, Profile: "test",
			Planned: result.Planned{Users: 100, Duration: time.Duration(seconds) * time.Second},
			Elapsed: time.Duration(seconds) * time.Second,
			End:     result.Complete, Slot: time.Second,
			Shards: []result.Shard{{K: 1, N: 1}},
		},
		slots: map[string]map[int]*tallies{},
	}
}

func (r *run) endpoint(name string) *result.Endpoint {
	for i := range r.Endpoints {
		if r.Endpoints[i].Name == name {
			return &r.Endpoints[i]
		}
	}
	r.Endpoints = append(r.Endpoints, result.Endpoint{Name: name})
	return &r.Endpoints[len(r.Endpoints)-1]
}

func (r *run) at(name string, slot int) *tallies {
	r.endpoint(name)
	if r.slots[name] == nil {
		r.slots[name] = map[int]*tallies{}
	}
	if r.slots[name][slot] == nil {
		r.slots[name][slot] = &tallies{failed: map[metric.Failure]int64{}}
	}
	return r.slots[name][slot]
}

// ok records one success that was sent on time.
func (r *run) ok(name string, slot int, latency time.Duration) { r.lagged(name, slot, latency, 0) }

// lagged records one success that was sent too late.
func (r *run) lagged(name string, slot int, latency, lag time.Duration) {
	t := r.at(name, slot)
	t.latency.Record(latency)
	t.sent.Record(latency - lag)
}

// fail records n failures of a kind.
func (r *run) fail(name string, slot int, n int64, kind metric.Failure, status int) {
	r.at(name, slot).failed[kind] += n
	ep := r.endpoint(name)
	at := time.Duration(slot) * time.Second
	for i := range ep.Failures {
		if f := &ep.Failures[i]; f.Kind == kind && f.Status == status {
			f.Count, f.First, f.Last = f.Count+n, min(f.First, at), max(f.Last, at)
			return
		}
	}
	ep.Failures = append(ep.Failures, result.Failure{Kind: kind, Status: status, Count: n, First: at, Last: at})
}

// lag gives every second of the run the same lag.
func (r *run) lag(d time.Duration) {
	var l hist.Latency
	l.Record(d)
	for i := range r.Timeline {
		r.Timeline[i].Lag = l.Sparse()
	}
}

// users fills the timeline as a plan with this many users does.
func (r *run) users(n int) {
	r.Planned.Users, r.Timeline = n, nil
	for i := range int(r.Elapsed / r.Slot) {
		r.Timeline = append(r.Timeline, result.Moment{Slot: i, Users: n})
	}
}

// unread leaves out the readings of the generator in some seconds: they have no more than its lag.
func (r *run) unread(slots ...int) {
	r.lag(0)
	r.unwatched = true
	watched(r.Timeline)
	for _, slot := range slots {
		r.Timeline[slot].Generator = nil
	}
}

// result is the finished document, checked as a decoder would.
func (r *run) result(t testing.TB) *result.Result {
	t.Helper()
	done := r.Result
	done.Endpoints = nil
	for _, ep := range r.Endpoints {
		last := 0
		for slot := range r.slots[ep.Name] {
			last = max(last, slot)
		}
		for slot := range last + 1 {
			tally, there := r.slots[ep.Name][slot]
			if !there {
				continue
			}
			s := result.Slot{
				Slot: slot, Requests: tally.latency.Count(), Repeats: tally.repeats, Latency: tally.latency.Sparse(),
			}
			if sent := tally.sent.Sparse(); string(sent) != string(s.Latency) {
				s.FromSend = sent
			}
			if tally.firstByte.Count() > 0 {
				s.FirstByte = tally.firstByte.Sparse()
			}
			for kind, n := range tally.failed {
				s.Requests += n
				if s.Failed == nil {
					s.Failed = map[metric.Failure]int64{}
				}
				s.Failed[kind] += n
			}
			ep.Slots = append(ep.Slots, s)
		}
		done.Endpoints = append(done.Endpoints, ep)
	}
	told := map[int]bool{}
	for _, m := range done.Timeline {
		told[m.Slot] = true
	}
	for slot := range int(done.Elapsed / done.Slot) {
		if !told[slot] && !done.Source.Foreign() {
			done.Timeline = append(done.Timeline, result.Moment{Slot: slot, Users: done.Planned.Users})
		}
	}
	slices.SortFunc(done.Timeline, func(a, b result.Moment) int { return a.Slot - b.Slot })
	if !r.unwatched {
		watched(done.Timeline)
	}
	for i := range done.Timeline {
		sent := func(of map[int]*tallies) bool { return of[done.Timeline[i].Slot] != nil }
		if !r.cut && !slices.ContainsFunc(slices.Collect(maps.Values(r.slots)), sent) {
			done.Timeline[i].Lag = nil // nothing was sent that could be late
		}
	}
	if err := done.Check(); err != nil {
		t.Fatalf("the test's own result: %v", err)
	}
	return &done
}

// watched completes a timeline as of a generator that was well and sent all on time.
func watched(timeline []result.Moment) {
	var onTime hist.Latency
	onTime.Record(0)
	for i := range timeline {
		m := &timeline[i]
		if m.Lag == nil {
			m.Lag = onTime.Sparse()
		}
		if m.Generator == nil {
			m.Generator = &result.Generator{Wakes: 1}
		}
	}
}

// limit is a promise with a fail limit, as the file's decoder makes it.
func limit(t testing.TB, name string, fail float64) config.Limit {
	t.Helper()
	m, ok := metric.Parse(name)
	if !ok {
		t.Fatalf("no metric %q", name)
	}
	return config.Limit{Metric: m, Fail: fail, HasFail: true, Unit: m.Unit(),
		Pos: mistake.Pos{File: "thresholds.yaml", Line: 7}}
}

// file is a thresholds.yaml of one rule for all endpoints.
func file(limits ...config.Limit) *config.Config {
	return &config.Config{
		Rules: []config.Rule{{Name: "all", Patterns: []string{"*"}, Limits: limits}},
		Judge: config.Judge{Confidence: 0.95},
	}
}

func judge(t testing.TB, r *run, s *config.Config) verdict.Verdict {
	t.Helper()
	v := gate.Judge(evidence.Input{Result: r.result(t), Config: s})
	for _, c := range v.Checks {
		typed(t, append(append([]reason.Reason{c.Because}, c.Also...), c.Remedies...))
		filled(t, string(c.Code()), wording.Reason(c), wording.Remedy(c))
	}
	for _, c := range v.Causes {
		typed(t, append(append([]reason.Reason{c.Because}, c.Also...), c.Remedies...))
		filled(t, string(c.Because.Code), wording.CauseTitle(c), wording.CauseEvidence(c), wording.CauseNext(c))
	}
	return v
}

// typed fails where an argument is of a type that documents do not know.
func typed(t testing.TB, reasons []reason.Reason) {
	t.Helper()
	for _, r := range reasons {
		for name, value := range r.Args {
			switch v := value.(type) {
			case string, int, int64, float64, time.Duration, time.Time, unit.Quantity, []string:
			case reason.Reason:
				typed(t, []reason.Reason{v})
			case []reason.Reason:
				typed(t, v)
			default:
				t.Errorf("%s: the argument %s is a %T", r.Code, name, value)
			}
		}
	}
}

// placeholder is what a template leaves where it is given no argument. Paths have {id} and {token}.
var placeholder = regexp.MustCompile(`\{([a-z_]+)(:[a-z ]+)?\}|\[|\]`)

// filled fails where words lack an argument of theirs, or have none at all.
func filled(t testing.TB, code string, texts ...string) {
	t.Helper()
	if code == "" || code == string(reason.Unexplained) {
		t.Errorf("a check or cause has the code %q", code)
	}
	for _, text := range texts {
		for _, found := range placeholder.FindAllString(text, -1) {
			if found != "{id}" && found != "{token}" {
				t.Errorf("%s is worded with %s: %s", code, found, text)
			}
		}
	}
}

// find returns the check of a subject and metric.
func find(t testing.TB, v verdict.Verdict, subject string, m metric.Metric) verdict.Check {
	t.Helper()
	for _, c := range v.Checks {
		if c.Subject == subject && c.Metric == m {
			return c
		}
	}
	t.Fatalf("no check of %s %s in %s", subject, m.Name(), list(v))
	return verdict.Check{}
}

// list prints a verdict for messages.
func list(v verdict.Verdict) string {
	text := ""
	for _, c := range v.Checks {
		text += "\n  " + c.Outcome.String() + " " + c.Rule + " | " +
			c.Subject + " | " + c.Metric.Name() + " | " + wording.Reason(c) + " | " + wording.Remedy(c)
	}
	return text
}

func ms(n float64) float64 { return n * float64(time.Millisecond) }

// judgeOf is judge for a document.
func judgeOf(t testing.TB, r *result.Result, s *config.Config) verdict.Verdict {
	t.Helper()
	return gate.Judge(evidence.Input{Result: r, Config: s})
}
