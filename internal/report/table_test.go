package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/mattn/go-runewidth"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

func table(t interface{ Fatal(...any) }, view content.View) string {
	var b strings.Builder
	if err := report.Formats()[0].Write(&b, view); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// widest returns the line of text that takes the most terminal cells, by
// another library than the one that laid the table out.
func widest(text string) (line string, cells int) {
	narrow := runewidth.Condition{EastAsianWidth: false}
	for l := range strings.Lines(sgr.ReplaceAllString(text, "")) {
		l = strings.TrimRight(l, "\n")
		// Of a few marks, such as U+1171E, two libraries count one cell and none.
		if w := min(narrow.StringWidth(l), twwidth.WidthWithOptions(l, twwidth.Options{})); w > cells {
			line, cells = l, w
		}
	}
	return line, cells
}

func TestTableKeepsItsWidth(t *testing.T) {
	long := "GET /api/" + strings.Repeat("very/long/", 30) + "?status=active"
	wide := "GET /api/" + strings.Repeat("面談", 40)
	var v verdict.Verdict
	for i := range 20 {
		v.Checks = append(v.Checks, verdict.Check{
			Rule: fmt.Sprintf("a rule with quite a long name, number %d", i), Subject: []string{long, wide}[i%2],
			Metric: metric.FailureRate, Got: ratio(.08765), Low: ratio(.0712), High: ratio(.0987), Limit: ratio(.0105),
			Requests: 1_234_567, Outcome: verdict.Outcome(i % 4), Shown: true,
			Because:  says(strings.Repeat("because ", 30) + long + fmt.Sprint(i)),
			Remedies: advises(strings.Repeat("x", 300)),
		})
	}
	v.Checks = append(v.Checks,
		verdict.Check{Subject: long, Outcome: verdict.Fail, Because: says(long), Remedies: advises(wide)},
		verdict.Check{Subject: wide, Outcome: verdict.Pass})
	r := fixtureResult()
	r.Name, r.Target, r.Endpoints[1].Name = long, "http://"+wide, wide
	for _, c := range []struct{ asked, want int }{{0, 100}, {20, 80},
		{80, 80}, {100, 100}, {120, 120}, {140, 140}, {500, 160}} {
		for _, o := range []content.Options{{}, {All: true}, {Color: true, All: true}} {
			o.Width, o.Confidence = c.asked, 0.95
			text := table(t, content.NewView(r, v, o))
			if line, cells := widest(text); cells > c.want {
				t.Errorf("Width %d, All %t: a line of %d cells, want at most %d:\n%s",
					c.asked, o.All, cells, c.want, line)
			}
			if n := strings.Count(text, "…"); n < 20 {
				t.Errorf("Width %d: %d names shortened, want all 20", c.asked, n)
			}
		}
	}
}

func TestColorSaysNothingThatWordsDoNot(t *testing.T) {
	r, v := fixtureResult(), fixtureVerdict()
	plain := table(t, content.NewView(r, v, content.Options{All: true}))
	colored := table(t, content.NewView(r, v, content.Options{All: true, Color: true}))
	if colored == plain {
		t.Fatal("Color: true wrote no colour")
	}
	if strings.Contains(plain, "\x1b") {
		t.Error("Color: false wrote an escape")
	}
	if got := sgr.ReplaceAllString(colored, ""); got != plain {
		t.Errorf("the words differ with colour:\n%s\nwithout:\n%s", got, plain)
	}
}

// drawVerdict draws checks of a few rules, metrics and outcomes.
func drawVerdict(t *rapid.T) verdict.Verdict {
	metrics := []metric.Metric{metric.P95, metric.Success, metric.Throughput}
	one := rapid.Custom(func(t *rapid.T) verdict.Check {
		c := verdict.Check{
			Rule:    rapid.SampledFrom([]string{"", "alpha", "beta", "gamma"}).Draw(t, "rule"),
			Subject: "GET /" + rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "subject"),
			Metric:  rapid.SampledFrom(metrics).Draw(t, "metric"),
			Outcome: rapid.SampledFrom([]verdict.Outcome{verdict.Inconclusive,
				verdict.Pass, verdict.Pass, verdict.Warn, verdict.Fail}).Draw(t, "outcome"),
			Because: says(rapid.SampledFrom([]string{"", "one reason", "another reason"}).Draw(t, "reason")),
			Shown:   rapid.Bool().Draw(t, "shown"),
		}
		if rapid.Bool().Draw(t, "measured") {
			c.Got = verdict.Measured(unit.Quantity{Value: rapid.Float64Range(0.001, 1).Draw(t, "got"),
				Unit: c.Metric.Unit()})
			c.Limit = verdict.Measured(unit.Quantity{Value: rapid.Float64Range(0.001, 1).Draw(t, "limit"),
				Unit: c.Metric.Unit()})
		}
		return c
	})
	return verdict.Verdict{
		Checks:    rapid.SliceOfN(one, 0, 30).Draw(t, "checks"),
		Undecided: config.Undecided(rapid.IntRange(0, 3).Draw(t, "undecided")),
	}
}

