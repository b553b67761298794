package syntax

import "strings"

// Imports are the names that a script imports, each with what it is of, such as random.randint.
type Imports map[string]string

// Add adds the names that a statement imports.
func (f Imports) Add(s *Node) {
	from := ""
	if s.Kind == "ImportFrom" {
		from = s.Texts["module"] + "."
	}
	for _, a := range s.Lists["names"] {
		name, as := a.Texts["name"], a.Texts["asname"]
		switch {
		case as != "":
			f[as] = from + name
		case from != "":
			f[name] = from + name
		}
	}
}

// Canonical is a dotted name with the module that it is imported from.
func (f Imports) Canonical(n *Node) string {
	name := n.Dotted()
	first, rest, has := strings.Cut(name, ".")
	if full, ok := f[first]; ok {
		if name = full; has {
			name += "." + rest
		}
	}
	return name
}

// Assigned are the plain names that a statement gives a value to.
func Assigned(s *Node) (names []string) {
	targets := s.Lists["targets"]
	if s.Kind == "AnnAssign" {
		targets = []*Node{s.At("target")}
	}
	for _, t := range targets {
		if t.Kind == "Name" {
			names = append(names, t.Texts["id"])
		}
	}
	return names
}
