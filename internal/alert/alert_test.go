package alert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/alert"
	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
)

var midnight = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// history is runs, one a day, and what happens to them.
type history struct{ runs []baseline.Run }

// add keeps a run of the next day, in which an endpoint takes so many milliseconds, changed as the test needs it.
func (h *history) add(ms float64, change ...func(*baseline.Run)) {
	day := len(h.runs)
	jitter := []float64{1, 1.012, 0.991, 1.004, 0.987, 1.008}[day%6]
	r := baseline.Run{
		ID: fmt.Sprintf("day %03d", day), Started: midnight.AddDate(0, 0, day), Name: "shop", Profile: "nightly",
		Digest: "sha256:4be1", Target: "http://localhost:8000", End: result.Complete, Verdict: "pass",
		Origin: result.Origin{Branch: "main", Commit: "abcdef0123456789", Runner: result.Runner{Name: "small"}},
		Figures: []baseline.Figure{
			{Endpoint: "GET /search", Metric: metric.P95, Value: ms * jitter * 1e6, Err: 0.02, Requests: 500},
			{Endpoint: "GET /still", Metric: metric.P95, Value: 50 * jitter * 1e6, Err: 0.02, Requests: 500},
			{Endpoint: "GET /search", Metric: metric.Throughput, Value: 1000 / ms * jitter, Err: 0.02, Requests: 500},
		},
	}
	for _, f := range change {
		f(&r)
	}
	h.runs = append(h.runs, r)
}

func (h *history) days(n int, ms float64, change ...func(*baseline.Run)) {
	for range n {
		h.add(ms, change...)
	}
}

// slow makes a second endpoint slow too.
func slow(r *baseline.Run) { r.Figures[1].Value *= 1.5 }

func edited(r *baseline.Run) { r.Digest = "sha256:77" }

func (h *history) mark(at int, accepted bool) {
	r := &h.runs[at]
	r.Marks = append(r.Marks, baseline.Mark{Accepted: accepted, Reason: "because", At: h.now()})
}

func (h *history) now() time.Time { return h.runs[len(h.runs)-1].Started.Add(time.Hour) }

func (h *history) watch() alert.Watch {
	return alert.Watch{Now: h.now(), SilentFor: 7 * 24 * time.Hour, Metric: metric.P95, Least: 0.05}
}

// tell is one call of the command: what a receiver is sent, in words, and kept as marks.
func (h *history) tell(w alert.Watch, to string) (said []string, keys []string) {
	for _, e := range w.Due(h.runs, w.States(h.runs), to) {
		text := wording.Text(e.Says)
		if e.Over {
			text = "over: " + e.Was
		}
		said, keys = append(said, string(e.Kind)+": "+text), append(keys, e.Key())
		at := slices.IndexFunc(h.runs, func(r baseline.Run) bool { return r.ID == e.Run.ID })
		words := text
		if e.Over {
			words = e.Was
		}
		h.runs[at].Marks = append(h.runs[at].Marks, e.Mark(words, w.Now))
	}
	return said, keys
}

// expect fails where one call does not send what it should; each is the beginning of a message.
func (h *history) expect(t *testing.T, w alert.Watch, want ...string) (keys []string) {
	t.Helper()
	said, keys := h.tell(w, "chat")
	if len(said) != len(want) {
		t.Fatalf("%d runs: sent %q, want %q", len(h.runs), said, want)
	}
	for i := range want {
		if !strings.HasPrefix(said[i], want[i]) {
			t.Fatalf("%d runs: sent %q, want %q", len(h.runs), said, want)
		}
	}
	if again, _ := h.tell(w, "chat"); again != nil {
		t.Fatalf("%d runs: sent again: %q", len(h.runs), again)
	}
	return keys
}

const slower = "change: p95 changed for the worse, and for good: GET /search from "

// A level that changed is sent once over all later runs, and once more when it is over.
func TestSlowerOnce(t *testing.T) {
	h := &history{}
	h.days(20, 100)
	var sent, keys []string
	for range 12 {
		h.add(150)
		said, key := h.tell(h.watch(), "chat")
		sent, keys = append(sent, said...), append(keys, key...)
	}
	if len(sent) != 1 || !strings.HasPrefix(sent[0], slower+"100ms to 1") ||
		!strings.Contains(sent[0], "since run day 020 of commit abcdef0123") {
		t.Fatalf("sent %q", sent)
	}
	if other, key := h.tell(h.watch(), "pager"); len(other) != 1 || key[0] == "" {
		t.Errorf("another receiver is sent %q", other)
	}
	var ended []string
	for range 30 {
		h.add(100)
		said, key := h.tell(h.watch(), "chat")
		if ended = append(ended, said...); said != nil && key[0] != keys[0] {
			t.Errorf("it began with the key %s and ended with %s", keys[0], key[0])
		}
	}
	if len(ended) != 1 || !strings.HasPrefix(ended[0], "change: over: p95 changed for the worse") {
		t.Errorf("ended with %q", ended)
	}
	var again []string
	for range 30 {
		h.add(160)
		said, key := h.tell(h.watch(), "chat")
		if again = append(again, said...); said != nil && key[0] == keys[0] {
			t.Error("another change has the key of the first")
		}
	}
	if len(again) != 1 {
		t.Errorf("another change is sent as %q", again)
	}
}

