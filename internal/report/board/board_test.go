package board_test

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/board"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// night is a small run of a shop on main, so many days after the first of September.
func night(day int, change ...func(*baseline.Run)) baseline.Run {
	r := baseline.Run{
		Started: time.Date(2026, 9, 1, 1, 30, 0, 0, time.UTC).AddDate(0, 0, day), Tool: "loadgate test",
		Name: "shop", Profile: "nightly", Target: "http://localhost:8000", Digest: "sha256:4be1", End: result.Complete,
		Verdict: "pass", Base: baseline.Fit,
		Origin: result.Origin{Commit: fmt.Sprintf("%040x", day+1), Branch: "main",
			Runner: result.Runner{Name: "small"}},
	}
	ms := 100 * []float64{1, 1.012, 0.991, 1.004, 0.987, 1.008}[day%6]
	if day >= 40 {
		ms *= 1.5
	}
	for _, e := range []string{"GET /search", "POST /orders"} {
		r.Figures = append(r.Figures,
			baseline.Figure{Endpoint: e, Metric: metric.P95, Value: ms * 1e6, Err: 0.02, Requests: 500},
			baseline.Figure{Endpoint: e, Metric: metric.Throughput, Value: 25, Requests: 500})
		ms = 100
	}
	r.ID = r.Started.Format("20060102T150405Z") + "-" + fmt.Sprintf("%06x", day)
	for _, f := range change {
		f(&r)
	}
	return r
}

func nights(n int) []baseline.Run {
	var all []baseline.Run
	for day := range n {
		all = append(all, night(day))
	}
	return all
}

// measured is the result of any of the runs.
func measured() *result.Result {
	r := &result.Result{Schema: result.Schema, Tool: "loadgate test", Name: "shop", Profile: "nightly",
		Digest: "sha256:4be1", Planned: result.Planned{Users: 5, Duration: 2 * time.Second}, End: result.Complete,
		Started: time.Date(2026, 9, 1, 1, 30, 0, 0, time.UTC), Elapsed: 2 * time.Second, Slot: time.Second,
		Timeline: []result.Moment{{Slot: 0, Users: 5}, {Slot: 1, Users: 5}}, Shards: []result.Shard{{K: 1, N: 1}}}
	for _, name := range []string{"GET /search", "POST /orders"} {
		e := result.Endpoint{Name: name}
		for slot := range 2 {
			var l hist.Latency
			l.Record(30 * time.Millisecond)
			l.Record(40 * time.Millisecond)
			e.Slots = append(e.Slots, result.Slot{Slot: slot, Requests: 3, Latency: l.Sparse(),
				Failed: map[metric.Failure]int64{metric.Timeout: 1}})
		}
		r.Endpoints = append(r.Endpoints, e)
	}
	value := func(v float64) *float64 { return &v }
	r.Resources = []result.Resource{{Name: "cpu", Unit: unit.Ratio, Readings: []result.GaugeReading{
		{At: 0, Value: value(0.2)}, {At: 1, Value: value(0.9)}, {At: 2, Value: value(0.4)}, {At: 3, Problem: "gone"}}}}
	return r
}

// boardOf is the board of the runs.
func boardOf(runs []baseline.Run, o board.Options) *board.Board {
	r := measured()
	return board.New(board.Source{Runs: runs, Result: func(string) (*result.Result, error) { return r, nil },
		Tally: func(string) (board.Tally, bool) { return board.TallyOf(r), true }}, o)
}

// written are the pages of a board, by their paths.
func written(t interface{ Fatal(...any) }, b *board.Board) map[string]string {
	all := map[string]string{}
	for _, p := range b.Pages() {
		var text bytes.Buffer
		if err := p.Write(&text); err != nil {
			t.Fatal(err)
		}
		all[p.Path] = text.String()
	}
	return all
}

var (
	hrefs     = regexp.MustCompile(`href="([^"]*)"`)
	plainPath = regexp.MustCompile(`^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)?$`)
	anchors   = regexp.MustCompile(` id="([^"]*)"`)
)

