package report_test

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// crowdCheck is one of many findings: a rule that breaks at an endpoint of its own.
type crowdCheck func(i int) verdict.Check

func endpointOf(i int) string { return fmt.Sprintf("GET /api/e%d/", i) }

// slow is p95 above its limit. Its rule is one of several.
func slow(rules int) crowdCheck {
	return func(i int) verdict.Check {
		got, name := ms(float64(600+i)), endpointOf(i)
		return verdict.Check{
			Rule: fmt.Sprintf("rule %d", i%rules), Subject: name, Endpoints: []string{name}, Metric: metric.P95,
			Outcome: verdict.Fail, Shown: true, Got: got, Limit: ms(500), Requests: 300,
			Because:  broken(reason.ValueAbove, metric.P95, got, ms(500)),
			Remedies: []reason.Reason{reason.LookAtLatency.Plain()},
		}
	}
}

// failed is success below its floor, where a share of the failures has a label; 1: all have.
func failed(label string, why reason.Code, share float64) crowdCheck {
	return func(i int) verdict.Check {
		got, name := ratio(.9-float64(i)/1000), endpointOf(i)
		args := reason.Args{"label": label, "why": why.With(reason.Args{"status": 301, "location": name + "/"})}
		if share < 1 {
			args["share"] = ratio(share).Quantity
		}
		return verdict.Check{
			Rule: "rule " + name, Subject: name, Endpoints: []string{name}, Metric: metric.Success,
			Outcome: verdict.Fail, Shown: true, Got: got, Limit: ratio(.99), Requests: 300,
			Because: broken(reason.ValueBelow, metric.Success, got, ratio(.99)),
			Also:    []reason.Reason{reason.FailuresMostly.With(args)}, Remedies: []reason.Reason{why.Plain()},
		}
	}
}

// floor is throughput below its floor, with failures beside 300 successes.
func floor(failures int64) crowdCheck {
	return func(i int) verdict.Check {
		c := slow(100)(i)
		c.Metric, c.Got, c.Limit = metric.Throughput, rate(8, unit.PerSecond), rate(10, unit.PerSecond)
		c.Because = broken(reason.ValueBelow, metric.Throughput, c.Got, c.Limit)
		c.Also = []reason.Reason{reason.FailedUncounted.With(reason.Args{"failed": failures})}
		c.Remedies = []reason.Reason{reason.LookAtThroughput.Plain()}
		return c
	}
}

// thin is a percentile of too few requests, which a run of i minutes would decide.
func thin(i int) verdict.Check {
	c := slow(100)(i)
	longer := time.Duration(i) * time.Minute
	c.Outcome, c.Decides = verdict.Inconclusive, longer
	c.Because = reason.TooFewRequests.With(reason.Args{"requests": 9 + i, "metric": "p95", "needed": 82})
	side := []reason.Code{reason.ValueWithin, reason.ValueAbove}[i%2]
	c.Also = []reason.Reason{reason.SoFar.With(broken(side, metric.P95, c.Got, c.Limit).Args)}
	c.Remedies = []reason.Reason{reason.RunLongerUsers.With(reason.Args{"longer": longer, "was": time.Minute})}
	return c
}

// unguardedFailures are those of an endpoint that no rule judges.
func unguardedFailures(i int) verdict.Check {
	c := failed("500", reason.Status500, 1)(i)
	c.Rule, c.Outcome = "", verdict.Inconclusive
	c.Because = reason.FailuresUnlimited.With(reason.Args{"share": c.Got.Quantity, "requests": int64(300 + i)})
	c.Remedies = []reason.Reason{reason.LimitFailures.With(reason.Args{"endpoint": c.Subject})}
	return c
}

