package manifest

import (
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// mapping is an object of keys and values in their order: strings, numbers, truth values or other nodes.
func mapping(pairs ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	if len(pairs) == 0 {
		m.Style = yaml.FlowStyle // {}
	}
	for i := 0; i < len(pairs); i += 2 {
		m.Content = append(m.Content, leaf(pairs[i]), leaf(pairs[i+1]))
	}
	return m
}

func list(values ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Content: values}
}

// leaf is a value as a node; a node is itself.
func leaf(value any) *yaml.Node {
	switch value := value.(type) {
	case *yaml.Node:
		return value
	case string:
		return text(value)
	default:
		return encoded(value)
	}
}

// encoded is a string of one line, a number or a truth value.
func encoded(value any) *yaml.Node {
	n := &yaml.Node{}
	if err := n.Encode(value); err != nil { // only types that encode themselves have errors
		panic(err)
	}
	return n
}

// text is a string that every reader of YAML takes for that string: the encoder quotes what could be a number, a truth
// value or null, of YAML 1.1 too, which kubectl reads. Lines stay lines where nothing in them could be lost.
func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case !isPlain(s), strings.HasPrefix(s, "\n"), strings.HasPrefix(s, " "):
		n.Style = yaml.DoubleQuotedStyle
	case strings.Contains(s, "\n"):
		n.Style = yaml.LiteralStyle
	default:
		return encoded(s)
	}
	return n
}

// isPlain says whether a text has only what is printed, and ends of lines.
func isPlain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) })
}