func TestEveryCheckIsInTheTable(t *testing.T) {
	r := fixtureResult()
	rapid.Check(t, func(t *rapid.T) {
		v := drawVerdict(t)
		all := rapid.Bool().Draw(t, "all")
		view := content.NewView(r, v, content.Options{All: all})
		var seen []int
		for _, f := range view.Health {
			seen = append(seen, f.Checks...)
			if f.Outcome != verdict.Pass && len(f.Checks) != 1 {
				t.Fatalf("health checks %v share a finding with outcome %v", f.Checks, f.Outcome)
			}
		}
		for _, row := range view.Table.Rows {
			seen = append(seen, row.Checks...)
			one := row.Findings == 0
			if (all || one && row.Outcome != verdict.Pass) && len(row.Checks) != 1 {
				t.Fatalf("checks %v share a row with outcome %v", row.Checks, row.Outcome)
			}
			if one && row.More != len(row.Checks)-1 || !one && row.Findings != len(row.Checks) {
				t.Fatalf("More = %d and Findings = %d for %d checks", row.More, row.Findings, len(row.Checks))
			}
			for _, i := range row.Checks {
				c := v.Checks[i]
				if c.Outcome != row.Outcome || one && c.Rule != row.Rule {
					t.Fatalf("check %d (%s, %v) is in the row of %s, %v", i, c.Rule, c.Outcome, row.Rule, row.Outcome)
				}
				if !one {
					continue
				}
				if wording.Reason(c) != "" && !slices.ContainsFunc(row.Notes,
					func(n int) bool { return view.Table.Notes[n-1].Reason == wording.Reason(c) }) {
					t.Fatalf("the reason of check %d is in none of its row's notes", i)
				}
			}
		}
		slices.Sort(seen)
		for i := range v.Checks {
			if i >= len(seen) || seen[i] != i {
				t.Fatalf("the table shows checks %v, want each of %d once", seen, len(v.Checks))
			}
		}
		text := table(t, view)
		for _, row := range view.Table.Rows {
			line := regexp.MustCompile(`(?m)^. ` + row.Rule + ` +` + regexp.QuoteMeta(row.Subject) + `.*$`)
			if !line.MatchString(text) {
				t.Fatalf("no line shows %s at %s:\n%s", row.Rule, row.Subject, text)
			}
			if !strings.Contains(text, "\n"+row.Outcome.String()+"\n") {
				t.Fatalf("no heading says %v:\n%s", row.Outcome, text)
			}
		}
	})
}

