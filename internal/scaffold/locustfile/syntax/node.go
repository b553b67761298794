// Package syntax is the syntax tree of a script of Python, and what in it looks like a request.
package syntax

import (
	"encoding/json"
	"errors"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// Node is a node of the syntax tree of a Python file, as parse.py writes it.
type Node struct {
	Kind  string             `json:"k"` // as the module ast of Python calls it
	Line  int                `json:"l"`
	Texts map[string]string  `json:"t"` // names, and the values of constants
	Nodes map[string]*Node   `json:"n"`
	Lists map[string][]*Node `json:"a"`
	Known any                `json:"-"` // of kind Known: what a reader found it to be
}

// None is a node that is not there.
var None = &Node{Kind: "None"}

// At is a node in another; one of kind None where it is not there.
func (s *Node) At(name string) *Node {
	if n := s.Nodes[name]; n != nil {
		return n
	}
	return None
}

// Item is a node of a list; one of kind None where there is none.
func (s *Node) Item(list string, i int) *Node {
	if l := s.Lists[list]; i >= 0 && i < len(l) {
		return l[i]
	}
	return None
}

// Dotted is a name with the attributes behind it, as in self.client.get; empty: it is something else.
func (s *Node) Dotted() string {
	switch s.Kind {
	case "Name":
		return s.Texts["id"]
	case "Attribute":
		if before := s.At("value").Dotted(); before != "" {
			return before + "." + s.Texts["attr"]
		}
	}
	return ""
}

// Keyword is an argument of a call by its name; one of kind None where it is not given.
func (s *Node) Keyword(name string) *Node {
	for _, k := range s.Lists["keywords"] {
		if k.Texts["arg"] == name {
			return k.At("value")
		}
	}
	return None
}

// Walk visits a node and all nodes below it, but not below those for which visit says false.
func (s *Node) Walk(visit func(*Node) bool) {
	if s == nil || !visit(s) {
		return
	}
	for _, n := range s.Nodes {
		n.Walk(visit)
	}
	for _, l := range s.Lists {
		for _, n := range l {
			n.Walk(visit)
		}
	}
}

// fill puts a node of kind None where there is none.
func (s *Node) fill() {
	for name, n := range s.Nodes {
		if n == nil {
			s.Nodes[name] = None
			continue
		}
		n.fill()
	}
	for _, l := range s.Lists {
		for i, n := range l {
			if n == nil {
				l[i] = None
				continue
			}
			n.fill()
		}
	}
}

// Read reads what the program that parses scripts wrote. The error is one line that says what is wrong with the script.
func Read(text []byte) (*Node, error) {
	var answer struct {
		Error string
		Tree  *Node
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, errors.New("python3 did not answer with its syntax tree")
	}
	if answer.Error != "" {
		return nil, errors.New(naming.Line(answer.Error))
	}
	if answer.Tree == nil || answer.Tree.Kind != "Module" {
		return nil, errors.New("python3 did not answer with its syntax tree")
	}
	answer.Tree.fill()
	return answer.Tree, nil
}
