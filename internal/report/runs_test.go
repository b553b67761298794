package report_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/result"
)

// fixtureRuns are 24 nights of one load on main: a search that became slower
// for good on the fifteenth and an order that became faster, one endpoint that
// came later, a night that failed, an undecided one, one that was accepted and
// one that was rejected; and a run of another profile and of another machine.
func fixtureRuns() []baseline.Run {
	runner := result.Runner{CPU: "AMD EPYC 7763 64-Core Processor", Cores: 4, Memory: 16 << 30, OS: "linux/amd64"}
	night := func(day int) baseline.Run {
		return baseline.Run{
			ID:      fmt.Sprintf("202611%02dT013000Z-%06x", day, 0xa10000+day*4099),
			Started: time.Date(2026, 11, day, 1, 30, 0, 0, time.UTC),
			Tool:    "loadgate 0.1.0", Name: "tutormax", Profile: "weekly",
			Target: "http://localhost:8000", Digest: "4be1c0ffee", Seed: uint64(day),
			End: result.Complete, Verdict: "pass",
			Origin: result.Origin{Commit: fmt.Sprintf("%010x%030x", 0x9f3c21ab00+day*65537, day),
				Branch: "main", Runner: runner},
		}
	}
	random := rand.New(rand.NewPCG(5, 8))
	var runs []baseline.Run
	for day := 1; day <= 24; day++ {
		r := night(day)
		about := func(ms float64) float64 { return ms * 1e6 * math.Exp(0.015*random.NormFloat64()) }
		add := func(endpoint string, transaction bool, ms float64, requests int64) {
			r.Figures = append(r.Figures,
				baseline.Figure{Endpoint: endpoint, Transaction: transaction,
					Metric: p50, Value: about(ms / 2), Err: 0.008, Requests: requests},
				baseline.Figure{Endpoint: endpoint, Transaction: transaction,
					Metric: metric.P95, Value: about(ms), Err: 0.021, Requests: requests},
				baseline.Figure{Endpoint: endpoint, Transaction: transaction,
					Metric: metric.Throughput, Value: float64(requests) / 90, Requests: requests})
		}
		search, order := 101.0, 240.0
		if day >= 15 {
			search, order = 148, 205
		}
		if day == 9 {
			search = 530
		}
		add("GET /api/tutors/search?subject=math&city=berlin", false, search, 1620)
		add("POST /api/orders", false, order, 540)
		if day >= 5 {
			add("GET /api/dashboard/metrics", false, 71, 810)
		}
		add("checkout", true, 2*order+search, 270)
		switch day {
		case 9:
			r.Verdict = "fail"
		case 12:
			r.Verdict = "inconclusive"
		case 16:
			r.Verdict = "fail"
			r.Marks = []baseline.Mark{
				{Reason: "the cache was cold", By: "ben", At: r.Started.Add(7 * time.Hour)},
				{Accepted: true, Reason: "search looks at two more columns since #231, by design; product has agreed " +
					"to it in the planning of November", By: "ann", At: r.Started.Add(8 * time.Hour)},
			}
		case 20:
			r.Marks = []baseline.Mark{{Reason: "the host was migrated meanwhile", At: r.Started.Add(9 * time.Hour)}}
		}
		runs = append(runs, r)
	}
	other, machine := night(23), night(22)
	other.ID, other.Profile, other.Digest, other.Origin.Branch = "20261123T150000Z-0c0ffe",
		"light", "77", "feature/a-branch-with-a-long-name"
	other.Started = other.Started.Add(13*time.Hour + 30*time.Minute)
	machine.ID, machine.Origin.Runner = "20261122T150000Z-5eed00", result.Runner{Name: "ubuntu-large"}
	machine.Started = machine.Started.Add(13*time.Hour + 30*time.Minute)
	return baseline.Ordered(append(runs, other, machine))
}

var p50, _ = metric.Parse("p50")

