package terminal

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/unit"
)

// endpoints shows the requests to expect of each endpoint and transaction.
func (t Timetable) endpoints(p *page) {
	g := grid{header: []string{"ENDPOINT", "REQUESTS", "RATE"}, right: []int{1, 2}, squeeze: []squeeze{{0, 24}},
		wrapped: []int{0}, hang: 2}
	open := map[string]bool{} // by load
	for _, load := range t.Plan.Each() {
		open[load.Load] = load.Open
	}
	for _, e := range t.Plan.Endpoints {
		name, requests := typeset.Clean(e.Label(e.Name)), Rounded(e.Expected)
		switch {
		case e.Once.Any():
			if t.Plan.Open || open[e.Place.Load] {
				requests = "" // how many users there will be is not known
			}
			g.add("", name+content.Figure{Once: e.Once}.Kind(), requests, "once a user")
		case e.Unlimited:
			g.add("", name, "", "as fast as answered")
		default:
			g.add("", name, requests, content.RateText(e.Rate, t.rates()))
		}
	}
	for _, e := range t.Plan.Transactions {
		kind, rate := t.kind(e.Name), content.RateText(e.Rate, t.rates())
		switch {
		case e.Beside && e.Unlimited:
			g.add("", typeset.Clean(e.Label(e.Name)), "", "as the service sends")
			continue
		case e.Beside:
			kind = ""
		case e.Unlimited:
			rate = "as fast as answered"
		}
		g.add("", typeset.Clean(e.Label(e.Name))+kind, Rounded(e.Expected), rate)
	}
	p.line("")
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
}

// kind says that a row is a transaction, and how many of its steps are sent at the same time as others.
func (t Timetable) kind(name string) string {
	together := 0
	for step := range t.Plan.Config.Steps() {
		if step.Transaction != nil && step.Transaction.Name == name && step.Parallel > 0 {
			together++
		}
	}
	if together == 0 {
		return " (transaction)"
	}
	return fmt.Sprintf(" (transaction, %s in parallel)", unit.Counted(together, "step"))
}
