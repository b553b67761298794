package webpage

import (
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
)

// planSection is who the users are and what each kind of them asks for: the
// task ratios of other tools.
func planSection(v content.View) htmlpage.Section {
	parts := planParts(v.Run.Planned)
	for _, l := range v.Run.Planned.Loads {
		parts = append(parts, planParts(l.Planned)...)
	}
	if len(parts) == 0 {
		return htmlpage.Section{}
	}
	return htmlpage.Section{ID: "plan", Title: "The plan",
		Lead: "What the file asks for; what was sent is under figures.", Parts: parts}
}

// planParts are the tables of one load.
func planParts(planned result.Planned) []htmlpage.Part {
	groups := planned.Groups
	if len(groups) == 0 {
		return nil
	}
	open, users, requests, most := planned.Rate > 0, 0, 0.0, 0.0
	known := true // else a group sends as fast as it is answered, and nobody knows how many requests there will be
	for _, g := range groups {
		users, requests = users+g.Users, requests+g.Expected
		known = known && (g.Expected > 0 || g.Users == 0)
		for _, p := range g.Parts {
			most = max(most, g.Expected*p.Share)
		}
	}
	if !known {
		requests = 0
	}
	kinds := &htmlpage.Table{
		Caption: "Kinds of users, and the requests that the plan expects of them in the measured time, " +
			"start and end steps left out.", Sortable: true,
		Columns: columnsOf("Group", "Users", "Of all users", "Think time", "Pace", "Requests", "Of all requests"),
	}
	tasks := &htmlpage.Table{
		Caption:  "What a user of each kind asks for: the endpoint's part of the group's requests, and of all.",
		Sortable: true,
		Columns: []htmlpage.Column{{Name: "Group"}, {Name: "Endpoint"},
			{Name: "Of the group", Number: true}, {Name: "Of all requests", Number: true}},
	}
	if open {
		kinds.Columns = columnsOf("Group", "Arrivals", "Of all arrivals")
	}
	for _, g := range groups {
		name := htmlpage.Text(typeset.Bounded(g.Name, htmlName))
		row := []htmlpage.Cell{name, expectedCell(g.Expected), shareCell(g.Expected, requests, requests)}
		if !open {
			row = append([]htmlpage.Cell{
				name, countCell(int64(g.Users)), shareCell(float64(g.Users), float64(users), float64(users)),
				htmlpage.Number(content.ThinkText(g), float64(g.ThinkMin)),
				htmlpage.Number(content.PaceText(g.Pace), g.Pace),
			}, row[1:]...)
		}
		kinds.Rows = append(kinds.Rows, htmlpage.Row{Cells: row})
		for _, p := range g.Parts {
			tasks.Rows = append(tasks.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
				name, htmlpage.Text(typeset.Bounded(p.Endpoint, htmlName)),
				htmlpage.Number(content.Percent(p.Share), p.Share), shareCell(g.Expected*p.Share, requests, most),
			}})
		}
	}
	if planned.Load != "" {
		kinds.Caption = "Load " + typeset.Bounded(planned.Load, htmlName) + ". " + kinds.Caption
		tasks.Caption = "Load " + typeset.Bounded(planned.Load, htmlName) + ". " + tasks.Caption
	}
	return []htmlpage.Part{{Table: kinds}, {Table: tasks}}
}
