package locustfile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

// lookForLost says which requests of the file are in nothing that was read: none is lost silently.
func (f *file) lookForLost(module *syntax.Node) {
	type row struct {
		line int
		what string
	}
	lost := map[row]int{} // how many there are
	add := func(n *syntax.Node, what string) {
		if !f.told[n] {
			f.told[n] = true
			lost[row{n.Line, what}]++
		}
	}
	const ofNone = "in no task that is read, and left out"
	module.Walk(func(n *syntax.Node) bool {
		switch {
		case n.Kind == "Call" && f.imports.Requests(n):
			what := ofNone
			if of := f.imports.Library(n); of != "" {
				what = "of " + of + ", which is no client of a user, and left out"
			}
			add(n.At("func"), what)
		case syntax.IsPassedOn(n):
			add(n, ofNone)
		}
		return true
	})
	for _, r := range slices.SortedFunc(maps.Keys(lost), func(a, b row) int {
		return cmp.Or(a.line-b.line, strings.Compare(a.what, b.what))
	}) {
		these := "this request is "
		if lost[r] > 1 {
			these = fmt.Sprintf("%d requests are ", lost[r])
		}
		f.look(&syntax.Node{Line: r.line}, these+r.what)
	}
}
