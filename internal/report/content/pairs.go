package content

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// NewPairsView words pairs of slices and their verdict. a and b are each side's
// slices joined, pairs is the number of pairs. Figures and reports that show one
// run show B.
func NewPairsView(a, b *result.Result, pairs int, v verdict.Verdict, o Options) View {
	view := NewView(b, v, o)
	view.Title = Title(b.Name, b.Profile) + ", B against A"
	view.Target = ""
	load := Load(b.Planned, view.Rates)
	if load != "" {
		load += ", "
	}
	load += unit.Counted(pairs, "pair") + " of slices"
	if pairs > 0 {
		load += fmt.Sprintf(", %s of each side measured", Length(b.Elapsed))
	}
	view.Facts = []Fact{
		{"A", a.Target}, {"B", b.Target}, {"load", load},
		{"requests", fmt.Sprintf("A %s, B %s", requestsOf(a), requestsOf(b))},
		{"run", fmt.Sprintf("%s UTC, %s, seed %d", b.Started.UTC().Format(time.DateTime),
			EndText(a.End.Worse(b.End)), a.Seed)},
	}
	view.addHosts()
	view.addLeftOut()
	view.Closing.causes = pairsCauses(v)
	if view.Options.Command == nil {
		view.Options.Command = CommandOf("ab", b, v.Checks, "--a="+a.Target, "--b="+b.Target)
	}
	return view
}

// requestsOf counts what was measured of a side.
func requestsOf(r *result.Result) string {
	var requests, failures int64
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			requests += s.Requests
			failures += s.Failures()
		}
	}
	return fmt.Sprintf("%s with %s failed", unit.Grouped(requests), unit.Grouped(failures))
}

// pairsCauses word why B is, or is not, worse than A.
func pairsCauses(v verdict.Verdict) []cause {
	t := TallyOf(v.Checks)
	var causes []cause
	named := func(text string, o verdict.Outcome) {
		var names []string
		for _, c := range v.Checks {
			if c.Comparison != nil && c.Outcome == o {
				names = append(names, typeset.JoinNonEmpty(" ", c.Subject, c.Metric.Name()))
			}
		}
		if names != nil {
			causes = append(causes, cause{text, names})
		}
	}
	if reasons := t.reasons(verdict.Fail); reasons != nil {
		causes = append(causes, cause{names: reasons})
	}
	named("B is worse than A", verdict.Fail)
	if reasons := t.reasons(verdict.Inconclusive); reasons != nil {
		text := "the comparison cannot be judged"
		if causes != nil { // what is worse is worse all the same
			text = "a finding about the run"
		}
		causes = append(causes, cause{text, reasons})
	}
	named("cannot be compared", verdict.Inconclusive)
	if causes != nil {
		return causes
	}
	text := "B is not shown to be worse than A"
	if most, ok := mostSlower(v.Checks); ok {
		text += fmt.Sprintf("; no p95 is more than %s above A's, at 95%% confidence for each", Percent(most))
	}
	causes = append(causes, cause{text: text})
	named("with a warning", verdict.Warn)
	if reasons := t.reasons(verdict.Warn); reasons != nil {
		causes = append(causes, cause{"a warning about the run", reasons})
	}
	return causes
}

// mostSlower is the highest end of the intervals of what can fail: what a pass
// leaves possible.
func mostSlower(checks []verdict.Check) (most float64, ok bool) {
	for _, c := range checks {
		if k := c.Comparison; k != nil && k.Gated && k.High.OK && c.Metric.Latency() {
			most, ok = max(most, k.High.Value-1), true
		}
	}
	return most, ok
}
