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
func oneName(d *Draft, recorded map[*step][]loose) {
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
				r := row{endpoint(s), i == 0}
				if len(same[r]) == 0 {
					rows = append(rows, r)
				}
				same[r] = append(same[r], s)
			}
		}
	}
	for _, r := range rows {
		if draw(same[r], recorded) {
			continue
		}
		for _, s := range same[r] {
			for _, l := range recorded[s] {
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
				at, base := row{endpoint(s), r.start}, endpoint(s)
				for n := 2; taken[at] != "" && taken[at] != resource(s); n++ {
					s.name = fmt.Sprintf("%s (%d)", base, n)
					at.name = s.name
				}
				taken[at] = resource(s)
			}
		}
	}
}

var holes = regexp.MustCompile(`\$\{ [^{}]*(\{[^{}]*\}[^{}]*)* \}`)

// resource is method and path of a step without its values.
func resource(s *step) string {
	path, _, _ := strings.Cut(s.path, "?")
	return s.method + " " + holes.ReplaceAllString(path, "{}")
}

// endpoint is the name of a step.
func endpoint(s *step) string {
	if s.name != "" {
		return s.name
	}
	return s.method + " " + placeholders(s.path)
}

// draw makes requests that differ in one recorded id the same one, and says
// whether they are.
func draw(steps []*step, recorded map[*step][]loose) bool {
	if len(steps) < 2 ||
		!slices.ContainsFunc(steps, func(s *step) bool { return resource(s) != resource(steps[0]) }) {
		return false
	}
	var values []string
	for _, s := range steps {
		if len(recorded[s]) != 1 || recorded[s][0].at != recorded[steps[0]][0].at {
			return false
		}
		if v := recorded[s][0].value; !slices.Contains(values, v) && len(values) < 50 {
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
		if recorded[s][0].at >= len(parts) {
			return false
		}
		parts[recorded[s][0].at] = "${ pick(" + strings.Join(arguments, ", ") + ") }"
		s.path = strings.Join(parts, "/")
		if has {
			s.path += "?" + query
		}
		s.look(fmt.Sprintf("one of the %s that were recorded is drawn: are they there?",
			unit.Counted(len(values), "id")))
	}
	return true
}
