package grammar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/expr"
)

// read parses a scalar node with the scalar's parser.
func (s *scalar) read(n *yaml.Node) (any, error) {
	if s.word != "" && n.Value == s.word {
		return s.word, nil
	}
	quoted := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	switch s.json {
	case "boolean":
		if n.Tag != "!!bool" {
			return nil, fmt.Errorf("%q is not true or false; write one of them, without quotes", n.Value)
		}
		if err := boolean(n); err != nil {
			return nil, err
		}
	case "integer", "number":
		switch {
		case quoted && decimal(n.Value):
			return nil, fmt.Errorf("%q is a text; write %s without quotes", n.Value, n.Value)
		case n.Tag != "!!int" && n.Tag != "!!float":
			return nil, fmt.Errorf("%q is not %s %s; write one such as %s", n.Value, article(s.name), s.name, s.example)
		case !decimal(n.Value):
			return nil, fmt.Errorf("%s is not in decimal; write %s %s such as %s",
				n.Value, article(s.name), s.name, s.example)
		}
	}
	text := n.Value
	if s.bare && (n.Tag == "!!int" || n.Tag == "!!float") {
		text = number(text)
	}
	data, err := s.readText(text)
	if err == nil && s.json == "string" && (n.Tag == "!!int" || n.Tag == "!!float" || n.Tag == "!!bool") {
		return nil, fmt.Errorf("%s is not a text; put it in quotes: %q", n.Value, n.Value)
	}
	return data, err
}

// readText parses a text and checks it against the enum and the pattern, which are in
// the schema too. The parser comes first: its error names the remedy.
func (s *scalar) readText(text string) (any, error) {
	if s.enum != nil && !slices.Contains(s.enum, text) {
		return nil, fmt.Errorf("unknown value %q; %s", text, s.oneOf(text))
	}
	data, err := s.parse(text)
	if err == nil && s.pattern != nil && !s.pattern.MatchString(text) {
		return nil, fmt.Errorf("%q is not %s %s; write one such as %s", text, article(s.name), s.name, s.example)
	}
	return data, err
}

// oneOf lists the few values that there are, the most likely one first.
func (s *scalar) oneOf(text string) string {
	words := strings.Join(s.enum, ", ")
	if word, ok := expr.Nearest(text, s.enum); ok && len(s.enum) > 1 {
		return fmt.Sprintf("did you mean %s? Write one of: %s", word, words)
	}
	return "write one of: " + words
}

// boolean refuses the spellings that are booleans in some YAML and texts in
// other.
func boolean(n *yaml.Node) error {
	if n.Value != "true" && n.Value != "false" {
		return fmt.Errorf("%s is not true or false as JSON writes them; write %s", n.Value, strings.ToLower(n.Value))
	}
	return nil
}

// decimal says whether a number is written the way JSON writes one, a sign
// and leading zeros aside: not 0x10, 1_000 or .inf.
func decimal(text string) bool {
	digits := strings.TrimLeft(text, "+-")
	return digits != "" && digits[0] >= '0' && digits[0] <= '9' && strings.Trim(digits, "0123456789.eE+-") == "" &&
		!(len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9')
}

func empty(n *yaml.Node) bool {
	return n.Tag == "!!null" || n.Kind != yaml.ScalarNode && len(n.Content) == 0
}

// written is a node in words.
func written(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a map"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", n.Value)
}

// node is the kind of YAML node that a shape is written as.
func (s *shape) node() yaml.Kind {
	switch s.kind {
	case ObjectKind, mapKind:
		return yaml.MappingNode
	case ListKind:
		return yaml.SequenceNode
	}
	return yaml.ScalarNode
}

// number is a number of YAML as the texts of an enum write it: 2.0 is 2.
func number(text string) string {
	if f, err := strconv.ParseFloat(text, 64); err == nil && decimal(text) {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return text
}