// Whatever runs are called, every link leads to a page and a place that there is, every page is reached from the
// overview, and every path can be that of a file.
func TestLinksLead(t *testing.T) {
	word := rapid.OneOf(rapid.SampledFrom([]string{"main", "", "a/b", "../..", `"><script>`, "javascript:1", "Main",
		"a b", "\u202e", strings.Repeat("long", 200)}), rapid.String())
	rapid.Check(t, func(rt *rapid.T) {
		var runs []baseline.Run
		for day := range rapid.IntRange(0, 6).Draw(rt, "runs") {
			runs = append(runs, night(day, func(r *baseline.Run) {
				r.Name, r.Profile = word.Draw(rt, "name"), rapid.SampledFrom([]string{"", "light"}).Draw(rt, "profile")
				r.Origin.Branch = rapid.SampledFrom([]string{"main", "../x"}).Draw(rt, "branch")
				r.Origin.Commit, r.Target = word.Draw(rt, "commit"), word.Draw(rt, "target")
				if rapid.Bool().Draw(rt, "odd") {
					r.ID = word.Draw(rt, "id") + fmt.Sprint(day)
				}
			}))
		}
		pages := written(rt, boardOf(runs, board.Options{Commits: htmlpage.Web("https://example.org/a")}))
		reached := map[string]bool{board.IndexPath: true}
		for from, text := range pages {
			if !plainPath.MatchString(from) || strings.Contains(from, "..") {
				rt.Fatalf("%q is no path", from)
			}
			for _, m := range hrefs.FindAllStringSubmatch(text, -1) {
				href := html.UnescapeString(m[1])
				if strings.HasPrefix(href, "https://example.org/a/commit/") {
					continue
				}
				file, place, _ := strings.Cut(href, "#")
				to := from
				if file != "" {
					to = path.Join(path.Dir(from), file)
				}
				target, ok := pages[to]
				if !ok {
					rt.Fatalf("%s leads to %q, which is not there", from, href)
				}
				reached[to] = true
				if place != "" && to != board.ComparePath && !slices.ContainsFunc(
					anchors.FindAllStringSubmatch(target, -1), func(m []string) bool { return m[1] == place }) {
					rt.Fatalf("%s leads to %q, and %s has no such place", from, href, to)
				}
			}
		}
		for page := range pages {
			twos := strings.Contains(pages[board.IndexPath], "any two")
			if !reached[page] && (page != board.ComparePath || twos) {
				rt.Fatalf("no page leads to %s", page)
			}
		}
	})
}

// A page with the key of an earlier one is equal to it, to the byte; a new run changes the key of its neighbour
// alone, and a mark that of the run that it is on and of the comparisons with it.
func TestKeys(t *testing.T) {
	states := map[string][]baseline.Run{"12 runs": nights(12), "13 runs": nights(13), "the newest 11": nights(12)[1:]}
	marked := nights(12)
	marked[5].Marks = []baseline.Mark{{Reason: "the host was busy", At: marked[5].Started}}
	states["one is rejected"] = marked
	before := boardOf(nights(12), board.Options{})
	pages := written(t, before)
	keys := map[string]string{}
	for _, p := range before.Pages() {
		keys[p.Path] = p.Key
	}
	for name, want := range map[string]int{"12 runs": 0, "13 runs": 1, "the newest 11": 1, "one is rejected": 3} {
		b := boardOf(states[name], board.Options{})
		after, changed := written(t, b), 0
		for _, p := range b.Pages() {
			switch old, there := keys[p.Path]; {
			case !there || p.Key == "":
			case old != p.Key:
				changed++
			case pages[p.Path] != after[p.Path]:
				t.Errorf("%s: %s has its key and other bytes", name, p.Path)
			}
		}
		if changed != want {
			t.Errorf("%s: %d pages that were there have another key, want %d", name, changed, want)
		}
	}
	other := boardOf(nights(12), board.Options{Made: "loadgate 2"})
	for _, p := range other.Pages() {
		if p.Key != "" && p.Key == keys[p.Path] {
			t.Fatalf("%s has the same key when another program makes it", p.Path)
		}
	}
	shuffled := nights(12)
	slices.Reverse(shuffled)
	for p, text := range written(t, boardOf(shuffled, board.Options{})) {
		if text != pages[p] {
			t.Errorf("%s depends on the order in which the runs are given", p)
		}
	}
}