// worse is p95 above that of earlier runs, by a share and a little.
func worse(share float64) crowdCheck {
	return func(i int) verdict.Check {
		c := slow(100)(i)
		change := share + float64(i)/1000
		c.Rule, c.Limit = verdict.BaselineRule, verdict.Value{}
		c.Comparison = &verdict.Comparison{Base: ms(400), Runs: 5, Change: change, Gated: true}
		c.Because = reason.WorseThanEarlier.With(reason.Args{"metric": "p95", "value": c.Got.Quantity,
			"base": ms(400).Quantity, "rise": change, "runs": 5})
		c.Remedies = []reason.Reason{reason.LookAtChanges.Plain()}
		return c
	}
}

// times are several checks, from one endpoint on.
func times(n, from int, one crowdCheck) []verdict.Check {
	var checks []verdict.Check
	for i := range n {
		checks = append(checks, one(from+i))
	}
	return checks
}

// outaged breaks in an outage.
func outaged(one crowdCheck) crowdCheck {
	return func(i int) verdict.Check {
		c := one(i)
		args := maps.Clone(c.Because.Args)
		args["when"] = reason.TimeStretch.With(reason.Args{"from": "10:00:01", "until": "10:00:11"})
		c.Because = reason.LimitOutage.With(args)
		return c
	}
}

