package draft

import (
	"fmt"
	"regexp"
	"strings"
)

// NameEndpoints gives requests whose method or path differ different names: a name is one endpoint. A request that has
// no name of its own keeps that of its path, and one that is a comment gives way to those that are sent. It returns the
// names that were given to several of those.
func (d *Draft) NameEndpoints() (shared []string) {
	type row struct {
		name string
		list int // start steps, steps and end steps are counted apart
	}
	taken, told := map[row]string{}, map[string]bool{}
	for _, of := range []struct{ commented, named bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		for _, g := range d.Groups {
			for i, list := range [][]*Step{g.Start, g.Steps, g.End} {
				for _, s := range list {
					if s.Commented != of.commented || (s.Name != "") != of.named {
						continue
					}
					base := s.Endpoint()
					at := row{base, i}
					for n := 2; taken[at] != "" && taken[at] != s.pattern(); n++ {
						s.Name = fmt.Sprintf("%s (%d)", base, n)
						at.name = s.Name
						if !told[base] && !s.Commented {
							told[base] = true
							shared = append(shared, base)
						}
					}
					taken[at] = s.pattern()
				}
			}
		}
	}
	return shared
}

var expressions = regexp.MustCompile(`\$\{ [^{}]*(\{[^{}]*\}[^{}]*)* \}`)

// pattern is method and path of a step without its values.
func (s *Step) pattern() string {
	path, _, _ := strings.Cut(s.Path, "?")
	return s.Method + " " + expressions.ReplaceAllString(path, "{}")
}
