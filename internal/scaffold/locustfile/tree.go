package locustfile

import (
	"encoding/json"
	"errors"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// syntax is a node of the syntax tree of a Python file, as parse.py writes it.
type syntax struct {
	Kind  string               `json:"k"` // as the module ast of Python calls it
	Line  int                  `json:"l"`
	Texts map[string]string    `json:"t"` // names, and the values of constants
	Nodes map[string]*syntax   `json:"n"`
	Lists map[string][]*syntax `json:"a"`
	known *value               // of kind Known: what it is
}

// none is a node that is not there.
var none = &syntax{Kind: "None"}

// at is a node in another; one of kind None where it is not there.
func (s *syntax) at(name string) *syntax {
	if n := s.Nodes[name]; n != nil {
		return n
	}
	return none
}

// item is a node of a list; one of kind None where there is none.
func (s *syntax) item(list string, i int) *syntax {
	if l := s.Lists[list]; i >= 0 && i < len(l) {
		return l[i]
	}
	return none
}

// dotted is a name with the attributes behind it, as in self.client.get; empty: it is something else.
func (s *syntax) dotted() string {
	switch s.Kind {
	case "Name":
		return s.Texts["id"]
	case "Attribute":
		if before := s.at("value").dotted(); before != "" {
			return before + "." + s.Texts["attr"]
		}
	}
	return ""
}

// keyword is an argument of a call by its name; one of kind None where it is not given.
func (s *syntax) keyword(name string) *syntax {
	for _, k := range s.Lists["keywords"] {
		if k.Texts["arg"] == name {
			return k.at("value")
		}
	}
	return none
}

// walk visits a node and all nodes below it, but not below those for which visit says false.
func (s *syntax) walk(visit func(*syntax) bool) {
	if s == nil || !visit(s) {
		return
	}
	for _, n := range s.Nodes {
		n.walk(visit)
	}
	for _, l := range s.Lists {
		for _, n := range l {
			n.walk(visit)
		}
	}
}

// fill puts a node of kind None where there is none.
func (s *syntax) fill() {
	for name, n := range s.Nodes {
		if n == nil {
			s.Nodes[name] = none
			continue
		}
		n.fill()
	}
	for _, l := range s.Lists {
		for i, n := range l {
			if n == nil {
				l[i] = none
				continue
			}
			n.fill()
		}
	}
}

// readTree reads what parse.py wrote.
func readTree(text []byte) (*syntax, error) {
	var answer struct {
		Error string
		Tree  *syntax
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