// Many findings of one explanation are one line in the table, on the page and in Markdown, with all of
// them behind it where it opens; few are themselves, and so is what has another explanation. JUnit and
// verdict.json have every check.
func TestCrowdsAreOneLine(t *testing.T) {
	pool := verdict.Cause{
		Because: reason.PoolExhausted.With(
			reason.Args{"pool": "pool", "full": 40, "readings": 40, "from": ratio(.95).Quantity}),
		Size: ratio(0.97), Of: verdict.OfSlow,
	}
	half, queries := pool, pool
	half.Size = ratio(0.5)
	queries.Because = reason.ManyQueries.With(reason.Args{"endpoint": endpointOf(3), "calls": []reason.Reason{}})
	queries.Endpoints, queries.Size = []string{endpointOf(3)}, ratio(0.3)
	broke := failed("500", reason.Status500, 1)
	for _, c := range []struct {
		name   string
		checks [][]verdict.Check
		causes []verdict.Cause
		open   int    // findings that stand open
		line   string // on the page and in Markdown
		says   string // in all three
	}{
		{"one cause, three rules", [][]verdict.Check{times(26, 0, slow(3))}, []verdict.Cause{pool}, 1,
			"26 endpoints: GET /api/e25/, GET /api/e24/, GET /api/e23/ and 23 more", "pool: exhausted"},
		{"one rule", [][]verdict.Check{times(9, 0, slow(1))}, nil, 1,
			"9 endpoints: GET /api/e8/, GET /api/e7/, GET /api/e6/ and 6 more", "p95 is above the limit"},
		{"five", [][]verdict.Check{times(5, 0, slow(1))}, nil, 1,
			"GET /api/e4/, GET /api/e3/, GET /api/e2/, GET /api/e1/, GET /api/e0/", "p95 is above the limit"},
		{"few of a rule", [][]verdict.Check{times(3, 0, slow(1))}, nil, 3, "GET /api/e2/", "p95 is 602ms"},
		{"few of three rules", [][]verdict.Check{times(7, 0, slow(3))}, nil, 7, "GET /api/e6/", "p95 is 606ms"},
		{"three rules without a cause", [][]verdict.Check{times(9, 0, slow(3))}, nil, 1, "9 endpoints",
			"p95 is above the limit"},
		{"a cause of a half", [][]verdict.Check{times(9, 0, slow(3))}, []verdict.Cause{half}, 1, "9 endpoints",
			"p95 is above the limit"},
		{"a cause at one endpoint beside that of all", [][]verdict.Check{times(26, 0, slow(26))},
			[]verdict.Cause{pool, queries}, 2, "25 endpoints", "pool: exhausted"},
		{"every failure is one", [][]verdict.Check{times(26, 0, broke)}, nil, 1, "26 endpoints: GET /api/e25/",
			"every failure: 500"},
		{"two kinds of failure", [][]verdict.Check{times(13, 0, broke),
			times(13, 13, failed("503", reason.Status503, 1))}, nil, 2, "13 endpoints: GET /api/e25/",
			"every failure: 503"},
		{"slow among those that fail", [][]verdict.Check{times(26, 0, broke), times(1, 7, slow(100))}, nil, 2,
			"26 endpoints", "p95 is 607ms"},
		{"nearly every failure", [][]verdict.Check{times(20, 0, broke),
			times(5, 20, failed("500", reason.Status500, .95))}, nil, 1, "25 endpoints",
			"95% or more of the failures: 500"},
		{"half of the failures of one", [][]verdict.Check{times(20, 0, broke),
			times(1, 20, failed("500", reason.Status500, .55))}, nil, 2, "20 endpoints", "every failure: 500"},
		{"an outage breaks some and decides others", [][]verdict.Check{times(13, 0, broke),
			times(13, 13, outaged(broke))}, nil, 1, "26 endpoints", "every failure: 500"},
		{"the slash of each path", [][]verdict.Check{times(26, 0, failed("301", reason.RedirectedSlash, 1))}, nil, 1,
			"26 endpoints", "301, answers 301 to the path with a slash at its end"},
		{"floors that failures break", [][]verdict.Check{times(13, 0, floor(100)), times(13, 13, floor(1))}, nil, 2,
			"13 endpoints", "requests that failed do not count"},
		{"too few requests", [][]verdict.Check{times(26, 2, thin)}, nil, 1, "26 endpoints", "run 27m instead of 1m"},
		{"failures without a rule", [][]verdict.Check{times(26, 0, unguardedFailures)}, nil, 1, "26 endpoints",
			"requests failed, and no rule limits their failures; every failure: 500"},
		{"regressions by one factor", [][]verdict.Check{times(25, 0, worse(.3)), times(1, 25, worse(9))}, nil, 2,
			"25 endpoints", "p95 is worse than in earlier runs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := verdict.Verdict{Causes: c.causes}
			for _, checks := range c.checks {
				v.Checks = append(v.Checks, checks...)
			}
			view := content.NewView(fixtureResult(), v, content.Options{Confidence: .95})
			texts := map[string]string{"table": oneLine(table(t, view))}
			if n := len(regexp.MustCompile(`(?m)^([✗?] |INCONCLUSIVE  \d+ endpoints)`).FindAllString(
				table(t, view), -1)); n != c.open {
				t.Errorf("table: %d findings, want %d:\n%s", n, c.open, table(t, view))
			}
			for format, inner := range map[string]*regexp.Regexp{
				"html":     regexp.MustCompile(`(?s)<details>.*?</details>`),
				"markdown": regexp.MustCompile(`(?s)<details><summary>The .*?</details>`),
			} {
				text := string(formatted(t, format, view))
				if format == "html" {
					text, _, _ = strings.Cut(text[strings.Index(text, `id="findings"`):], "</section>")
				} else {
					text, _, _ = strings.Cut(text, "<details><summary>✅")
					text, _, _ = strings.Cut(text, "<details><summary>Endpoints")
				}
				for _, check := range v.Checks {
					if !regexp.MustCompile(regexp.QuoteMeta(check.Subject) + "(<|`| \\|)").MatchString(text) {
						t.Errorf("%s: the finding at %s is nowhere", format, check.Subject)
					}
				}
				open := inner.ReplaceAllString(text, "")
				found := regexp.MustCompile(`(FAIL|INCONCLUSIVE)(</span>| \|)`).FindAllString(open, -1)
				if n := len(found); n != c.open {
					t.Errorf("%s: %d findings stand open, want %d", format, n, c.open)
				}
				if !strings.Contains(open, c.line) {
					t.Errorf("%s: no line with %q in\n%s", format, c.line, open)
				}
				texts[format] = oneLine(open)
			}
			for format, text := range texts {
				if !strings.Contains(text, c.says) {
					t.Errorf("%s does not say %q:\n%s", format, c.says, text)
				}
			}
			if n := strings.Count(string(formatted(t, "junit", view)), "<testcase "); n != len(v.Checks) {
				t.Errorf("JUnit has %d cases of %d checks", n, len(v.Checks))
			}
			if n := strings.Count(string(formatted(t, "verdict", view)), `"subject":`); n != len(v.Checks) {
				t.Errorf("verdict.json has %d of %d checks", n, len(v.Checks))
			}
			whole := content.NewView(fixtureResult(), v, content.Options{All: true})
			if n := len(whole.Table.Rows) + len(whole.Table.Compared) + len(whole.Table.Health); n != len(v.Checks) {
				t.Errorf("the table with all has %d rows of %d checks", n, len(v.Checks))
			}
		})
	}
}

