package locustfile

import (
	"fmt"
	"strconv"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

const (
	// mostTurns is how many turns of a loop with several requests are written.
	mostTurns = 20
	mostTimes = 10_000
)

// loop is a loop over a range or a list that is known.
func (s *scope) loop(n *syntax.Node) (value, flow) {
	outer := s.leaves
	s.leaves = onward
	var v value
	var to flow
	if n.Kind == "While" {
		v, to = takeWhile(s, n)
	} else {
		v, to = takeTurns(s, n, turnsOf(s, n))
	}
	mayEnd := s.leaves > skips
	if mayEnd {
		s.look(n, "this loop may end before its last turn: here it makes all of them")
	}
	if s.leaves < returns { // which leaves the outer loop as well
		s.leaves = onward
	}
	s.leaves = max(s.leaves, outer)
	switch {
	case to >= breaks || len(n.Lists["orelse"]) == 0:
	case mayEnd && s.user != nil:
		s.under(unknown(n), n.Lists["orelse"])
	default:
		if w, other := s.exec(n.Lists["orelse"]); other != onward {
			return w, other
		}
	}
	if to == returns {
		return v, returns
	}
	return v, onward // on a condition
}

// turnsOf are what a loop counts.
func turnsOf(s *scope, n *syntax.Node) (turns []value) {
	over := n.At("iter")
	if s.file.imports.Canonical(over.At("func")) == "range" {
		args := over.Lists["args"]
		from, to := 0, s.eval(over.Item("args", len(args)-1))
		if len(args) == 2 {
			from = wholeNumber(s.eval(args[0]).text)
		}
		count := wholeNumber(to.text) - from
		if to.kind != number || len(args) > 2 || len(args) == 0 || count < 0 || count > mostTimes {
			s.look(n, "a loop whose number of turns is not known is read as one turn")
			count = 1
		}
		for i := range count {
			turns = append(turns, value{kind: number, text: strconv.Itoa(from + i), size: 1})
		}
		return turns
	}
	if v := s.eval(over); v.kind == list && len(v.items) <= mostTurns {
		return v.items
	}
	s.look(n, "a loop over what is not known is read as one turn")
	return []value{unknown(n)}
}

// takeTurns reads the turns of a loop. It says what they return, and where the last one leads.
func takeTurns(s *scope, n *syntax.Node, turns []value) (v value, to flow) {
	v = value{kind: null}
	target := n.At("target")
	if s.user != nil && !s.user.start && len(turns) > 1 && sameEachTurn(n, target) {
		from := len(*s.user.out)
		s.assignTo(target, turns[0], n)
		if v, to = s.exec(n.Lists["body"]); to > skips {
			return v, to
		}
		if made := (*s.user.out)[from:]; len(made) == 1 && made[0].Times < 2 {
			made[0].Times = len(turns)
			return v, to
		} else if len(made) == 0 {
			return v, to
		}
		turns = turns[1:]
	}
	if len(turns) > mostTurns {
		s.look(n, fmt.Sprintf("a loop of several requests is cut off after %d turns", mostTurns))
		turns = turns[:mostTurns]
	}
	for _, t := range turns {
		s.assignTo(target, t, n)
		if v, to = s.exec(n.Lists["body"]); to > skips {
			break
		}
	}
	return v, to
}

// takeWhile reads the turns of a loop whose test is known in each of them.
func takeWhile(s *scope, n *syntax.Node) (v value, to flow) {
	v = value{kind: null}
	test := n.At("test")
	for turn := 0; ; turn++ {
		c := value{kind: unread}
		if test.Kind != "Constant" && !s.file.imports.Sends(test) {
			c = truth(s, s.eval(test))
		}
		switch {
		case c.kind != boolean && turn == 0:
			s.unreadStatement(n)
			return v, breaks
		case c.kind != boolean:
			s.look(n, fmt.Sprintf("this loop is read up to its turn %d: whether it goes on is not known", turn))
			return v, breaks
		case c.text == "false":
			return v, onward
		case turn == mostTurns:
			s.look(n, fmt.Sprintf("a loop of several requests is cut off after %d turns", mostTurns))
			return v, breaks
		}
		if v, to = s.exec(n.Lists["body"]); to > skips {
			return v, to
		}
	}
}

// sameEachTurn says whether a loop does not use what it counts, and counts nothing else.
func sameEachTurn(n, target *syntax.Node) bool {
	name, used := target.Texts["id"], false
	for _, st := range n.Lists["body"] {
		st.Walk(func(one *syntax.Node) bool {
			used = used || one.Kind == "AugAssign" || one.Kind == "Name" && one.Texts["id"] == name
			return !used
		})
	}
	return name != "" && !used
}
