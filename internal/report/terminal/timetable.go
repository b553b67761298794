package terminal

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Timetable is what a plan says before anything is sent.
type Timetable struct {
	Plan      *plan.Plan
	Forecasts []plan.Forecast
	Workers   int // whose parts of the load are shown; 0: none
	Cores     int // of each of the machines that are counted; 0: none are
}

// unjudged says whether nothing in the file applies to the profile.
func (t Timetable) unjudged() bool {
	s := t.Plan.Config
	return len(t.Forecasts) == 0 && !s.Baseline.On && !slices.ContainsFunc(s.Resources, func(r config.Resource) bool {
		return r.Limited() && r.Applies(t.Plan.Profile)
	})
}

// Outcome is the best that the run can end with: Fail where a rule can never
// hold, Inconclusive where one can never be decided, or none applies to the
// profile.
func (t Timetable) Outcome() verdict.Outcome {
	if t.unjudged() {
		return verdict.Inconclusive
	}
	best := verdict.Pass
	for _, f := range t.Forecasts {
		best = best.Worse(prospect(f.Prospect))
	}
	return best
}

// Final is Outcome as judge.inconclusive counts it.
func (t Timetable) Final() verdict.Outcome {
	return verdict.Verdict{Checks: []verdict.Check{{Outcome: t.Outcome()}},
		Undecided: t.Plan.Config.Judge.Inconclusive}.Final()
}

func prospect(p plan.Prospect) verdict.Outcome {
	return [...]verdict.Outcome{
		plan.Undecidable: verdict.Inconclusive, plan.Doubtful: verdict.Warn,
		plan.Decidable: verdict.Pass, plan.Impossible: verdict.Fail,
	}[p]
}

// Write prints the timetable for people: the load, the groups, the requests to
// expect, and what each rule can make of them.
func (t Timetable) Write(w io.Writer, o content.Options) error {
	p := newPage(o)
	t.heading(&p)
	t.groups(&p)
	t.endpoints(&p)
	t.rules(&p)
	p.excepted(t.excepted())
	t.close(&p)
	return p.writeTo(w)
}

// rates is the unit of all rates.
func (t Timetable) rates() unit.Unit { return t.Plan.Config.Rates(t.Plan.Profile) }

func (t Timetable) heading(p *page) {
	q := t.Plan
	p.titled(content.Title(q.Config.Name, q.Profile), q.Config.Target.Public())
	before, after := t.totals()
	seconds := q.Measured().Seconds()
	offers := fmt.Sprintf("%s requests in %s, %s", Rounded(after),
		content.Length(q.Measured()), content.RateText(after/seconds, t.rates()))
	if math.Abs(after-before) > 0.5 {
		offers += fmt.Sprintf("; at pace 1 %s, %s", Rounded(before), content.RateText(before/seconds, t.rates()))
	}
	planned := q.Result("", time.Time{}).Planned
	load := content.Load(planned, t.rates())
	if q.SpawnRate > 0 {
		load += ", started at " + content.RateText(q.SpawnRate, t.rates())
	}
	measured := fmt.Sprintf("of which %s are measured after %s of warm-up",
		content.Length(q.Measured()), content.Length(q.WarmUp))
	if q.WarmUp == 0 {
		measured = "all of it measured"
	}
	most := ""
	if q.Bounded() {
		most = "at most "
	}
	p.fact("load", fmt.Sprintf("%s, for %s%s, %s", load, most, content.Length(q.Duration), measured))
	for _, text := range content.LoadTexts(planned, t.rates()) {
		p.fact("", text)
	}
	p.fact("offers", offers)
	if q.Open {
		p.fact("users", fmt.Sprintf("made as they are needed, at most %s at once",
			unit.Grouped(int64(planned.MaxUsers))))
	}
	if text := content.HostsText(planned.Hosts); text != "" {
		p.fact("hosts", text)
	}
	if text := content.LeftOutText(planned, content.Unasked(q.Config, q.Profile, planned)); text != "" {
		p.fact("left out", text)
	}
	if text := t.workers(); text != "" {
		p.fact("workers", text)
	}
	if text := t.sampled(); text != "" {
		p.fact("traces", text)
	}
	for i, s := range planned.Stages {
		label := ""
		if i == 0 {
			label = "stages"
		}
		p.fact(label, content.StageText(s, q.Open, t.rates()))
	}
}

