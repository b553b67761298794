package request

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// NameEndpoints gives requests of different paths different names: a file gives one name to one method
// and path.
func NameEndpoints(d *draft.Draft) {
	type row struct {
		name string
		list int // start steps, steps and end steps are counted apart
	}
	d.SendGraphQL()
	taken := map[row]string{}
	for _, named := range []bool{false, true} { // what is named gives way
		for _, g := range d.Groups {
			for i, list := range [][]*draft.Step{g.Start, g.Steps, g.End} {
				for _, s := range list {
					if named != (s.Name != "") {
						continue
					}
					at, base := row{s.Endpoint(), i}, s.Endpoint()
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

// pattern is method and path of a step without its values.
func pattern(s *draft.Step) string {
	path, _, _ := strings.Cut(s.Path, "?")
	return s.Method + " " + expressions.ReplaceAllString(path, "{}")
}