// goldenPage compares a page, and holds it against its width.
func goldenPage(t *testing.T, name string, width int, write func(io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	goldenBytes(t, name, got.Bytes())
	if line, cells := widest(got.String()); cells > width {
		t.Errorf("%s: a line of %d cells, want at most %d:\n%s", name, cells, width, line)
	}
}

// goldenBytes compares text with testdata/golden/name.
func goldenBytes(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestGoldenHistory(t *testing.T) {
	runs := fixtureRuns()
	for _, width := range []int{80, 100, 140} {
		o := content.Options{Width: width}
		goldenPage(t, fmt.Sprintf("history-list-%d.txt", width),
			width, func(w io.Writer) error { return terminal.WriteRuns(w, runs, "h", o) })
		goldenPage(t, fmt.Sprintf("history-chart-%d.txt", width), width, func(w io.Writer) error {
			return terminal.NewChart(runs, metric.P95, "*").Write(w, "h", o)
		})
	}
	goldenPage(t, "baseline-list.txt", 100, func(w io.Writer) error {
		main := slices.DeleteFunc(slices.Clone(runs), func(r baseline.Run) bool { return r.Origin.Branch != "main" })
		main[17].Base, main[17].Why = baseline.Failed, "it failed: quick, p95 of POST /api/orders"
		main[18].Base, main[18].Why = baseline.Late,
			"its generator was late by 90ms, more than the median p95 of its endpoints, 71ms"
		return terminal.WriteBaseline(w, main, "h", content.Options{})
	})
	goldenPage(t, "history-show.txt", 100,
		func(w io.Writer) error { return terminal.WriteRun(w, runs[15], content.Options{}) })
	goldenPage(t, "history-chart-color.txt", 100, func(w io.Writer) error {
		return terminal.NewChart(runs[:12], p50, "GET *").Write(w, "h", content.Options{Color: true})
	})
	goldenPage(t, "history-list-color.txt", 100, func(w io.Writer) error {
		return terminal.WriteRuns(w, runs[7:20], "h", content.Options{Color: true})
	})
	var data bytes.Buffer
	if err := terminal.NewChart(runs[3:], metric.P95, "GET *").WriteData(&data); err != nil {
		t.Fatal(err)
	}
	goldenBytes(t, "history-chart.json", data.Bytes())
}

// hostile draws what a target, a branch or a reason may hold: escapes, line
// breaks, marks that turn the direction, wide letters, bytes that are no text.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringOfN(rapid.SampledFrom([]rune("a/é面談\u0301\u202e\u200b\x1b[2J\x07\n\r\t…")), 0, 60, -1),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 40), func(b []byte) string { return string(b) }),
	)
}

// Whatever a run holds, its pages are clean, keep their width, and do not
// tear a letter apart.
func TestHistoryOfHostileText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(label string) string { return hostile().Draw(t, label) }
		var runs []baseline.Run
		for i := range rapid.IntRange(1, 12).Draw(t, "runs") {
			r := fixtureRuns()[i]
			r.ID, r.Verdict, r.Name, r.Profile, r.Target = text("id"),
				text("verdict"), text("name"), text("profile"), text("target")
			r.Origin.Commit, r.Origin.Branch, r.Origin.Runner.Name = text("commit"), text("branch"), text("runner")
			r.Marks = append(r.Marks, baseline.Mark{Reason: text("reason"), By: text("by"), At: r.Started})
			r.Base, r.Why = baseline.Failed, text("why")
			for at := range r.Figures {
				r.Figures[at].Endpoint = text("endpoint")
			}
			runs = append(runs, r)
		}
		wide := rapid.SampledFrom([]int{80, 100, 140}).Draw(t, "width")
		o := content.Options{Width: wide}
		folder := text("folder")
		for name, write := range map[string]func(io.Writer) error{
			"WriteRuns":     func(w io.Writer) error { return terminal.WriteRuns(w, runs, folder, o) },
			"WriteBaseline": func(w io.Writer) error { return terminal.WriteBaseline(w, runs, folder, o) },
			"WriteRun":      func(w io.Writer) error { return terminal.WriteRun(w, runs[len(runs)-1], o) },
			"Chart.Write": func(w io.Writer) error {
				return terminal.NewChart(runs, metric.P95, "*").Write(w, "h", o)
			},
		} {
			var b strings.Builder
			if err := write(&b); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimSuffix(line, "\n")
				if at := strings.IndexFunc(line,
					func(r rune) bool { return !unicode.IsPrint(r) && r != unicode.ReplacementChar }); at >= 0 {
					t.Fatalf("%s prints %q in %q", name, line[at:], line)
				}
			}
			if line, cells := widest(b.String()); cells > wide {
				t.Fatalf("%s: a line of %d cells, want at most %d:\n%s", name, cells, wide, line)
			}
		}
	})
}

