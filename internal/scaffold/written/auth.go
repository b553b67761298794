package written

import (
	"reflect"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

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
