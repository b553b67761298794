package draft

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// commented is a part of the file as a comment.
func commented(n *node.Value) string {
	var out strings.Builder
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if e.Encode(n) != nil || e.Close() != nil {
		return ""
	}
	return "# " + strings.ReplaceAll(strings.TrimRight(out.String(), "\n"), "\n", "\n# ")
}

// lookComment is what a person must look at, as a comment. Its text is of the source,
// and stays on its line.
func lookComment(looks []string) string {
	var lines []string
	for _, l := range looks {
		lines = append(lines, "# look: "+naming.Line(l))
	}
	return strings.Join(lines, "\n")
}

// entry appends a name with comments above it.
func entry(to *node.Value, name string, looks []string, v *node.Value) {
	node.Set(to, name, v)
	to.Content[len(to.Content)-2].HeadComment = lookComment(looks)
}

func pairs(all []Pair) *node.Value {
	m := node.Map()
	for _, p := range all {
		node.Set(m, p.Name, node.Text(p.Text))
	}
	return m
}

// short puts a tree that is small on one line.
func short(v *node.Value) *node.Value {
	if v.Kind == yaml.ScalarNode {
		return v
	}
	length := 0
	for _, c := range v.Content {
		if c.Kind != yaml.ScalarNode {
			length += 40
		}
		length += len(c.Value) + 4
	}
	if length <= 90 {
		return node.Inline(v)
	}
	for i, c := range v.Content {
		if v.Kind == yaml.SequenceNode || i%2 == 1 {
			short(c)
		}
	}
	return v
}
