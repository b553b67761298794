package grammar

import (
	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/config/yamlfix"
)

// Read turns the text of a file into values that keep the grammar. It returns
// nil when nothing can be read, or not all of it: the mistakes are in m. limits reports whether
// the file has limits alone, which is taken only where that is allowed.
func Read(src []byte, filename string, m *mistake.List, allowed bool) (root *Value, limits bool) {
	node, text, ok := yamlfix.Parse(src, filename, m, misfits)
	if !ok {
		return nil, false
	}
	if node == nil {
		m.Add(mistake.Pos{File: filename}, "", "the file is empty; begin with version: %s", Version)
		return nil, false
	}
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

// misfits counts what does not fit the grammar in a text that is YAML.
func misfits(root *yaml.Node, text yamlfix.Text) int {
	m := &mistake.List{}
	newWalker(text, m).walk(grammar(), root, "")
	return m.Count()
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
