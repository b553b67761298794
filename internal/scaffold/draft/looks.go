package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// Looks are what a person must look at, in the order of the file.
func (d *Draft) Looks() []string {
	all := append([]string{}, d.looks...)
	for _, t := range d.Data {
		all = append(all, t.Looks...)
	}
	for _, l := range d.Loads {
		for _, look := range l.Looks {
			all = append(all, "profile "+l.Name+": "+look)
		}
	}
	of := func(steps []*Step) {
		for _, s := range steps {
			for _, look := range s.Looks {
				request := cmp.Or(s.Name, s.Method+" "+s.Path)
				if s.Commented {
					request += " (a comment in the file)"
				}
				all = append(all, request+": "+look)
			}
		}
	}
	of(d.Setup)
	of(d.Teardown)
	for _, g := range d.inOrder() {
		if slices.Contains(d.idle, g) {
			for _, why := range g.reasons() {
				all = append(all, g.Name+" (a comment in the file): "+why)
			}
			continue
		}
		for _, look := range g.Looks {
			all = append(all, g.Name+": "+look)
		}
		of(g.Start)
		of(g.Steps)
		of(g.End)
	}
	for _, r := range d.Rules {
		if !r.isLive() {
			continue
		}
		for _, look := range r.Looks {
			all = append(all, r.Name+": "+look)
		}
	}
	seen := map[string]bool{}
	for i, look := range all {
		all[i] = secrets.Remove(look)
	}
	return slices.DeleteFunc(all, func(look string) bool {
		was := seen[look]
		seen[look] = true
		return was
	})
}

// reasons are why the requests of a group are comments.
func (g *Group) reasons() (why []string) {
	for _, s := range g.Steps {
		why = append(why, cmp.Or(s.Name, s.Method+" "+s.Path)+": "+strings.Join(s.Looks, "; "))
	}
	return why
}