func TestHostileTextNeverReachesTheTerminal(t *testing.T) {
	r := fixtureResult()
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"\x1b[2J\x1b[1;1HPASS  9 of 9 rules hold.", "a\r\nPASS", "\u202egnp.exe",
			"\u2066x\u2069", "\x9b31m", "a\tb\vc\u2028d", "\xff\xfe", "e\u0301\u0301", "\x1b]0;title\x07",
		})).Draw(t, "text")
		r.Name, r.Profile, r.Target, r.Endpoints[0].Name = hostile, hostile, hostile, hostile
		v := verdict.Verdict{}
		for i := range 4 {
			for _, rule := range []string{"", "r" + hostile} {
				v.Checks = append(v.Checks, verdict.Check{Rule: rule, Subject: hostile,
					Because: says(hostile), Remedies: advises(hostile),
					Outcome: verdict.Outcome(i), Metric: metric.P95, Got: ms(1)})
			}
		}
		text := table(t, content.NewView(r, v, content.Options{All: true}))
		for _, c := range text {
			if c != '\n' && !unicode.IsPrint(c) {
				t.Fatalf("%q reached the terminal in:\n%q", c, text)
			}
		}
		if _, cells := widest(text); cells > 100 {
			t.Fatalf("a line of %d cells, want at most 100:\n%s", cells, text)
		}
	})
}

// GitHub takes a line that begins with two colons for a command, wherever the text came from and
// wherever it was wrapped.
func TestNoLineIsACommand(t *testing.T) {
	const command = "::error::owned"
	r := fixtureResult()
	r.Name, r.Profile, r.Endpoints[0].Name = command, "", command
	text := table(t, content.NewView(r, verdict.Verdict{
		Checks: []verdict.Check{
			{Subject: command, Because: says(strings.Repeat(command+" ", 40))},
			{Rule: command, Subject: command, Because: says(strings.Repeat(command+" ", 40))},
		},
		Excepted: []verdict.Excepted{{Rule: command, Endpoints: []string{command},
			Reason: strings.Repeat(command+" ", 40)}},
	}, content.Options{All: true}))
	if !strings.Contains(text, "error::owned") {
		t.Fatal("the table does not show what it was given")
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("a line is a command: %q", line)
		}
	}
}

