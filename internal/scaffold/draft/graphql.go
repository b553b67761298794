package draft

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// SendGraphQL writes the operations of GraphQL among the bodies as such: their endpoints have the operation's name
// then, and an answer with errors is a failure. It belongs after the judgement of what the requests do, and before
// their names.
func (d *Draft) SendGraphQL() {
	for _, s := range d.all() {
		if content := operation(s); content != nil {
			s.Body = &Body{Key: "graphql", Content: content}
		}
	}
}

// graphQLName is what a variable of GraphQL may be called.
var graphQLName = regexp.MustCompile(`^[_A-Za-z][_0-9A-Za-z]*$`)

// operation is what a step sends under the keys of graphql; nil: it is none that the file can hold.
func operation(s *Step) *node.Value {
	if s.Method != "POST" || s.Body == nil || s.Body.Key != "json" || s.Body.Content.Kind != yaml.MappingNode {
		return nil
	}
	var query, name, variables *node.Value
	for key, v := range node.Children("", s.Body.Content) {
		switch {
		case key == "query" && v.Tag == "!!str":
			query = v
		case key == "operationName" && v.Tag == "!!str":
			name = v
		case key == "variables" && v.Kind == yaml.MappingNode:
			variables = v
		case (key == "operationName" || key == "variables") && v.Tag == "!!null":
		default:
			return nil // what else is sent, such as extensions, graphql has no key for
		}
	}
	if query == nil || strings.Contains(query.Value, "${") {
		return nil
	}
	asked := ""
	if name != nil {
		asked = name.Value
	}
	of, many, ok := Operation(query.Value, asked)
	if !ok || variables != nil && !named(variables) {
		return nil
	}
	m := node.Map()
	node.Set(m, "query", document(query.Value))
	if variables != nil && len(variables.Content) > 0 {
		node.Set(m, "variables", variables)
	}
	if many {
		node.Set(m, "operation", node.Text(of))
	}
	return m
}

// named says whether all names of a map are those of variables.
func named(variables *node.Value) bool {
	for i := 0; i < len(variables.Content); i += 2 {
		if !graphQLName.MatchString(variables.Content[i].Value) {
			return false
		}
	}
	return true
}

// document is a text of GraphQL: several lines are lines of the file, where it can hold them as they are.
func document(text string) *node.Value {
	text = strings.TrimSpace(dedented(text)) // spaces around a document mean nothing
	n := node.Text(text)
	if strings.Contains(text, "\n") && !strings.Contains(text, placeTag) && !strings.ContainsFunc(text, isControl) {
		n.Style = yaml.LiteralStyle
	}
	return n
}

// isControl says whether a rune has no place in a text that is lines of the file.
func isControl(r rune) bool {
	return r < ' ' && r != '\n' || r == '\ufeff' || strings.ContainsRune("\u007f\u0085\u2028\u2029", r)
}

// dedented is a document without the spaces that all of its lines begin with, which belong to the script around it.
// Those in a text of several lines mean something.
func dedented(text string) string {
	if strings.Contains(text, `"""`) {
		return text
	}
	lines, least := strings.Split(text, "\n"), len(text)
	for i, line := range lines {
		if lines[i] = strings.TrimRight(line, " \t\r"); lines[i] != "" {
			least = min(least, len(line)-len(strings.TrimLeft(line, " ")))
		}
	}
	for i, line := range lines {
		lines[i] = line[min(least, len(line)):]
	}
	return strings.Join(lines, "\n")
}
