package locustfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// scope is where an expression is read: in the file, in a class, or in a function of a user.
type scope struct {
	file    *file
	class   *class           // whose attributes are names; nil: none
	def     *syntax.Node     // the function that is read; nil: none
	user    *user            // who sends; nil: nothing can be sent
	locals  map[string]value // of a function
	depth   int              // of calls
	leaves  flow             // the farthest that a condition leads to in the loop that is read
	counted map[string]int   // how often a local value that is drawn was used
}

// deepest is how deep calls of functions are followed.
const deepest = 12

// look adds what a person must look at in the group.
func (s *scope) look(at *syntax.Node, what string) {
	if s.user != nil {
		s.user.group.Look(fmt.Sprintf("line %d: %s", at.Line, what))
		return
	}
	s.file.look(at, what)
}

// used counts the uses of a local value: one that is drawn is another one each time.
func (s *scope) used(n *syntax.Node, name string, v value) {
	if s.counted == nil || !v.isDrawn() {
		return
	}
	if s.counted[name]++; s.counted[name] == 2 {
		s.look(n, naming.Line(name)+" is drawn once and used several times: here it is drawn anew each time")
	}
}

// captured is the variable for a value of an answer.
func (s *scope) captured(v value, n *syntax.Node) value {
	return s.captureAs(v, draft.UnusedName(cmp.Or(v.word, "value"), func(name string) bool {
		return s.user.names[name] && !slices.Contains(v.step.Captures, draft.Pair{Name: name, Text: v.text})
	}), n)
}

// captureAs is the variable of a name for a value of an answer.
func (s *scope) captureAs(v value, name string, n *syntax.Node) value {
	if at := slices.IndexFunc(v.step.Captures, func(c draft.Pair) bool { return c.Text == v.text }); at >= 0 {
		if name == v.step.Captures[at].Name || !s.user.captured[name] {
			return call("%s", v.step.Captures[at].Name).named(v.word)
		}
	}
	if v.text == "body" && v.word == "text" || strings.HasPrefix(v.text, "headers") && v.text == "headers" {
		return unknown(n)
	}
	s.user.names[name] = true
	if !slices.ContainsFunc(v.step.Captures, func(c draft.Pair) bool { return c.Name == name }) {
		v.step.Captures = append(v.step.Captures, draft.Pair{Name: name, Text: v.text})
	}
	return call("%s", name).named(cmp.Or(v.word, name))
}
