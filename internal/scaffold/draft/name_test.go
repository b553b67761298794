package draft

import (
	"slices"
	"testing"
)

// One name is one endpoint: of two paths, the one that has the name of its path keeps it, and a comment gives way.
func TestNameEndpoints(t *testing.T) {
	step := func(path, name string, off bool) *Step {
		return &Step{Method: "GET", Path: path, Name: name, Commented: off}
	}
	all := []*Step{step("/x", "GET /a", true), step("/y", "GET /a", false), step("/a", "", false),
		step("/z", "GET /b", true), step("/b?n=1", "GET /b", false), step("/b?n=2", "GET /b", false),
		step("/c/${ id }", "n", false), step("/c/${ other }", "n", false)}
	start := step("/s", "GET /a", false)
	d := &Draft{Groups: []*Group{{Steps: all, Start: []*Step{start}}}}
	shared := d.NameEndpoints()
	var names []string
	for _, s := range append(all, start) {
		names = append(names, s.Name)
	}
	want := []string{"GET /a (3)", "GET /a (2)", "", "GET /b (2)", "GET /b", "GET /b", "n", "n", "GET /a"}
	if !slices.Equal(names, want) || !slices.Equal(shared, []string{"GET /a"}) {
		t.Errorf("names %q of which %q are shared, want %q", names, shared, want)
	}
}
