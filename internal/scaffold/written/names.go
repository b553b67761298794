package written

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// NameEndpoints gives steps whose method or path differ different names: a name is one endpoint.
// It returns the names that were given to several.
func NameEndpoints(d *draft.Draft) (shared []string) {
	type row struct {
		name string
		list int // start steps, steps and end steps are counted apart
	}
	taken, told := map[row]string{}, map[string]bool{}
	for _, g := range d.Groups {
		for i, list := range [][]*draft.Step{g.Start, g.Steps, g.End} {
			for _, s := range list {
				if s.Commented {
					continue
				}
				base := s.Endpoint()
				at := row{base, i}
				for n := 2; taken[at] != "" && taken[at] != pathPattern(s); n++ {
					s.Name = fmt.Sprintf("%s (%d)", base, n)
					at.name = s.Name
					if !told[base] {
						told[base] = true
						shared = append(shared, base)
					}
				}
				taken[at] = pathPattern(s)
			}
		}
	}
	return shared
}

var expressions = regexp.MustCompile(`\$\{ [^{}]*(\{[^{}]*\}[^{}]*)* \}`)

// pathPattern is method and path of a step without its values.
func pathPattern(s *draft.Step) string {
	path, _, _ := strings.Cut(s.Path, "?")
	return s.Method + " " + expressions.ReplaceAllString(path, "{}")
}
