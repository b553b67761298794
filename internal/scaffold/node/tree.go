package node

import (
	"iter"

	"gopkg.in/yaml.v3"
)

// Map begins a map.
func Map() *Value { return &Value{Kind: yaml.MappingNode, Tag: "!!map"} }

// Set appends a name and its value to a map.
func Set(to *Value, name string, v *Value) {
	to.Content = append(to.Content, Text(name), v)
}

// Keys are those of a map.
func Keys(m *Value) []string {
	var all []string
	for i := 0; i < len(m.Content); i += 2 {
		all = append(all, m.Content[i].Value)
	}
	return all
}

// Children are the values in a map with their names, or those in a list with the name
// of the list.
func Children(name string, v *Value) iter.Seq2[string, *Value] {
	return func(yield func(string, *Value) bool) {
		if v.Kind != yaml.MappingNode {
			for _, c := range v.Content {
				if !yield(name, c) {
					return
				}
			}
			return
		}
		for i := 0; i+1 < len(v.Content); i += 2 {
			if !yield(v.Content[i].Value, v.Content[i+1]) {
				return
			}
		}
	}
}

// List is a sequence.
func List(items ...*Value) *Value {
	return &Value{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// Inline puts a map or list on one line.
func Inline(v *Value) *Value {
	v.Style |= yaml.FlowStyle
	return v
}
