package draft

import (
	"encoding/hex"
	"regexp"
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

// withLooks is a comment with what a person must look at above it.
func withLooks(looks, comment string) string {
	if looks == "" {
		return comment
	}
	return looks + "\n" + comment
}

// placeTag marks an entry that becomes a comment. No text of a source does: it has quotes where it begins with a mark.
const placeTag = "!comment"

// placed is an item of a list that becomes a comment in its place: the encoder moves comments that follow the last
// item, or forgets them.
func placed(comment string) *node.Value {
	return node.Scalar(placeTag, hex.EncodeToString([]byte(comment)))
}

// setPlaced appends a comment to a map, in its place.
func setPlaced(to *node.Value, comment string) {
	to.Content = append(to.Content, node.Text("comment"), placed(comment)) // the name goes, too
}

var place = regexp.MustCompile(`(?m)^( *)(?:- |comment: )` + placeTag + ` ([0-9a-f]+)$`)

// inPlace is a file with the comments that were placed in it.
func inPlace(text []byte) []byte {
	return place.ReplaceAllFunc(text, func(line []byte) []byte {
		m := place.FindSubmatch(line)
		comment, err := hex.DecodeString(string(m[2]))
		if err != nil {
			return line
		}
		indent := string(m[1])
		lines := indent + strings.ReplaceAll(string(comment), "\n", "\n"+indent)
		if indent == "" { // a part of the file by itself
			lines = "\n" + lines
		}
		return []byte(lines)
	})
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
		if c.Style == yaml.LiteralStyle { // it has lines of its own
			length += 100
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