func TestSlowerStates(t *testing.T) {
	throughput := func(w *alert.Watch) { w.Metric = metric.Throughput }
	for _, tt := range []struct {
		name  string
		made  func(*history)
		watch func(*alert.Watch)
		want  string // "": no state
	}{
		{"slower", func(h *history) { h.days(20, 100); h.days(10, 150) }, nil, slower + "100ms to 150ms"},
		{"faster", func(h *history) { h.days(20, 100); h.days(10, 60) }, nil, ""},
		{"less throughput", func(h *history) { h.days(20, 100); h.days(10, 150) }, throughput,
			"change: throughput changed for the worse, and for good: GET /search from 10/s to 6.6"},
		{"more throughput", func(h *history) { h.days(20, 100); h.days(10, 60) }, throughput, ""},
		{"less than is asked for", func(h *history) { h.days(20, 100); h.days(10, 150) },
			func(w *alert.Watch) { w.Least = 0.6 }, ""},
		{"back in part", func(h *history) { h.days(20, 100); h.days(20, 200); h.days(20, 150) }, nil,
			slower + "100ms to 150ms"},
		{"back", func(h *history) { h.days(20, 100); h.days(20, 200); h.days(20, 100) }, nil, ""},
		{"accepted", func(h *history) { h.days(20, 100); h.days(10, 150); h.mark(20, true) }, nil, ""},
		{"accepted before", func(h *history) { h.days(20, 100); h.days(10, 150); h.mark(10, true) }, nil,
			slower + "100ms to 150ms"},
		{"the newest run has no figure", func(h *history) {
			h.days(20, 100)
			h.days(10, 150)
			h.add(150, func(r *baseline.Run) { r.Figures, r.Verdict = r.Figures[1:2], "fail" })
		}, nil, slower + "100ms to 150ms"},
		{"on another machine since", func(h *history) {
			h.days(20, 100)
			h.days(10, 150, func(r *baseline.Run) { r.Origin.Runner.Name = "large" })
		}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := &history{}
			tt.made(h)
			w := h.watch()
			if tt.watch != nil {
				tt.watch(&w)
			}
			if tt.want == "" {
				h.expect(t, w)
				return
			}
			h.expect(t, w, tt.want)
		})
	}
}

// Where any host counts, a level that changed is found over hosts, sent once whatever host is the newest, and a
// deployment of its own has no series of its own.
func TestSlowerOverHosts(t *testing.T) {
	preview := func(any bool) func(*baseline.Run) {
		return func(r *baseline.Run) {
			r.Target, r.AnyHost = "https://pr-"+strings.TrimPrefix(r.ID, "day ")+".preview.test", any
		}
	}
	for _, any := range []bool{false, true} {
		h := &history{}
		h.days(20, 100, preview(false))
		h.days(10, 150, preview(false))
		h.add(150, preview(any))
		if !any {
			h.expect(t, h.watch())
			continue
		}
		h.expect(t, h.watch(), slower)
		h.add(150, preview(true))
		h.expect(t, h.watch())
	}
}

// Another endpoint that changes later is news: the first alert ends, and one with both begins.
func TestSlowerNews(t *testing.T) {
	h := &history{}
	h.days(20, 100)
	h.days(10, 150)
	first := h.expect(t, h.watch(), slower)
	var sent, keys []string
	for range 15 {
		h.add(150, slow)
		said, key := h.tell(h.watch(), "chat")
		sent, keys = append(sent, said...), append(keys, key...)
	}
	if len(sent) != 2 || !strings.HasPrefix(sent[0], "change: over: ") || keys[0] != first[0] ||
		!strings.Contains(sent[1], "GET /still from 50.1ms to 75ms since run day 030") || keys[1] == first[0] {
		t.Errorf("sent %q as %q, after %q", sent, keys, first)
	}
}

func TestSilent(t *testing.T) {
	h := &history{}
	h.days(5, 100)
	w := h.watch()
	h.expect(t, w)
	w.Now = w.Now.Add(6 * 24 * time.Hour)
	h.expect(t, w)
	w.Now = w.Now.Add(24 * time.Hour)
	first := h.expect(t, w, "silent: no run for 7 days: the last one began at 2026-11-05 00:00:00 UTC")
	w.Now = w.Now.Add(30 * 24 * time.Hour)
	h.expect(t, w)
	// It runs again, on a machine of another class, and is silent again.
	h.add(100, func(r *baseline.Run) { r.Started, r.Origin.Runner.Name = w.Now, "large" })
	if over := h.expect(t, w, "silent: over: no run for 7 days"); over[0] != first[0] {
		t.Errorf("it began with %q and ended with %q", first, over)
	}
	w.Now = w.Now.Add(8 * 24 * time.Hour)
	if again := h.expect(t, w, "silent: no run for 8 days"); again[0] == first[0] {
		t.Error("the second silence has the key of the first")
	}
	hours := &history{}
	hours.days(5, 100)
	w = hours.watch()
	w.SilentFor, w.Now = 6*time.Hour, w.Now.Add(6*time.Hour)
	hours.expect(t, w, "silent: no run for 7 hours: ")
	// A run of a clock that is ahead hides no silence.
	ahead := &history{}
	ahead.days(5, 100)
	w = ahead.watch()
	ahead.add(100, func(r *baseline.Run) { r.Started = w.Now.AddDate(1, 0, 0) })
	w.Now = w.Now.Add(7 * 24 * time.Hour)
	ahead.expect(t, w, "silent: no run for 7 days: the last one began at 2026-11-05 00:00:00 UTC")
	// A profile that ran once or twice is not missed.
	few := &history{}
	few.days(2, 100)
	w.Now = w.Now.Add(365 * 24 * time.Hour)
	few.expect(t, w)
}