// A series is one load, host, branch and class of runner; a load that was edited in parts goes on being one.
func TestSeries(t *testing.T) {
	edited := baseline.Load{Course: "c", Around: "a",
		Asked: []baseline.Asked{{Endpoint: "GET /search", Request: "r", Rate: 5}}}
	for _, test := range []struct {
		name   string
		change func(*baseline.Run)
		series int
	}{
		{"the same", func(*baseline.Run) {}, 1},
		{"another branch", func(r *baseline.Run) { r.Origin.Branch = "feature" }, 2},
		{"another host", func(r *baseline.Run) { r.Target = "https://staging.example.org" }, 2},
		{"another host each, of which any counts", func(r *baseline.Run) {
			r.Target, r.AnyHost = "https://pr-"+r.ID[:8]+".preview.example.org", true
		}, 1},
		{"another port of this machine", func(r *baseline.Run) { r.Target = "http://127.0.0.1:9" }, 1},
		{"another machine", func(r *baseline.Run) { r.Origin.Runner.Name = "large" }, 2},
		{"another load", func(r *baseline.Run) { r.Digest = "sha256:77" }, 2},
		{"an edited load", func(r *baseline.Run) { r.Digest = "sha256:77"; r.Load = edited }, 1},
	} {
		runs := nights(8)
		for i := range runs {
			runs[i].Load = edited
			if i%2 == 1 {
				test.change(&runs[i])
			}
			if test.name == "another load" {
				runs[i].Load = baseline.Load{}
			}
		}
		paths := map[string]bool{}
		for _, p := range boardOf(runs, board.Options{}).Pages() {
			if strings.HasPrefix(p.Path, "series/") {
				paths[p.Path] = true
			}
		}
		if len(paths) != test.series {
			t.Errorf("%s: %d series %v, want %d", test.name, len(paths), paths, test.series)
		}
	}
}

