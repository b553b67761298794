package content

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Closing is the last thing said about a run: the outcome, why, and the exit
// code it leads to.
type Closing struct {
	Outcome  verdict.Outcome // as judged
	Final    verdict.Outcome // after judge.inconclusive; decides the exit code
	ExitCode int

	Undecided config.Undecided
	Next      string // what would decide an inconclusive run
	causes    []cause
	failures  []string // what loadgate could not do
	smoke     bool     // failures alone were judged
}

// cause is one part of the sentence: what is the matter, and with which rules
// or for which reasons. Either may be empty.
type cause struct {
	text  string
	names []string
}

// Word is the outcome as the first word of the line: the judged one, with
// what it counts as where the file says so. A run that could not be judged is
// never called a pass alone.
func (c Closing) Word() string {
	if c.Final != c.Outcome {
		return c.Outcome.String() + ", counted as " + c.Final.String()
	}
	return c.Outcome.String()
}

// Shade is the outcome whose colour and sign the line has: a pass of which
// something is missing has not the sign of one.
func (c Closing) Shade() verdict.Outcome {
	shade := c.Final.Worse(c.Outcome)
	if c.Unfinished() {
		shade = shade.Worse(verdict.Inconclusive)
	}
	return shade
}

// Unfinished says whether the exit code is that of a failure of loadgate's own, and
// not the verdict's.
func (c Closing) Unfinished() bool { return len(c.failures) > 0 && c.ExitCode != exitcode.Of(c.Final) }

// EndedBy is why the exit code is another than the verdict's; empty: it is the verdict's.
func (c Closing) EndedBy() reason.Code {
	switch {
	case c.ExitCode == exitcode.Of(c.Final):
		return ""
	case c.ExitCode == exitcode.Interrupted:
		return reason.RunInterrupted
	case c.Unfinished():
		return reason.NotFinished
	}
	return reason.NotRun
}

// Sentence says why, with every rule's name.
func (c Closing) Sentence() string { return c.sentence(math.MaxInt) }

// Fitted is Sentence with as many names as fit into two lines of limit cells;
// the rest is counted.
func (c Closing) Fitted(limit int) string {
	names := 0
	for _, k := range c.parts() {
		names = max(names, len(k.names))
	}
	for ; names > 1; names-- {
		if text := typeset.Clean(c.sentence(names)); len(typeset.Wrap(text, limit)) <= 2 {
			return text
		}
	}
	return typeset.Clean(c.sentence(1))
}

func (c Closing) sentence(names int) string {
	var parts []string
	for _, k := range c.parts() {
		parts = append(parts, k.words(names))
	}
	text := typeset.JoinNonEmpty("; ", c.Next, strings.Join(parts, "; ")) + "."
	if c.smoke {
		text = "smoke run, failures alone: " + text
	}
	if how := countedAs(c.Undecided); how != "" && c.Outcome == verdict.Inconclusive {
		if c.Final == c.Outcome {
			how += "; that does not hold where there is no evidence"
		}
		text += " " + how + "."
	}
	return fmt.Sprintf("%s Exit code %d.", text, c.ExitCode)
}

// parts are the causes, and what could not be done.
func (c Closing) parts() []cause {
	if len(c.failures) == 0 {
		return c.causes
	}
	return append(slices.Clip(c.causes), cause{wording.Text(reason.NotFinished.Plain()), c.failures})
}

func (k cause) words(names int) string {
	listed := k.names[:min(names, len(k.names))]
	text := typeset.JoinNonEmpty(": ", k.text, strings.Join(listed, ", "))
	if rest := len(k.names) - len(listed); rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}

// countedAs quotes the file where it changes what an undecided run counts as.
func countedAs(u config.Undecided) string {
	switch u {
	case config.UndecidedFails:
		return "The file says judge.inconclusive: fail"
	case config.UndecidedWarns:
		return "The file says judge.inconclusive: warn"
	case config.UndecidedPasses:
		return "The file says judge.inconclusive: pass"
	}
	return ""
}

func closing(v verdict.Verdict, o Options) Closing {
	c := Closing{
		Outcome: v.Outcome(), Final: v.Final(), ExitCode: o.ExitCode,
		Undecided: v.Undecided, failures: o.Failures, smoke: v.Smoke,
	}
	if c.Outcome == verdict.Inconclusive {
		c.Next = wording.Next(v.Next)
	}
	if o.ExitCode == 0 {
		c.ExitCode = exitcode.Of(c.Final)
	}
	t := TallyOf(v.Checks)
	if v.Smoke { // of its seconds there is no interval
		t.unshown = 0
	}
	switch c.Outcome {
	case verdict.Fail:
		c.causes = t.causes(verdict.Fail, verdict.Inconclusive)
	case verdict.Inconclusive:
		c.causes = t.causes(verdict.Inconclusive)
	default:
		c.causes = t.holding()
		if v.Smoke && len(t.rules) == 0 {
			c.causes[0].text = "no rule limits them, and no endpoint fails mostly"
		}
	}
	if n := exceptedEndpoints(v.Excepted); n > 0 {
		c.causes = append(c.causes, cause{text: unit.Counted(n, "endpoint") + " excepted"})
	}
	if len(v.Checks) == 0 {
		c.causes = []cause{{text: "nothing was judged"}}
	}
	return c
}

