package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/verdict"
)

// crowd is rows of one outcome that say one thing: one cause explains them, or
// they share a limit. Many of them become one line that opens into the rows.
type crowd struct {
	Title string // the cause, or the rule
	Note  Note   // what is said of them all
	Rows  []Row  // the first is the worst; never empty
	of    int    // endpoints in them
}

// A crowd is a line where it has so many rows; a cause makes one where it explains
// so much of what is above the limits.
const (
	fewestCrowd = 4
	mostlyOne   = 0.9
	namedCrowd  = 3 // endpoints that the line names
)

// Crowds are the rows that do not pass, in their order, those that belong together
// as one.
func (v View) Crowds() []crowd {
	var made []crowd
	at := map[string]int{}
	for _, r := range v.Rows {
		if r.Outcome == verdict.Pass {
			continue
		}
		key, title, note := v.belongs(r)
		if i, ok := at[key]; ok && key != "" {
			made[i].Rows = append(made[i].Rows, r)
			continue
		}
		at[key] = len(made)
		made = append(made, crowd{Title: title, Note: note, Rows: []Row{r}})
	}
	var all []crowd
	for _, c := range made {
		if len(c.Rows) >= fewestCrowd {
			all = append(all, v.settled(c))
			continue
		}
		for _, r := range c.Rows {
			all = append(all, crowd{Title: r.Rule, Note: v.FirstNote(r.Notes), Rows: []Row{r}})
		}
	}
	slices.SortStableFunc(all, func(a, b crowd) int {
		return cmp.Compare(slices.Index(Severity[:], a.Rows[0].Outcome), slices.Index(Severity[:], b.Rows[0].Outcome))
	})
	return all
}

// belongs names the crowd of a row, and its note; "": it has none.
func (v View) belongs(r Row) (key, title string, note Note) {
	c := v.Checks[r.Checks[0]]
	if r.Resource {
		return "", r.Rule, Note{}
	}
	if r.Outcome == verdict.Fail && c.Metric.Latency() {
		for i, cause := range v.Causes {
			if cause.Size.OK && cause.Of == verdict.OfSlow && cause.Size.Value >= mostlyOne && explains(cause, c) {
				return fmt.Sprintf("cause %d", i), cause.Title, Note{cause.Evidence, cause.Next}
			}
		}
	}
	return strings.Join([]string{r.Outcome.String(), r.Rule, c.Metric.Name()}, "\x00"), r.Rule, Note{}
}

// explains says whether a cause is about what a check judged.
func explains(cause Cause, c verdict.Check) bool {
	among := func(name string) bool { return slices.Contains(cause.Endpoints, name) }
	return cause.Endpoints == nil || slices.ContainsFunc(c.Endpoints, among)
}

// settled puts the worst row first and counts the endpoints.
func (v View) settled(c crowd) crowd {
	slices.SortStableFunc(c.Rows, func(a, b Row) int {
		return cmp.Compare(Tightness(v.Checks[b.Checks[0]]), Tightness(v.Checks[a.Checks[0]]))
	})
	names := map[string]bool{}
	for _, r := range c.Rows {
		for _, i := range r.Checks {
			for _, name := range v.Checks[i].Endpoints {
				names[name] = true
			}
		}
	}
	c.of = len(names)
	if c.Note == (Note{}) {
		c.Note = v.FirstNote(c.Rows[0].Notes)
	}
	return c
}

// Many says whether the crowd is more than a row.
func (c crowd) Many() bool { return len(c.Rows) > 1 }

// Subject names the endpoints: "26 endpoints: GET /a, GET /b, GET /c and 23 more".
func (c crowd) Subject(v View) string {
	var named []string
	for _, r := range c.Rows {
		alone := len(v.Checks[r.Checks[0]].Endpoints) == 1
		if alone && len(named) < namedCrowd && !slices.Contains(named, r.Subject) {
			named = append(named, r.Subject)
		}
	}
	text := fmt.Sprintf("%d endpoints", c.of)
	if len(named) > 0 {
		text += ": " + strings.Join(named, ", ") + MoreText(c.of-len(named))
	}
	return text
}

// rules are those that the rows are of, each once.
func (c crowd) rules() string {
	var names []string
	for _, r := range c.Rows {
		if !slices.Contains(names, r.Rule) {
			names = append(names, r.Rule)
		}
	}
	return strings.Join(names, ", ")
}

// Summary says what the line sums up.
func (c crowd) Summary() string {
	return fmt.Sprintf("The %d findings of %s", len(c.Rows), c.rules())
}
