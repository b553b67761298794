package grammar

import (
	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/config/yamlfix"
)

// Read turns the text of a file into values that keep the grammar. It returns
// nil when nothing can be read, or not all of it: the mistakes are in m. limits reports whether
// the file has limits alone, which is taken only where that is allowed. check adds to a list
// what is wrong in a root beyond the grammar: of several ways to mend a text, the one with the fewest
// mistakes is taken.
func Read(
	src []byte, filename string, m *mistake.List, allowed bool, check func(root *Value, limits bool, m *mistake.List),
) (root *Value, limits bool) {
	misfits := func(node *yaml.Node, text yamlfix.Text) yamlfix.Misfits {
		m := &mistake.List{}
		root, limits := read(node, text, m, allowed)
		shape := m.Count()
		if root != nil {
			check(root, limits, m)
		}
		return yamlfix.Misfits{Shape: m.All[:shape], Meaning: m.All[shape:]}
	}
	node, text, ok := yamlfix.Parse(src, filename, m, misfits)
	if !ok {
		return nil, false
	}
	if node == nil {
		m.Add(mistake.Pos{File: filename}, "", "the file is empty; begin with version: %s", Version)
		return nil, false
	}
	return read(node, text, m, allowed)
}

func read(node *yaml.Node, text yamlfix.Text, m *mistake.List, allowed bool) (root *Value, limits bool) {
	g := grammar()
	if limits = allowed && !hasLoad(node); limits {
		g.optional("users", "profiles")
	}
	w := newWalker(text, m)
	if root = w.walk(g, node, ""); len(w.anchors) > 0 {
		return nil, limits // the value of an alias is not known, and its absence is not a second mistake
	}
	return root, limits
}

// hasLoad says whether a file describes a load, or begins to.
func hasLoad(file *yaml.Node) bool {
	if file.Kind != yaml.MappingNode {
		return true // it is not a file of limits at all, and reported as such
	}
	for i := 0; i < len(file.Content); i += 2 {
		if key := file.Content[i].Value; key == "users" || key == "profiles" {
			return true
		}
	}
	return false
}