// workers says what each worker makes, or how many machines the load needs; empty where neither was asked.
func (t Timetable) workers() string {
	users, rate, known := t.Plan.Peak()
	perTime := func(v float64) string { return unit.Amount(unit.Quantity{Value: v, Unit: t.rates()}) }
	switch n := t.Workers; {
	case n > 0:
		text := fmt.Sprintf("%s, each with at most %s", unit.Counted(n, "worker"),
			unit.Counted((users+n-1)/n, "user"))
		if known {
			text += " and some " + perTime(rate/float64(n))
		}
		if t.Plan.Config.Judge.Extend > 1 {
			text += "; judge.extend is not used"
		}
		return text
	case t.Cores > 0:
		text := fmt.Sprintf("about %s with %s", unit.Counted(t.Plan.Machines(t.Cores), "machine"),
			unit.Counted(t.Cores, "core"))
		if !known {
			return text + " for its users; a group has no think time, so how many requests it makes is not known"
		}
		return text + fmt.Sprintf(": one makes some %s and %s", perTime(plan.RateOfMachine(t.Cores)),
			unit.Counted(plan.UsersOfMachine, "user"))
	}
	return ""
}

// totals are the requests of all groups, at pace 1 and as planned.
func (t Timetable) totals() (before, after float64) {
	for _, load := range t.Plan.Each() {
		own, paced := totalsOf(load)
		before, after = before+own, after+paced
	}
	return before, after
}

func totalsOf(load *plan.Plan) (before, after float64) {
	for _, g := range load.Groups {
		before, after = before+g.Unpaced, after+g.Expected
	}
	return before, after
}

// groups shows each load and its mix, before and after the pace.
func (t Timetable) groups(p *page) {
	for _, load := range t.Plan.Each() {
		p.line("")
		if t.Plan.Loads != nil {
			p.line("load " + typeset.Clean(load.Load))
		}
		if load.Open {
			arrivals(p, load)
			continue
		}
		walkers(p, load)
	}
}

// walkers shows the groups of a closed load.
func walkers(p *page, load *plan.Plan) {
	g := grid{header: []string{"GROUP", "USERS", "THINK TIME", "PACE", "REQUESTS", "MIX", "AT PACE 1", "MIX"},
		right: []int{1, 3, 4, 5, 6, 7}, squeeze: []squeeze{{0, 12}}, wrapped: []int{0}, hang: 2}
	before, after := totalsOf(load)
	kinds := plan.Kinds(load)
	for i, group := range load.Groups {
		requests, mix, was, wasMix := Rounded(group.Expected),
			share(group.Expected, after), Rounded(group.Unpaced), share(group.Unpaced, before)
		if group.AsFastAsAnswered() {
			requests, mix, was, wasMix = "as fast as answered", "", "", ""
		}
		g.add("", typeset.Clean(group.Name), strconv.Itoa(group.Users),
			content.ThinkText(kinds[i]), content.PaceText(group.Pace), requests, mix, was, wasMix)
	}
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
}

// arrivals shows which groups those of an open load belong to.
func arrivals(p *page, load *plan.Plan) {
	g := grid{header: []string{"GROUP", "ARRIVALS", "MIX"}, right: []int{1, 2}, squeeze: []squeeze{{0, 12}},
		wrapped: []int{0}, hang: 2}
	_, all := totalsOf(load)
	for _, group := range load.Groups {
		g.add("", typeset.Clean(group.Name), Rounded(group.Expected), share(group.Expected, all))
	}
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
}

// excepted is what the file leaves out of the rules of the profile.
func (t Timetable) excepted() []content.Excepted {
	var rows []verdict.Row
	for _, e := range t.Plan.Endpoints {
		rows = append(rows, verdict.Row{Name: e.Name, Once: e.Once})
	}
	for _, e := range t.Plan.Transactions {
		rows = append(rows, verdict.Row{Name: e.Name, Transaction: true})
	}
	all := func(config.Rule) bool { return true }
	return content.ExceptedOf(evidence.ExceptedFrom(t.Plan.Config, t.Plan.Profile, rows, all, true), nil)
}

