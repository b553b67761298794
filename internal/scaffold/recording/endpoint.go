package recording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/template"
	"github.com/loadgate/loadgate/internal/unit"
)

// nameEndpoints lets requests of one path with several ids be one endpoint, with ids
// drawn from the recorded ones; where that cannot be said, each has a name of its
// own. Afterwards no name is that of two paths.
func nameEndpoints(d *draft.Draft, recorded map[*draft.Step][]recordedID) {
	type row struct {
		name string
		list int // start steps, steps and end steps are counted apart
	}
	d.SendGraphQL()
	var rows []row
	same := map[row][]*draft.Step{}
	for _, g := range d.Groups {
		for i, list := range [][]*draft.Step{g.Start, g.Steps, g.End} {
			for _, s := range list {
				if s.Commented {
					continue
				}
				r := row{name: s.Endpoint(), list: i}
				if len(same[r]) == 0 {
					rows = append(rows, r)
				}
				same[r] = append(same[r], s)
			}
		}
	}
	for _, r := range rows {
		if drawIDs(same[r], recorded) {
			continue
		}
		for _, s := range same[r] {
			for _, l := range recorded[s] {
				s.Look(naming.Line(l.value) + " was recorded: is it there?")
			}
		}
	}
	d.NameEndpoints()
}

var expressions = regexp.MustCompile(`\$\{ [^{}]*(\{[^{}]*\}[^{}]*)* \}`)

// pathPattern is method and path of a step without its values.
func pathPattern(s *draft.Step) string {
	path, _, _ := strings.Cut(s.Path, "?")
	return s.Method + " " + expressions.ReplaceAllString(path, "{}")
}

// drawIDs makes requests that differ in one recorded id the same one, and says
// whether they are.
func drawIDs(steps []*draft.Step, recorded map[*draft.Step][]recordedID) bool {
	if len(steps) < 2 ||
		!slices.ContainsFunc(steps, func(s *draft.Step) bool { return pathPattern(s) != pathPattern(steps[0]) }) {
		return false
	}
	var values []string
	for _, s := range steps {
		if len(recorded[s]) != 1 || recorded[s][0].part != recorded[steps[0]][0].part {
			return false
		}
		if v := recorded[s][0].value; !slices.Contains(values, v) && len(values) < 50 {
			values = append(values, v)
		}
	}
	arguments := make([]string, len(values))
	for i, v := range values {
		arguments[i] = template.Quote(v)
	}
	for _, s := range steps {
		path, query, has := strings.Cut(s.Path, "?")
		parts := strings.Split(path, "/")
		if recorded[s][0].part >= len(parts) {
			return false
		}
		parts[recorded[s][0].part] = "${ pick(" + strings.Join(arguments, ", ") + ") }"
		s.Path = strings.Join(parts, "/")
		if has {
			s.Path += "?" + query
		}
		s.Look(fmt.Sprintf("one of the %s that were recorded is drawn: are they there?",
			unit.Counted(len(values), "id")))
	}
	return true
}
