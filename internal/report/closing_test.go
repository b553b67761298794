package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/verdict"
)

var everyOutcome = []verdict.Outcome{verdict.Pass, verdict.Warn, verdict.Inconclusive, verdict.Fail}

// The last line says one thing, whatever there is of findings about the run, rules
// and ways to count what is undecided.
func TestClosingSaysOneThing(t *testing.T) {
	r := fixtureResult()
	for _, undecided := range []config.Undecided{config.UndecidedStays,
		config.UndecidedFails, config.UndecidedWarns, config.UndecidedPasses} {
		for _, firm := range []bool{false, true} {
			for _, health := range everyOutcome {
				for _, first := range everyOutcome {
					for _, second := range everyOutcome {
						v := verdict.Verdict{Undecided: undecided,
							Next: reason.MoreUsers.Plain(), Checks: []verdict.Check{
								{Subject: "generator", Outcome: health, Because: says("it was late"), Firm: firm},
								{Rule: "first", Subject: "GET /a", Metric: metric.P95, Outcome: first, Shown: true},
								{Rule: "second", Subject: "GET /a", Metric: metric.P95, Outcome: second, Shown: true},
							}}
						for kind, view := range map[string]content.View{
							"run":   content.NewView(r, v, content.Options{Confidence: .95}),
							"pairs": content.NewPairsView(r, r, 5, compared(v), content.Options{Confidence: .95}),
						} {
							c := view.Closing
							if why := contradiction(c, undecided); why != "" {
								t.Errorf("%s, %v with health %v, rules %v and %v, firm %v: %s: %s %s",
									kind, undecided, health, first, second, firm, why, c.Word(), c.Sentence())
							}
						}
					}
				}
			}
		}
	}
}

// compared makes comparisons of the rules' checks.
func compared(v verdict.Verdict) verdict.Verdict {
	v.Checks = slices.Clone(v.Checks)
	for i := range v.Checks {
		if v.Checks[i].Rule != "" {
			v.Checks[i].Comparison = &verdict.Comparison{Gated: true}
		}
	}
	return v
}

var brokenRules = regexp.MustCompile(`broken|is worse than`)

// contradiction names the part of a closing line that contradicts another part; "": there is
// none.
func contradiction(c content.Closing, undecided config.Undecided) string {
	text := c.Sentence()
	says := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(text, w) {
				return true
			}
		}
		return false
	}
	codes := map[verdict.Outcome]int{verdict.Pass: 0, verdict.Warn: 0, verdict.Fail: 1, verdict.Inconclusive: 3}
	switch {
	case c.ExitCode != codes[c.Final] || !says(fmt.Sprintf("Exit code %d.", c.ExitCode)):
		return "the exit code is not that of the outcome"
	case c.Outcome == verdict.Fail && says("the run cannot be judged",
		"the comparison cannot be judged", "to decide", " hold", "not shown to be worse"):
		return "it fails and is undecided"
	case c.Outcome == verdict.Inconclusive &&
		(brokenRules.MatchString(text) || says("rules hold", "not shown to be worse")):
		return "it is undecided and decided"
	case (c.Outcome == verdict.Pass || c.Outcome == verdict.Warn) &&
		(brokenRules.MatchString(text) || says("cannot be", "to decide", "judge.inconclusive")):
		return "it holds and does not"
	case says("judge.inconclusive") && c.Final == verdict.Inconclusive && !says("does not hold"):
		return "the file's word is quoted, and not followed"
	case c.Final != c.Outcome && (c.Outcome != verdict.Inconclusive || undecided == config.UndecidedStays):
		return "another outcome than the judged one"
	}
	return ""
}
