package written

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// NameEndpoints gives steps whose method or path differ different names: a name is one endpoint.
// It returns the names that were given to several.
func NameEndpoints(d *draft.Draft) (shared []string) {
	type row struct {
		name string
		list int // start steps, steps and end steps are counted apart
	}
	d.SendGraphQL()
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

// ShareAuth writes once, for the group, who all of its requests say they are.
func ShareAuth(d *draft.Draft) {
	for _, g := range d.Groups {
		all := slices.Concat(g.Start, g.Steps, g.End)
		if len(all) < 2 || all[0].Auth == nil || g.Auth != nil || slices.ContainsFunc(all, func(s *draft.Step) bool {
			return !reflect.DeepEqual(s.Auth, all[0].Auth)
		}) || showsValue(all[0].Auth) {
			continue
		}
		g.Auth = all[0].Auth
		for _, s := range all {
			s.Auth = nil
		}
	}
}

// showsValue says whether a part of the file shows what another request captures.
func showsValue(v *node.Value) bool {
	return strings.Contains(strings.ReplaceAll(v.Value, "${ env(", ""), "${") ||
		slices.ContainsFunc(v.Content, showsValue)
}

var expressions = regexp.MustCompile(`\$\{ [^{}]*(\{[^{}]*\}[^{}]*)* \}`)

// pathPattern is method and path of a step without its values.
func pathPattern(s *draft.Step) string {
	path, _, _ := strings.Cut(s.Path, "?")
	return s.Method + " " + expressions.ReplaceAllString(path, "{}")
}