func TestNoBaseline(t *testing.T) {
	h := &history{}
	h.days(2, 100)
	h.expect(t, h.watch()) // there never was one
	h.days(4, 100)
	h.expect(t, h.watch())
	h.add(100, edited)
	h.expect(t, h.watch(), "baseline: the next run is not compared with earlier ones: there are 1 of the 3 runs "+
		"that it takes; left out: 6 runs of another profile or load")
	h.add(100, edited)
	h.expect(t, h.watch())
	h.add(100, edited)
	h.expect(t, h.watch(), "baseline: over: ")
	for at := range 3 {
		h.mark(6+at, false)
	}
	h.expect(t, h.watch(), "baseline: the next run is not compared")
	// Who accepts a run begins anew, and knows.
	begun := &history{}
	begun.days(6, 100)
	begun.add(300)
	begun.mark(6, true)
	begun.expect(t, begun.watch())
	// Failed runs leave the baseline as it was.
	failing := &history{}
	failing.days(6, 100)
	failing.days(6, 300, func(r *baseline.Run) { r.Verdict = "fail" })
	failing.expect(t, failing.watch())
}

// Each question keeps its own alerts: another metric or branch ends none.
func TestScopes(t *testing.T) {
	h := &history{}
	h.days(20, 100)
	h.days(10, 150)
	h.expect(t, h.watch(), slower)
	w := h.watch()
	w.Metric = metric.Mean
	h.expect(t, w)
	w = h.watch()
	w.Runs = "branch=main"
	h.expect(t, w, slower)
	h.expect(t, h.watch())
}

// A mark of an alert is no judgement on the run.
func TestAlertIsNoMark(t *testing.T) {
	h := &history{}
	h.days(20, 100)
	h.days(10, 150)
	h.expect(t, h.watch(), slower)
	if mark, ok := h.runs[29].Mark(); ok || !h.runs[29].Counts() {
		t.Errorf("the run is marked: %+v", mark)
	}
	h.mark(29, false)
	if mark, ok := h.runs[29].Mark(); !ok || mark.Accepted {
		t.Errorf("the mark of a person is not seen: %+v", mark)
	}
}

// Whatever becomes of the runs: what is open is ended at most once, with its own key, and nothing is sent twice in a
// row. Two processes that see the same runs send the same.
func TestAlertsAlternate(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := &history{}
		h.days(15, 100)
		now := h.now()
		open := map[string]bool{}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			level := rapid.SampledFrom([]float64{100, 150, 220}).Draw(rt, "level")
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0:
				h.days(rapid.IntRange(1, 12).Draw(rt, "days"), level, edited)
			case 1:
				h.mark(rapid.IntRange(0, len(h.runs)-1).Draw(rt, "run"), rapid.Bool().Draw(rt, "accepted"))
			case 2:
				now = now.AddDate(0, 0, 8)
			default:
				h.days(rapid.IntRange(1, 12).Draw(rt, "days"), level)
			}
			w := h.watch()
			if now.Before(w.Now) {
				now = w.Now
			}
			w.Now = now
			one, two := w.Due(h.runs, w.States(h.runs), "chat"), w.Due(h.runs, w.States(h.runs), "chat")
			for i, e := range one {
				if two[i].Key() != e.Key() || two[i].Over != e.Over {
					rt.Fatal("the same runs give other events")
				}
				if e.Over != open[e.Key()] {
					rt.Fatalf("%s: over %v, was open %v", e.Key(), e.Over, open[e.Key()])
				}
				open[e.Key()] = !e.Over
			}
			h.tell(w, "chat")
			if again := w.Due(h.runs, w.States(h.runs), "chat"); again != nil {
				rt.Fatalf("sent again: %+v", again)
			}
		}
	})
}

// A mark of a clock that is ahead does not make an alert come again: the next mark is newer, on whatever run.
func TestMarksAhead(t *testing.T) {
	h := &history{}
	h.days(30, 100)
	h.days(12, 150)
	w := h.watch()
	w.Now = w.Now.AddDate(1, 0, 0)
	w.SilentFor = 2 * 365 * 24 * time.Hour
	h.expect(t, w, slower)
	h.days(30, 100)
	w.Now = h.now()
	h.expect(t, w, "change: over")
	h.days(12, 150)
	w.Now = h.now()
	h.expect(t, w, slower)
}