// rules shows what each limit can make of the requests; without any, the end of the page says why.
func (t Timetable) rules(p *page) {
	if len(t.Forecasts) == 0 {
		return
	}
	g := grid{
		header:  []string{"RULE", "LEAST EVIDENCE", "LIMIT", "REQUESTS", "DECIDED", ""},
		right:   []int{3, 4},
		squeeze: []squeeze{{0, 24}, {1, 30}, {0, 20}, {1, 24}, {0, 16}, {1, 14}},
		wrapped: []int{0, 1}, hang: 2, // behind the sign
	}
	var notes []content.Note
	for _, f := range t.Forecasts {
		place, note := metric.Place{Load: f.Load, Users: f.Users}, ""
		if f.Because.Given() {
			because, remedy := t.inUnit(f)
			notes = append(notes, content.Note{
				Reason: place.Label(f.Rule) + ", " + f.Limit.Metric.Name() + ": " + wording.Text(because),
				Remedy: wording.Todo(remedy),
			})
			note = fmt.Sprintf("[%d]", len(notes))
		}
		requests := Rounded(f.Expected)
		switch total := Rounded(f.Total); {
		case f.Unlimited:
			requests = "∞"
		case total != requests:
			requests += " of " + total
		}
		outcome := prospect(f.Prospect)
		g.add("", sign(outcome)+" "+typeset.Clean(f.Rule), typeset.Clean(place.Label(subjectText(f))),
			content.RelationTo(f.Limit.Metric)+unit.Quantity{Value: f.Limit.First(), Unit: f.Limit.Unit}.Exact(),
			requests, chanceText(f),
			note)
	}
	p.line("")
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		if column == 0 {
			return p.ink.marked(prospect(t.Forecasts[row].Prospect), text)
		}
		return text
	})
	p.explain([]string{
		"decided: chance that a service at 0.7 of the limit is shown to pass; shares: one without failures",
	})
	for i, n := range notes {
		if i == 0 {
			p.line("")
		}
		p.hanging(fmt.Sprintf("[%d] ", i+1), typeset.JoinNonEmpty("; ", n.Reason, n.Remedy))
	}
}

// subjectText is what has the least evidence, without the rule's name.
func subjectText(f plan.Forecast) string {
	if len(f.Endpoints) == 1 {
		return f.Endpoints[0]
	}
	return content.PartText(f.Scope, len(f.Endpoints), f.Subject)
}

// inUnit is what is said of a limit, with rates in the unit of that limit where it is one on throughput, else in that
// of all.
func (t Timetable) inUnit(f plan.Forecast) (because, remedy reason.Reason) {
	rates := t.rates()
	if f.Limit.Unit.Rate() {
		rates = f.Limit.Unit
	}
	return content.ReasonIn(f.Because, rates), content.ReasonIn(f.Remedy, rates)
}

// close says in one line what the run can come to.
func (t Timetable) close(p *page) {
	count := map[plan.Prospect]map[string]bool{}
	for _, f := range t.Forecasts {
		if count[f.Prospect] == nil {
			count[f.Prospect] = map[string]bool{}
		}
		count[f.Prospect][f.Rule] = true
	}
	var parts []string
	for _, c := range []struct {
		prospect plan.Prospect
		text     string
	}{{plan.Impossible, "can never hold"}, {plan.Undecidable, "cannot be decided"},
		{plan.Doubtful, "may stay undecided"}} {
		if n := len(count[c.prospect]); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", unit.Counted(n, "rule"), c.text))
		}
	}
	text := "every rule will be decided"
	switch {
	case t.unjudged():
		text = "no rule applies to this profile: there is nothing to decide"
	case len(parts) > 0:
		text = strings.Join(parts, ", ")
	}
	p.line("")
	p.line(p.ink.outcome(t.Outcome(), "PLAN") + "  " + text + ".")
}

func chanceText(f plan.Forecast) string {
	if f.Prospect == plan.Impossible {
		return "never"
	}
	percent := math.Floor(f.Chance * 100)
	return strconv.FormatFloat(percent, 'f', 0, 64) + "%"
}

// Rounded prints an expected number of requests.
func Rounded(n float64) string { return unit.Grouped(int64(math.Round(n))) }

func share(part, of float64) string {
	if of == 0 {
		return ""
	}
	return strconv.FormatFloat(math.Round(100*part/of), 'f', 0, 64) + "%"
}