// A series over hosts keeps the name of its page when a run against a new one comes, and says how many there are.
func TestSeriesOverHosts(t *testing.T) {
	preview := func(r *baseline.Run) {
		r.Target, r.AnyHost = "https://pr-"+r.ID[6:8]+".preview.example.org", true
	}
	var names []string
	for n := 8; n <= 9; n++ {
		var runs []baseline.Run
		for day := range n {
			runs = append(runs, night(day, preview))
		}
		for name, text := range written(t, boardOf(runs, board.Options{})) {
			if !strings.HasPrefix(name, "series/") {
				continue
			}
			names = append(names, name)
			if want := fmt.Sprintf("https://pr-%02d.preview.example.org and %d other hosts", n, n-1); !strings.Contains(
				html.UnescapeString(text), want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
	if len(names) != 2 || names[0] != names[1] {
		t.Errorf("its pages are %q, want one name", names)
	}
}

// The page of a series says where its level changed, which runs the next one is compared with, what people said and
// why others do not count, and draws failures, throughput and resources.
func TestSeriesPage(t *testing.T) {
	runs := nights(60)
	runs[50].Marks = []baseline.Mark{{Reason: "the host was <migrated>", By: "ben", At: runs[50].Started}}
	runs[55].Verdict, runs[55].Base, runs[55].Why = "fail", baseline.Failed, "p95 is above its limit"
	pages := written(t, boardOf(runs, board.Options{Commits: htmlpage.Web("https://example.org/a/b/")}))
	var text string
	for p, of := range pages {
		if strings.HasPrefix(p, "series/") {
			text = of
		}
	}
	for _, want := range []string{
		`href="https://example.org/a/b/commit/0000000000000000000000000000000000000029"`, // of the fortieth night
		"level since 2026-10-11 01:30", `{"text":"+50%"`, "rejected: the host was &lt;migrated&gt; — ben",
		"no: rejected: the host was &lt;migrated&gt;", `{"text":"rejected"`, `"name":"in the baseline"`,
		`"name":"failed"`, `"unit":"per_s"`, `"title":"cpu"`, "58 of them",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	// The overview has the same in short.
	for _, want := range []string{"&#43;50%",
		`<a href="run/` + runs[50].ID + `.html" title="2026-10-21 01:30 · PASS` +
			` · 0000000000, rejected: the host was &lt;migrated&gt; — ben, not used as a baseline`,
		">✓R<", ">✗<", "33.3%"} {
		if !strings.Contains(pages[board.IndexPath], want) {
			t.Errorf("the overview lacks %s", want)
		}
	}
}

// What the next run is compared with has a line in the strip, and nothing else has.
func TestStripShowsBaseline(t *testing.T) {
	runs := nights(9)
	runs[3].Verdict, runs[3].Base = "fail", baseline.Failed
	runs[6].Marks = []baseline.Mark{{Reason: "busy", At: runs[6].Started}}
	next := runs[8]
	next.Started = next.Started.Add(time.Second)
	past := baseline.Select(runs, baseline.Query{Run: next})
	text := written(t, boardOf(runs, board.Options{}))[board.IndexPath]
	for _, r := range runs {
		counts := slices.ContainsFunc(past.Runs, func(p baseline.Run) bool { return p.ID == r.ID })
		lined := regexp.MustCompile(`<li class="\w* lined"><a href="run/` + r.ID).MatchString(text)
		if counts != lined {
			t.Errorf("run %s: it counts: %v; it has a line: %v", r.ID, counts, lined)
		}
	}
}

// The page of a run says that an alert was sent, and that it is over, beside what people said.
func TestMarksOfARun(t *testing.T) {
	runs := nights(2)
	runs[1].Marks = []baseline.Mark{{Reason: "search is slower", At: runs[1].Started, Told: &baseline.Told{}},
		{Reason: "search is fast again", At: runs[1].Started, Told: &baseline.Told{Over: true}},
		{Reason: "the new index", At: runs[1].Started, Accepted: true}}
	text := written(t, boardOf(runs, board.Options{}))["run/"+runs[1].ID+".html"]
	for _, want := range []string{"<dt>alert 2026-09-02 01:30</dt><dd>search is slower",
		"<dt>alert over 2026-09-02 01:30</dt><dd>search is fast again",
		"<dt>accepted 2026-09-02 01:30</dt><dd>the new index"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page of the run lacks %q", want)
		}
	}
}

// A form is only on the pages of a server that takes it.
func TestForm(t *testing.T) {
	for _, marks := range []string{"", "mark"} {
		for p, text := range written(t, boardOf(nights(2), board.Options{Marks: marks})) {
			want := marks != "" && strings.HasPrefix(p, "run/")
			if got := strings.Contains(text, `<form method="post" action="../mark">`); got != want {
				t.Errorf("marks %q: %s has a form: %v", marks, p, got)
			}
		}
	}
}

// A run whose result cannot be read has a page with what is kept beside it.
func TestUnreadable(t *testing.T) {
	runs := nights(3)
	b := board.New(board.Source{Runs: runs,
		Result: func(string) (*result.Result, error) { return nil, errors.New("it is cut off") },
		Tally:  func(string) (board.Tally, bool) { return board.Tally{}, false }}, board.Options{})
	pages := written(t, b)
	for p, want := range map[string]string{"run/" + runs[1].ID + ".html": "GET /search",
		"compare/" + runs[1].ID + ".html": "one of them cannot be read", board.IndexPath: "GET /search"} {
		if !strings.Contains(pages[p], want) {
			t.Errorf("%s lacks %q", p, want)
		}
	}
}

// Nobody takes an empty history for a pass.
func TestEmpty(t *testing.T) {
	text := written(t, boardOf(nil, board.Options{}))[board.IndexPath]
	if strings.Contains(text, "PASS") || !strings.Contains(text, "The history is empty") {
		t.Error("an empty history does not say that it is")
	}
	if p, ok := boardOf(nights(2), board.Options{}).Page(""); !ok || p.Path != board.IndexPath {
		t.Errorf("the page without a path is %v, %v", p.Path, ok)
	}
	if _, ok := boardOf(nights(2), board.Options{}).Page("../index.html"); ok {
		t.Error("there is a page outside of the board")
	}
}

// The worst of the newest outcomes is that of the board, and an outcome that nobody knows is none that passed.
func TestOverall(t *testing.T) {
	for _, test := range []struct {
		verdicts []string
		word     string
		text     string
	}{
		{[]string{"pass"}, "PASS", "The newest run passed. 1 run, 2026-09-01."},
		{[]string{"pass", "fail", "warn"}, "FAIL", "The newest run of 1 of 3 series failed. 3 runs"},
		{[]string{"pass", "inconclusive"}, "INCONCLUSIVE", "of 1 of 2 series could not be judged"},
		{[]string{"warn", "warn"}, "WARN", "of each of the 2 series passed with warnings"},
		{[]string{"splendid"}, "INCONCLUSIVE", "could not be judged"},
	} {
		var runs []baseline.Run
		for i, v := range test.verdicts {
			runs = append(runs, night(0, func(r *baseline.Run) {
				r.Verdict, r.Origin.Branch, r.ID = v, fmt.Sprint("b", i), fmt.Sprint(r.ID, i)
			}))
		}
		text := written(t, boardOf(runs, board.Options{}))[board.IndexPath]
		if !strings.Contains(text, `<p class="word">`+test.word+"<") || !strings.Contains(text, test.text) {
			t.Errorf("%v: the overview lacks %s or %q", test.verdicts, test.word, test.text)
		}
	}
}

func TestTally(t *testing.T) {
	want := board.TallyOf(measured())
	if len(want.Counts) != 2 || want.Counts[0] != (board.Count{Endpoint: "GET /search", Requests: 6, Failed: 2}) {
		t.Errorf("counted %+v", want.Counts)
	}
	if len(want.Gauges) != 1 || want.Gauges[0] != (board.Gauge{Name: "cpu", Unit: unit.Ratio, Median: 0.4, Most: 0.9}) {
		t.Errorf("read %+v", want.Gauges)
	}
	var text bytes.Buffer
	if err := board.WriteTallies(&text, map[string]board.Tally{"a": want}); err != nil {
		t.Fatal(err)
	}
	if got := board.ReadTallies(text.Bytes())["a"]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	for _, bad := range []string{"", "[]", `{"schema":"loadgate.tallies/2","runs":{"a":{}}}`} {
		if got := board.ReadTallies([]byte(bad)); got != nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}

// A file that somebody changed cannot stop a board.
func FuzzReadTallies(f *testing.F) {
	f.Add([]byte(`{"schema":"loadgate.tallies/1","runs":{"` + night(1).ID +
		`":{"counts":[{"endpoint":"GET /search","requests":-1,"failed":9}],` +
		`"gauges":[{"name":"cpu","unit":"ratio","median":1e308,"most":-1e308}]}}}`))
	runs := nights(3)
	f.Fuzz(func(t *testing.T, text []byte) {
		all := board.ReadTallies(text)
		b := board.New(board.Source{Runs: runs,
			Result: func(string) (*result.Result, error) { return nil, errors.New("none") },
			Tally:  func(id string) (board.Tally, bool) { t, ok := all[id]; return t, ok }}, board.Options{})
		for _, p := range b.Pages() {
			if p.Key == "" && p.Document().Title == "" {
				t.Errorf("%s has no title", p.Path)
			}
		}
		if all == nil {
			return
		}
		var again bytes.Buffer
		if err := board.WriteTallies(&again, all); err != nil {
			t.Fatal(err)
		}
		if got := board.ReadTallies(again.Bytes()); len(got) != len(all) {
			t.Errorf("%d runs were read, and %d when they were written again", len(all), len(got))
		}
	})
}