// Names that no note gives in full are broken behind a sign, and never cut.
func TestNamesAreBrokenAndNotCut(t *testing.T) {
	const name = "GET /api/v2/tenants/{tenant}/projects/{project}/reports/of_the_last_month?expand=members&limit=50"
	const group, rule = "dashboards_of_the_regional_managers_and_of_their_deputies", "reports_of_the_last_month_of_all"
	r := fixtureResult()
	r.Endpoints[0].Name = name
	for i := range r.Endpoints {
		r.Endpoints[i].Server = nil // the heads of its columns are short
	}
	v := verdict.Verdict{Checks: []verdict.Check{
		held(verdict.Fail, metric.P95, name, ms(912), ms(640), ms(590), ms(694), .4, .1),
		held(verdict.Pass, metric.Mean, name, ms(91), ms(91), ms(59), ms(94), 0, .1),
	}}
	s, err := thresholds.Decode([]byte(`version: 1
target: {url: "http://localhost:8000"}
name: load_of_all_the_regions_and_of_their_branches
profiles: {"the_nightly_run_with_all_reports_and_all_exports_of_the_month": {users: 20, spawn_rate: 10/s, duration: 5m}}
users: {`+group+`: {wait: 1s, steps: ["`+name+`", GET /b]}}
thresholds: {`+rule+`: {endpoints: ["*"], p95: 200ms, success: 99%}}
`), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{80, 100} {
		o := content.Options{Width: width, All: true}
		var timetable strings.Builder
		if err := (terminal.Timetable{Plan: p, Forecasts: p.Forecast()}).Write(&timetable, o); err != nil {
			t.Fatal(err)
		}
		for what, text := range map[string]string{
			"plan": timetable.String(), "comparison": table(t, content.NewView(r, v, o)),
		} {
			if strings.Contains(text, "…") {
				t.Errorf("the %s of %d columns cuts a name:\n%s", what, width, text)
			}
			for line := range strings.Lines(text) {
				cell, _, _ := strings.Cut(strings.TrimLeft(strings.TrimSuffix(line, "\n"), "✗✓!? "), "  ")
				for _, whole := range []string{name, group, rule} {
					_, rest, found := strings.Cut(whole, cell)
					if found && len(cell) > 5 && rest != "" && rest[0] != ' ' &&
						!strings.ContainsAny(cell[len(cell)-1:], "_/?=&") {
						t.Errorf("the %s of %d columns breaks within a word: %q", what, width, line)
					}
				}
			}
		}
	}
}

func TestEmptyRunsSaySo(t *testing.T) {
	text := table(t, content.NewView(&result.Result{}, verdict.Verdict{}, content.Options{All: true}))
	for _, want := range []string{"unnamed run", "none was sent",
		"cut short", "INCONCLUSIVE  nothing was judged. Exit code 3."} {
		if !strings.Contains(text, want) {
			t.Errorf("the table of an empty run does not say %q:\n%s", want, text)
		}
	}
}

// Twenty endpoints that differ by one segment in the middle of a long path are
// still twenty different rows.
func TestShortenedNamesStayApart(t *testing.T) {
	for _, form := range []string{
		"GET /api/v2/tenants/{tenant}/projects/{project}/reports/%d?expand=members&limit=50",
		"GET /api/%d/tenants/{tenant}/projects/{project}/reports?expand=members&limit=50",
		"GET /api/v2/tenants/{tenant}/projects/{project}/reports?expand=members&limit=%d",
		"%d is a name of the user's own without any method in front of the path that follows it",
	} {
		var v verdict.Verdict
		for i := range 20 {
			v.Checks = append(v.Checks, verdict.Check{
				Rule: "a rule with a long name", Subject: fmt.Sprintf(form, i),
				Metric: metric.P95, Got: ms(912), Low: ms(866), High: ms(974),
				Limit: ms(500), Outcome: verdict.Fail, Because: says("one reason"),
			})
		}
		rows := map[string]bool{}
		for line := range strings.Lines(table(t, content.NewView(fixtureResult(), v, content.Options{All: true}))) {
			if strings.HasPrefix(line, "✗ ") {
				rows[line] = true
			}
		}
		if len(rows) != 20 {
			t.Errorf("%s: %d different rows, want 20", form, len(rows))
		}
	}
}

// Words for several endpoints have no note that gives them in full: on a narrow page the name
// of the rule gives way to them, and where that is not enough they go on in the next line.
func TestWordsForSeveralEndpointsStayWhole(t *testing.T) {
	several := func(scope verdict.Scope, rule string, n int) verdict.Check {
		return verdict.Check{
			Rule: rule, Scope: scope, Endpoints: make([]string, n), Metric: metric.FailureRate,
			Got: ratio(.08765), Low: ratio(.0712), High: ratio(.0987), Limit: ratio(.1),
			Requests: 1_234_567, Outcome: verdict.Pass, Shown: true,
		}
	}
	long := "all requests of the public interface"
	for width := 80; width <= 120; width += 4 {
		for _, c := range []struct {
			checks []verdict.Check
			want   []string
		}{
			{[]verdict.Check{several(verdict.Together, long, 4)}, []string{"4 endpoints together"}},
			{[]verdict.Check{several(verdict.Rest, "x", 12)}, []string{"the other 12 together"}},
			{[]verdict.Check{several(verdict.Together, long, 120), several(verdict.Rest, long+" too", 12),
				{Rule: long, Subject: "GET /api/" + strings.Repeat("long/", 20), Outcome: verdict.Pass}},
				[]string{"120 endpoints together", "the other 12 together"}},
		} {
			text := table(t, content.NewView(fixtureResult(), verdict.Verdict{Checks: c.checks},
				content.Options{Width: width, Confidence: .95}))
			_, rows, _ := strings.Cut(text, "RULE ")
			head, body, _ := strings.Cut(rows, "\n")
			from, to := len("RULE ")+strings.Index(head, "ENDPOINT"), len("RULE ")+strings.Index(head, "VALUE")
			var words []string
			for line := range strings.Lines(body) {
				if runes := []rune(strings.TrimRight(line, "\n")); len(runes) > from {
					words = append(words, strings.Fields(string(runes[from:min(to, len(runes))]))...)
				}
			}
			for _, want := range c.want {
				if !strings.Contains(strings.Join(words, " "), want) {
					t.Errorf("width %d: no %q in its column:\n%s", width, want, text)
				}
			}
			if line, cells := widest(text); cells > width {
				t.Errorf("width %d: a line of %d cells: %s", width, cells, line)
			}
		}
	}
}
