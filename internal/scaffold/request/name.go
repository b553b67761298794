package request

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// NameEndpoints gives requests of different paths different names: a file gives one name to one method
// and path.
func NameEndpoints(d *draft.Draft) {
	type row struct {
		name string
		list int // start steps, steps and end steps are counted apart
	}
	taken := map[row]string{}
	for _, named := range []bool{false, true} { // what is named gives way
		for _, g := range d.Groups {
			for i, list := range [][]*draft.Step{g.Start, g.Steps, g.End} {
				for _, s := range list {
					if named != (s.Name != "") {
						continue
					}
					at, base := row{endpoint(s), i}, endpoint(s)
					for n := 2; taken[at] != "" && taken[at] != pattern(s); n++ {
						s.Name = fmt.Sprintf("%s (%d)", base, n)
						at.name = s.Name
					}
					taken[at] = pattern(s)
				}
			}
		}
	}
}

// endpoint is the name of a step.
func endpoint(s *draft.Step) string {
	if s.Name != "" {
		return s.Name
	}
	return s.Method + " " + template.Placeholders(s.Path)
}

// pattern is method and path of a step without its values.
func pattern(s *draft.Step) string {
	path, _, _ := strings.Cut(s.Path, "?")
	return s.Method + " " + expressions.ReplaceAllString(path, "{}")
}
