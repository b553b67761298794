package expr

import (
	"maps"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// nearest returns the candidate that name is most likely a misspelling of: a
// third of its letters differ, or the same letters stand in another order. ok
// is false when none is that near.
func nearest(name string, candidates []string) (near string, ok bool) {
	best := max(1, len(name)/3) + 1
	for _, candidate := range candidates {
		if letters(name) == letters(candidate) {
			return candidate, true
		}
		if d := levenshtein.ComputeDistance(name, candidate); d < best {
			best, near = d, candidate
		}
	}
	return near, near != ""
}

// letters returns the letters of a name in alphabetical order, in lower case.
func letters(name string) string {
	all := []byte(strings.ToLower(name))
	slices.Sort(all)
	return string(all)
}

// usage shows how a function is called.
func usage(name string) string {
	if f := functions[name]; f != nil {
		return f.usage
	}
	switch name {
	case "env":
		return `env("NAME", "default")`
	case "list":
		return "list(3, item)"
	case "map", "sum", "sortBy":
		return name + "(list, .field)"
	}
	return name + "(list, # > 1)"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func anyField(sym symbol) string {
	if names := sortedKeys(sym.fields); len(names) > 0 {
		return names[0]
	}
	return "field"
}

// listing joins names for a sentence.
func listing(names []string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