// exceptedEndpoints counts what is left out of any rule.
func exceptedEndpoints(all []verdict.Excepted) int {
	names := map[string]bool{}
	for _, x := range all {
		for _, name := range x.Endpoints {
			names[name] = true
		}
	}
	return len(names)
}

// tally gathers the rules, each at the worst of its checks, and the health
// checks.
type tally struct {
	rules   []string
	outcome map[string]verdict.Outcome
	unshown int // rules that pass, with a check that the interval does not show
	health  []verdict.Check
}

// TallyOf counts checks for the closing sentence.
func TallyOf(checks []verdict.Check) tally {
	t := tally{outcome: map[string]verdict.Outcome{}}
	unshown := map[string]bool{}
	for _, c := range checks {
		if c.AboutRun() {
			t.health = append(t.health, c)
			continue
		}
		worst, ok := t.outcome[c.Rule]
		if !ok {
			t.rules = append(t.rules, c.Rule)
			worst = c.Outcome
		}
		t.outcome[c.Rule] = worst.Worse(c.Outcome)
		unshown[c.Rule] = unshown[c.Rule] || !c.Shown
	}
	for rule, outcome := range t.outcome {
		if outcome == verdict.Pass && unshown[rule] {
			t.unshown++
		}
	}
	return t
}

// Named lists the rules of one outcome.
func (t tally) Named(o verdict.Outcome) []string {
	var names []string
	for _, rule := range t.rules {
		if t.outcome[rule] == o {
			names = append(names, rule)
		}
	}
	return names
}

// causes words what stands against a pass, health first.
func (t tally) causes(outcomes ...verdict.Outcome) []cause {
	var causes []cause
	said := false // of how many
	for _, o := range outcomes {
		if reasons := t.reasons(o); len(reasons) > 0 {
			k := cause{names: reasons}
			switch {
			case o != verdict.Inconclusive:
			case len(causes) > 0: // what broke is broken all the same
				k.text = "a finding about the run"
			default:
				k.text = "the run cannot be judged"
			}
			causes = append(causes, k)
		}
		names := t.Named(o)
		if len(names) == 0 {
			continue
		}
		verb := "cannot be judged"
		if o == verdict.Fail {
			verb = "broken"
		}
		number := fmt.Sprintf("%d of %s", len(names), unit.Counted(len(t.rules), "rule"))
		if said {
			number = strconv.Itoa(len(names))
		}
		said = true
		causes = append(causes, cause{number + " " + verb, names})
	}
	return causes
}

// reasons are the health checks of one outcome in a few words each: the whole
// reason stands above the table.
func (t tally) reasons(o verdict.Outcome) []string {
	const short = 60
	var reasons []string
	for _, c := range t.health {
		if c.Outcome != o {
			continue
		}
		reason := strings.TrimSpace(wording.Brief(c.Because))
		if whole := typeset.JoinNonEmpty(": ", c.Subject, reason); !strings.Contains(reason, c.Subject) &&
			typeset.Width(whole) <= short {
			reason = whole
		}
		if reason == "" || typeset.Width(reason) > short {
			reason = c.Subject
		}
		reasons = append(reasons, reason)
	}
	return reasons
}

// holding words a run without a finding against it, and what must be known
// about it all the same.
func (t tally) holding() []cause {
	text := fmt.Sprintf("%d of %d rules hold", len(t.rules), len(t.rules))
	switch len(t.rules) {
	case 0:
		text = "no rule was judged"
	case 1:
		text = "1 of 1 rule holds"
	}
	causes := []cause{{text: text}}
	if names := t.Named(verdict.Warn); len(names) > 0 {
		causes = append(causes, cause{fmt.Sprintf("%d with a warning", len(names)), names})
	}
	if reasons := t.reasons(verdict.Warn); len(reasons) > 0 {
		causes = append(causes, cause{"a warning about the run", reasons})
	}
	if t.unshown > 0 {
		causes = append(causes, cause{text: fmt.Sprintf("%d by value only", t.unshown)})
	}
	return causes
}
