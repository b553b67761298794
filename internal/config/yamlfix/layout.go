package yamlfix

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	noColon = regexp.MustCompile(`^(\s*(?:- )?)([a-z_][a-z0-9_]*) +(\S.*)$`)
	noSpace = regexp.MustCompile(`^(\s*(?:- )?[a-z_][a-z0-9_]*:)(\S.*)$`)
	noBlank = regexp.MustCompile(`^(\s*-)([^\s-].*)$`)
)

// layoutEdits lists the edits of one line's indentation, colon or dash near the error: the
// smallest moves of a line first, and among equal ones first those of a line whose
// indentation no other line has.
func layoutEdits(lines []string, starts []int, near func(line int) bool) []edit {
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
			e := l.edit(m[5], m[6], ": ", fmt.Sprintf("a colon is missing after %s; write %s: %s",
				body[m[4]:m[5]], body[m[4]:m[5]], body[m[6]:m[7]]))
			moves = append(moves, move{e, 0})
		}
		if m := noSpace.FindStringSubmatchIndex(body); m != nil {
			moves = append(moves, move{l.edit(m[3], m[3], " ", "a space is missing after the colon; write one"), 0})
		}
		if m := noBlank.FindStringSubmatchIndex(body); m != nil {
			moves = append(moves, move{l.edit(m[3], m[3], " ", "a space is missing after the dash; write one"), 0})
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
	edits := make([]edit, len(moves))
	for i, m := range moves {
		edits[i] = m.edit
	}
	return edits
}

// indentation is how many spaces a line begins with.
func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func indentedByTab(lines []string) bool {
	return slices.ContainsFunc(lines, func(line string) bool {
		return strings.HasPrefix(strings.TrimLeft(line, " "), "\t") && strings.TrimSpace(line) != ""
	})
}
