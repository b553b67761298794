package config

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"gopkg.in/yaml.v3"
)

var (
	noColon = regexp.MustCompile(`^(\s*(?:- )?)([a-z_][a-z0-9_]*) +(\S.*)$`)
	noSpace = regexp.MustCompile(`^(\s*(?:- )?[a-z_][a-z0-9_]*:)(\S.*)$`)
	noBlank = regexp.MustCompile(`^(\s*-)([^\s-].*)$`)
)

// layout returns the edit of one line's indentation, colon or dash that makes
// the whole text readable and fits the grammar best: of equal ones the smallest
// move of a line near the error, first of one that stands where no other line
// does. Nil: there is none.
func (s *search) layout(lines []string, starts []int, near func(line int) bool) []edit {
	used := map[int]int{}
	for _, line := range lines {
		if text := strings.TrimSpace(line); text != "" && text[0] != '#' {
			used[indentation(line)]++
			if text[0] == '-' {
				used[indentation(line)+2] += 2 // where the keys of an item stand
			}
		}
	}
	type move struct {
		edit edit
		cost int
	}
	var moves []move
	for i, line := range lines {
		body := strings.TrimRight(line, "\r\n")
		if text := strings.TrimSpace(body); text == "" || text[0] == '#' ||
			strings.HasPrefix(text, "---") || len(body) > maxLine || !near(i+1) {
			continue
		}
		l := suspectLine{number: i + 1, start: starts[i], text: body}
		if m := noColon.FindStringSubmatchIndex(body); m != nil {
			e := l.edit(m[5], m[6], ": ", fmt.Sprintf("a colon is missing behind %s; write %s: %s",
				body[m[4]:m[5]], body[m[4]:m[5]], body[m[6]:m[7]]))
			moves = append(moves, move{e, 0})
		}
		if m := noSpace.FindStringSubmatchIndex(body); m != nil {
			moves = append(moves, move{l.edit(m[3], m[3], " ", "a space is missing behind the colon; write one"), 0})
		}
		if m := noBlank.FindStringSubmatchIndex(body); m != nil {
			moves = append(moves, move{l.edit(m[3], m[3], " ", "a space is missing behind the dash; write one"), 0})
		}
		blank := body[:len(body)-len(strings.TrimLeft(body, " \t"))]
		for _, width := range []int{2, 4, 8} {
			if e, ok := l.tab(blank, width); ok {
				moves = append(moves, move{e, 0})
			}
		}
		own := indentation(body)
		for _, width := range slices.Sorted(maps.Keys(used)) {
			lines := used[width]
			if width == own || lines < 2 && width != 0 {
				continue
			}
			e := l.edit(0, own, strings.Repeat(" ", width),
				fmt.Sprintf("this line is indented by %d; write %d spaces, as its neighbours have", own, width))
			e.column = own + 1
			moves = append(moves, move{e, 4*max(width-own, own-width) + min(used[own]-1, 20)})
		}
	}
	slices.SortStableFunc(moves, func(a, b move) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.edit.line, b.edit.line),
			cmp.Compare(b.edit.width, a.edit.width))
	})
	var best []edit
	fewest := 0
	for _, m := range moves {
		edits := []edit{m.edit}
		if !s.cures(edits, 0) {
			continue
		}
		if wrong := misread(apply(s.src, edits)); best == nil || wrong < fewest {
			best, fewest = edits, wrong
		}
		if fewest == 0 {
			break
		}
	}
	return best
}

// misread counts what does not fit the grammar in a text that is YAML.
func misread(text []byte) int {
	node, err := parse(text)
	if err != nil || node == nil {
		return mistake.Most
	}
	m := &mistake.List{}
	newWalker(newSource("", text, nil), m).walk(grammar(), node, "")
	return m.Count()
}

// indentation is how many spaces a line begins with.
func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// swallowed finds an item of a list that stands too far right, so that YAML reads
// it as the rest of the text above: the place of its dash.
func (s source) swallowed(n *yaml.Node) (mistake.Pos, bool) {
	if n.Kind != yaml.ScalarNode || n.Style != 0 || !strings.Contains(n.Value, " - ") || n.Line >= len(s.lines) {
		return mistake.Pos{}, false
	}
	next := s.lines[n.Line]
	if text := strings.TrimLeft(next, " \t"); strings.HasPrefix(text, "- ") &&
		!strings.Contains(s.lines[n.Line-1], n.Value) {
		return s.pos(n.Line+1, len(next)-len(text)+1), true
	}
	return mistake.Pos{}, false
}

func indentedByTab(lines []string) bool {
	return slices.ContainsFunc(lines, func(line string) bool {
		return strings.HasPrefix(strings.TrimLeft(line, " "), "\t") && strings.TrimSpace(line) != ""
	})
}