// A line of many findings counts each request once, whichever of them judge it.
func TestCrowdsCountRequestsOnce(t *testing.T) {
	over := func(requests int64, from, until int) verdict.Check {
		c := slow(1)(from)
		c.Endpoints, c.Requests = nil, requests
		for i := from; i < until; i++ {
			c.Endpoints = append(c.Endpoints, endpointOf(i))
		}
		return c
	}
	for name, c := range map[string]struct {
		checks []verdict.Check
		want   string
	}{
		"one each":  {times(5, 0, slow(1)), "1,500"},
		"one twice": {append(times(5, 0, slow(1)), slow(1)(2)), "1,500"},
		"groups, and all together": {
			[]verdict.Check{over(600, 0, 2), over(600, 2, 4), over(300, 2, 4), over(1_300, 0, 4)}, "1,300",
		},
		"groups that overlap": {
			[]verdict.Check{over(700, 0, 3), over(700, 2, 5), over(300, 5, 7), over(300, 7, 9)}, "",
		},
	} {
		view := content.NewView(fixtureResult(), verdict.Verdict{Checks: c.checks}, content.Options{})
		if rows := view.Table.Rows; len(rows) != 1 || rows[0].Requests != c.want {
			t.Errorf("%s: %+v, want one row of %q requests", name, rows, c.want)
		}
	}
}

// Endpoints that are judged together may be sound each: they are no part of a line of endpoints that are not.
func TestCrowdsKeepTogetherApart(t *testing.T) {
	all := slow(1)(0)
	all.Subject, all.Scope = "rule 0", verdict.Together
	for i := range 9 {
		all.Endpoints = append(all.Endpoints[:i:i], endpointOf(i))
	}
	v := verdict.Verdict{Checks: append(times(6, 0, slow(1)), all)}
	view := content.NewView(fixtureResult(), v, content.Options{})
	rows := view.Table.Rows
	if len(rows) != 2 || rows[0].Subject != "6 endpoints" || rows[1].Subject != "9 endpoints together" {
		t.Errorf("rows: %+v", rows)
	}
}

// Where nothing at all succeeds, it is the worst.
func TestCrowdsBeginWithNothing(t *testing.T) {
	checks := times(9, 0, failed("500", reason.Status500, 1))
	checks[4].Got = ratio(0)
	view := content.NewView(fixtureResult(), verdict.Verdict{Checks: checks}, content.Options{})
	if all := view.Crowds()[0].All; all[0].Subject != endpointOf(4) {
		t.Errorf("the worst is %s with %s", all[0].Subject, all[0].Value)
	}
}

// The banner counts the rules that do not fit into a few lines.
func TestBannerIsShort(t *testing.T) {
	v := verdict.Verdict{Checks: times(60, 0, failed("500", reason.Status500, 1))}
	page := string(formatted(t, "html", content.NewView(fixtureResult(), v, content.Options{})))
	why := regexp.MustCompile(`<p class="why">(60 of 60 rules broken: [^<]* and \d+ more\. Exit code 1\.)</p>`)
	if found := why.FindStringSubmatch(page); found == nil || len(found[1]) > 400 {
		t.Errorf("the sentence of the banner is %q", found)
	}
}

// oneLine is a text with its breaks and indentations as single blanks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
