package scaffold

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/unit"
)

// loose is the part of a path that is an id of which no answer told.
type loose struct {
	at    int // index of its part
	value string
}

// oneName lets requests of one path with several ids be one endpoint, with ids
// drawn from the recorded ones; where that cannot be said, each has a name of its
// own. Afterwards no name is that of two paths.
func (d *Draft) oneName() {
	type row struct {
		name  string
		start bool
	}
	var rows []row
	same := map[row][]*step{}
	for _, g := range d.groups {
		for i, list := range [][]*step{g.start, g.steps} {
			for _, s := range list {
				if s.off {
					continue
				}
				r := row{s.endpoint(), i == 0}
				if len(same[r]) == 0 {
					rows = append(rows, r)
				}
				same[r] = append(same[r], s)
			}
		}
	}
	for _, r := range rows {
		if draw(same[r]) {
			continue
		}
		for _, s := range same[r] {
			for _, l := range s.loose {
				s.look(oneLine(l.value) + " was recorded: is it there?")
			}
		}
	}
	taken := map[row]string{}
	for _, named := range []bool{false, true} { // what is named gives way
		for _, r := range rows {
			for _, s := range same[r] {
				if named != (s.name != "") {
					continue
				}
				at, base := row{s.endpoint(), r.start}, s.endpoint()
				for n := 2; taken[at] != "" && taken[at] != s.resource(); n++ {
					s.name = fmt.Sprintf("%s (%d)", base, n)
					at.name = s.name
				}
				taken[at] = s.resource()
			}
		}
	}
}

var holes = regexp.MustCompile(`\$\{ [^{}]*(\{[^{}]*\}[^{}]*)* \}`)

// resource is method and path of a step without its values.
func (s *step) resource() string {
	path, _, _ := strings.Cut(s.path, "?")
	return s.method + " " + holes.ReplaceAllString(path, "{}")
}

// endpoint is the name of a step.
func (s *step) endpoint() string {
	if s.name != "" {
		return s.name
	}
	return s.method + " " + expression.ReplaceAllStringFunc(s.path, func(e string) string {
		if m := expression.FindStringSubmatch(e); variableID.MatchString(m[1]) {
			return "{" + m[1] + "}"
		}
		return "{id}"
	})
}

// draw makes requests that differ in one recorded id the same one, and says
// whether they are.
func draw(steps []*step) bool {
	if len(steps) < 2 ||
		!slices.ContainsFunc(steps, func(s *step) bool { return s.resource() != steps[0].resource() }) {
		return false
	}
	var values []string
	for _, s := range steps {
		if len(s.loose) != 1 || s.loose[0].at != steps[0].loose[0].at {
			return false
		}
		if v := s.loose[0].value; !slices.Contains(values, v) && len(values) < 50 {
			values = append(values, v)
		}
	}
	arguments := make([]string, len(values))
	for i, v := range values {
		arguments[i] = quoted(v)
	}
	for _, s := range steps {
		path, query, has := strings.Cut(s.path, "?")
		parts := strings.Split(path, "/")
		if s.loose[0].at >= len(parts) {
			return false
		}
		parts[s.loose[0].at] = "${ pick(" + strings.Join(arguments, ", ") + ") }"
		s.path = strings.Join(parts, "/")
		if has {
			s.path += "?" + query
		}
		s.look(fmt.Sprintf("one of the %s that were recorded is drawn: are they there?",
			unit.Counted(len(values), "id")))
	}
	return true
}