// A commit is cut between letters.
func TestACommitIsCutBetweenLetters(t *testing.T) {
	r := fixtureRuns()[0]
	r.Origin.Commit = "größer-größer-größer"
	var b strings.Builder
	if err := terminal.WriteRuns(&b, []baseline.Run{r}, "h", content.Options{}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, " größer-grö") ||
		strings.ContainsRune(text, unicode.ReplacementChar) {
		t.Errorf("the commit is torn:\n%s", text)
	}
}

func TestAnEmptyHistorySaysHowToFillIt(t *testing.T) {
	const want = "No run in h. loadgate run --record keeps one.\n"
	for name, write := range map[string]func(io.Writer) error{
		"WriteRuns":     func(w io.Writer) error { return terminal.WriteRuns(w, nil, "h", content.Options{}) },
		"WriteBaseline": func(w io.Writer) error { return terminal.WriteBaseline(w, nil, "h", content.Options{}) },
		"Chart.Write": func(w io.Writer) error {
			return terminal.NewChart(nil, metric.P95, "*").Write(w, "h",
				content.Options{})
		},
	} {
		var b strings.Builder
		if err := write(&b); err != nil || b.String() != want {
			t.Errorf("%s = %q, %v, want %q", name, b.String(), err, want)
		}
	}
	var data bytes.Buffer
	if err := terminal.NewChart(nil, metric.P95, "*").WriteData(&data); err != nil {
		t.Fatal(err)
	}
	if want := `"runs": [],` + "\n  " + `"lines": []`; !strings.Contains(data.String(), want) {
		t.Errorf("data of nothing: %s, want %s", data.String(), want)
	}
}

func TestAChartOfOneRun(t *testing.T) {
	var b strings.Builder
	if err := terminal.NewChart(fixtureRuns()[:1], metric.P95, "POST *").Write(&b, "h", content.Options{}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "p95 of 1 run, 2026-11-01 to 2026-11-01\n") ||
		!strings.Contains(text, "POST /api/orders  ▄") {
		t.Errorf("chart:\n%s", text)
	}
	b.Reset()
	if err := terminal.NewChart(fixtureRuns(), metric.P95, "/nothing").Write(&b, "h", content.Options{}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "No endpoint") {
		t.Errorf("chart of no endpoint:\n%s", text)
	}
}

// The legend has the signs of the runs that are left out, and only those.
func TestLegendOfAChart(t *testing.T) {
	runs := fixtureRuns()[:6]
	for i := range runs {
		runs[i].Base = baseline.Fit
	}
	chart := func() string {
		var b strings.Builder
		if err := terminal.NewChart(runs, metric.P95, "*").Write(&b, "h", content.Options{}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if text := chart(); strings.Contains(text, "left out") || strings.Contains(text, "not used") {
		t.Errorf("nothing is left out of the chart:\n%s", text)
	}
	runs[2].Base = baseline.Late
	if text := chart(); !strings.Contains(text, "left out") ||
		!strings.Contains(text, "\nl late generator: not used as a baseline\n") {
		t.Errorf("chart with a late run:\n%s", text)
	}
}
