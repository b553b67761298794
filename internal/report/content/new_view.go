package content

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// NewView words a run and its verdict. It never fails: what was not measured
// is said to be so.
func NewView(r *result.Result, v verdict.Verdict, o Options) View {
	o.Width = o.Cells()
	rates := o.Config.Rates(r.Profile)
	r = r.Pooled().Labelled()
	v = inUnit(v, rates)
	figures, transactions := figuresOf(r, r.Endpoints, false, rates), figuresOf(r, r.Transactions, true, rates)
	view := View{
		Title:        Title(r.Name, r.Profile),
		Target:       r.Target,
		Facts:        facts(r, figures, rates),
		Health:       findings(v.Checks),
		Rows:         summarize(v.Checks, o.All),
		Compared:     compare(v.Checks, o.All),
		Stages:       v.Stages,
		Causes:       causesOf(v.Causes),
		Scaling:      scalingOf(v.Scaling),
		Excepted:     ExceptedOf(v.Excepted, slices.Concat(figures, transactions)),
		Left:         v.Excepted,
		Endpoints:    figures,
		Transactions: transactions,
		Closing:      closing(v, o),
		Options:      o,
		Rates:        rates,
		Run:          r,
		Checks:       v.Checks,
	}
	view.Unasked = Unasked(o.Config, r.Profile, r.Planned)
	view.addLoads()
	view.addHosts()
	view.addLeftOut()
	view.Table = view.table()
	return view
}

// table numbers notes as a reader meets them.
func (v View) table() Table {
	t := Table{Health: v.Health, Rows: slices.Clone(v.Rows), Compared: slices.Clone(v.Compared)}
	if !v.Options.All {
		t.Health = nil
		for _, c := range v.HealthCrowds() {
			t.Health = append(t.Health, c.Shown)
		}
		t.Rows, t.Compared = shownOf(v, v.Crowds(), v.Rows), shownOf(v, v.ComparedCrowds(), v.Compared)
	}
	var notes noteBook
	for i := range t.Rows {
		t.Rows[i].Notes = notes.numbers(t.Rows[i].said)
	}
	for i := range t.Compared {
		t.Compared[i].Notes = notes.numbers(t.Compared[i].said)
	}
	t.Notes = notes.notes
	return t
}

// smokeText is what a smoke run is, in one line.
const smokeText = "only failures are judged: no latency, throughput or earlier run"

// facts says in three lines what was done, when, and how it ended.
func facts(r *result.Result, figures []Figure, rates unit.Unit) []Fact {
	load := Length(r.Until())
	if r.Until() < r.Planned.Duration {
		load += " of " + Length(r.Planned.Duration)
	}
	if made := Load(r.Planned, rates); made != "" {
		load = made + " for " + load
	}
	judged := r.Measured().Length
	if judged < r.Until() {
		load += fmt.Sprintf(", %s measured after %s of warm-up", Length(judged), Length(r.Until()-judged))
	}
	switch {
	case len(r.Shards) > 1:
		parts := "shards"
		if r.Shards[0].Worker != "" {
			parts = "workers"
		}
		load += fmt.Sprintf(", %d %s", len(r.Shards), parts)
	case len(r.Shards) == 1 && r.Shards[0].N > 1:
		load += fmt.Sprintf(", shard %d of %d", r.Shards[0].K, r.Shards[0].N)
	}
	facts := []Fact{{"load", load}, {"requests", traffic(r, figures, judged, rates)}}
	if r.Planned.Smoke {
		facts = slices.Insert(facts, 0, Fact{"smoke", smokeText})
	}
	if r.Until() == 0 && r.Source.Foreign() { // how long it took is not known
		facts = facts[1:]
	}
	when := EndText(r.End)
	if !r.Started.IsZero() {
		when = r.Started.UTC().Format(time.DateTime) + " UTC, " + when
	}
	if r.Source.Foreign() {
		return append(facts, Fact{"run", when + ", measured by " + r.Source.Tool})
	}
	return append(facts, Fact{"run", fmt.Sprintf("%s, seed %d", when, r.Seed)})
}

// traffic counts the measured requests; start and end steps, which are sent once for
// each user, are among all requests only.
func traffic(r *result.Result, figures []Figure, judged time.Duration, rates unit.Unit) string {
	var requests, all int64
	for i, f := range figures {
		if !f.Once.Any() {
			requests += f.Requests
		}
		for _, slot := range r.Endpoints[i].Slots {
			all += slot.Requests
		}
		if s := r.Endpoints[i].Summary; s != nil {
			all += s.Requests
		}
	}
	if all == 0 {
		return "none was sent"
	}
	text := unit.Grouped(requests)
	if all > requests {
		text += " measured of " + unit.Grouped(all)
	}
	if rate, ok := Rate(requests, judged, rates); ok {
		text += ", " + unit.Amount(rate)
	}
	failures, known := FailuresOf(r, figures, false)
	if !known {
		return text + ", how many failed is not known"
	}
	text += ", " + unit.Grouped(failures) + " failed"
	if failures > 0 {
		text += " (" + Percent(float64(failures)/float64(requests)) + ")"
	}
	return text
}
