package yamlfix

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/unit"
)

var (
	noColon  = regexp.MustCompile(`^(\s*(?:- )?)([A-Za-z_][A-Za-z0-9_-]*) +([^\s=].*)$`)
	noSpace  = regexp.MustCompile(`^(\s*(?:- )?[A-Za-z_][A-Za-z0-9_-]*:)([^\s:].*)$`)
	noBlank  = regexp.MustCompile(`^(\s*-)([^\s-].*)$`)
	bareKey  = regexp.MustCompile(`^\s*(?:- )?([A-Za-z_][A-Za-z0-9_ -]*)$`)
	equals   = regexp.MustCompile(`^\s*(?:- )?([A-Za-z_][A-Za-z0-9_-]*)( *= *)(\S.*)$`)
	twoColon = regexp.MustCompile(`^\s*(?:- )?[A-Za-z_][A-Za-z0-9_ -]*:(: *:?) *\S.*$`)
	oddColon = regexp.MustCompile(`^\s*(?:- )?[A-Za-z_][A-Za-z0-9_-]*( *：\pZ*)`)
	keyValue = regexp.MustCompile(`^\s*(?:- )?([A-Za-z_][A-Za-z0-9_-]*):( +[^\s|>&#].*)$`)
	// dashedKey is an item that begins with a key.
	dashedKey = regexp.MustCompile(`^\s*(- +)[A-Za-z_][A-Za-z0-9_ -]*:(?: |$)`)
	prose     = regexp.MustCompile(`^\pL[\pL\pN,.;'’!?()-]*(?: +\pL[\pL\pN,.;'’!?()-]*(?: +[\pL\pN,.;'’!?()-]+)*)?$`)
	twoDash   = regexp.MustCompile(`^\s*- +(- +)\S`)
)

// move is one way to mend the layout of a file.
type move struct {
	edits []edit // of one line, or of the lines below it too
	cost  int    // the smaller, the likelier
	sign  bool   // it writes or deletes a sign, and does not only move a line
}

// layout is the lines of a text, and how they stand.
type layout struct {
	lines  []string
	starts []int       // offsets of the lines
	used   map[int]int // how many lines have an indentation
	dashed map[int]int // and how many of them are items
}

func newLayout(lines []string, starts []int) layout {
	l := layout{lines, starts, map[int]int{}, map[int]int{}}
	for i := range lines {
		if text := l.text(i); text != "" {
			l.used[indentation(lines[i])]++
			if text[0] == '-' {
				l.dashed[indentation(lines[i])]++
				l.used[indentation(lines[i])+2] += 2 // where the keys of an item stand
			}
		}
	}
	return l
}

// text is a line without blanks around it; "" for one that says nothing.
func (l layout) text(i int) string {
	text := strings.TrimSpace(l.lines[i])
	if strings.HasPrefix(text, "#") || strings.HasPrefix(text, "---") || len(l.lines[i]) > maxLine {
		return ""
	}
	return text
}

// end is the line behind those that belong to a line: that are indented further, or are items
// below their key.
func (l layout) end(i int) int {
	own, last := indentation(l.lines[i]), i+1
	for j := i + 1; j < len(l.lines); j++ {
		if l.text(j) == "" {
			continue
		}
		if indentation(l.lines[j]) <= own {
			break
		}
		last = j + 1
	}
	return last
}

// around marks the lines from which the mistake of a line may come: it, those beside it, and those
// that it belongs to, with their first.
func (l layout) around(line int, into map[int]bool) {
	if line < 1 || line > len(l.lines) {
		return
	}
	at := line - 1
	for i := max(0, at-2); i <= min(len(l.lines)-1, at+2); i++ {
		into[i+1] = true
	}
	within, below := indentation(l.lines[at]), at
	for i := at - 1; i >= 0; i-- {
		if l.text(i) == "" {
			continue
		}
		if n := indentation(l.lines[i]); n < within {
			into[i+1], into[below+1] = true, true
			within = n
		}
		below = i
	}
}

// moves lists how the layout of lines may be mended: the smallest moves of a line first, and among equal
// ones first those of a line whose indentation no other line has.
func (l layout) moves(near func(line int) bool) []move {
	var moves []move
	for i := range l.lines {
		if l.text(i) != "" && near(i+1) {
			moves = append(moves, l.signs(i)...)
			moves = append(moves, l.shifts(i)...)
		}
	}
	slices.SortStableFunc(moves, func(a, b move) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.edits[0].line, b.edits[0].line),
			cmp.Compare(b.edits[0].width, a.edits[0].width))
	})
	return moves
}

// line is a line as one that suspects are found in.
func (l layout) line(i int) suspectLine {
	return suspectLine{number: i + 1, start: l.starts[i], text: strings.TrimRight(l.lines[i], "\r\n")}
}

// signs are the moves that write a sign that a line lacks, or delete one.
func (l layout) signs(i int) (moves []move) {
	s := l.line(i)
	add := func(from, to int, with, format string, args ...any) {
		moves = append(moves, move{[]edit{s.edit(from, to, with, fmt.Sprintf(format, args...))}, 0, true})
	}
	if m := noColon.FindStringSubmatchIndex(s.text); m != nil {
		key, value := s.text[m[4]:m[5]], s.text[m[6]:m[7]]
		add(m[5], m[6], ": ", "a colon is missing after %s; write %s: %s", key, key, value)
	}
	if m := bareKey.FindStringSubmatchIndex(s.text); m != nil && l.end(i) > i+1 {
		key := strings.TrimRight(s.text[m[2]:m[3]], " ")
		add(m[2]+len(key), m[3], ":", "a colon is missing after %s; write %s:", mistake.Show(key), mistake.Show(key))
	}
	if m := equals.FindStringSubmatchIndex(s.text); m != nil {
		key, value := s.text[m[2]:m[3]], s.text[m[6]:m[7]]
		add(m[4], m[5], ": ", "a key and its value have a colon between them; write %s: %s", key, value)
	}
	if m := noSpace.FindStringSubmatchIndex(s.text); m != nil {
		add(m[3], m[3], " ", "a space is missing after the colon; write one")
	}
	if m := twoColon.FindStringSubmatchIndex(s.text); m != nil {
		add(m[2], m[3], " ", "there are two colons; write one, and a space")
	}
	if m := oddColon.FindStringSubmatchIndex(s.text); m != nil {
		with := ": "
		if m[3] == len(s.text) {
			with = ":"
		}
		add(m[2], m[3], with, "this colon is another character, U+FF1A, that only looks like one; write : and a space")
	}
	if m := noBlank.FindStringSubmatchIndex(s.text); m != nil {
		add(m[3], m[3], " ", "a space is missing after the dash; write one")
	}
	if m := twoDash.FindStringSubmatchIndex(s.text); m != nil {
		add(m[2], m[3], "", "there are two dashes; write one")
	}
	if m := dashedKey.FindStringSubmatchIndex(s.text); m != nil {
		add(m[2], m[3], "", "there is a dash before this key, which is no item of a list; leave it out")
	}
	if m := keyValue.FindStringSubmatchIndex(s.text); m != nil && l.headed(i) {
		add(m[4], m[5], "", "a list follows, and %s cannot have a value besides; write - %s in a line of its own",
			s.text[m[2]:m[3]], mistake.Show(strings.TrimSpace(s.text[m[4]:m[5]])))
	}
	moves = append(moves, l.shallow(i)...)
	if e, ok := s.tabAfterDash(); ok {
		moves = append(moves, move{[]edit{e}, 0, true})
	}
	blank := s.text[:len(s.text)-len(strings.TrimLeft(s.text, " \t"))]
	if strings.Contains(blank, "\t") {
		for _, width := range l.widths() {
			e := s.edit(0, len(blank), strings.Repeat(" ", width), tabbed)
			e.shown = column(s.text, strings.IndexByte(blank, '\t'))
			moves = append(moves, move{[]edit{e}, -1, true})
		}
	}
	return append(moves, l.dashes(i)...)
}

// headed says whether the line below one is an item that may be of its list.
func (l layout) headed(i int) bool {
	next := i + 1
	for next < len(l.lines) && l.text(next) == "" {
		next++
	}
	return next < len(l.lines) && strings.HasPrefix(l.text(next), "- ") &&
		indentation(l.lines[next]) >= indentation(l.lines[i])
}

// shallow are the moves that indent the text of a | or > further than its key, for each number of lines it may have.
func (l layout) shallow(i int) (moves []move) {
	s := l.line(i)
	if !blockScalar.MatchString(s.text) {
		return nil
	}
	key := len(s.text) - len(strings.TrimLeft(s.text, " -"))
	var edits []edit
	for j := i + 1; j < len(l.lines) && len(edits) < maxPlaces; j++ {
		own := indentation(l.lines[j])
		if l.text(j) == "" {
			continue
		}
		if own > key {
			break
		}
		e := l.line(j).edit(0, own, strings.Repeat(" ", key+2), "")
		if len(edits) == 0 {
			e.message = fmt.Sprintf("the text of line %d is indented by %d, no further than its key; write %d spaces",
				i+1, own, key+2)
			e.shown = own + 1
		}
		edits = append(edits, e)
		moves = append(moves, move{slices.Clone(edits), 0, true})
	}
	return moves
}

// unnamed are edits that read lines without the line above them that is missing, which the caller says: keys
// without the name that they belong to, and a list without its key.
func (l layout) unnamed(i int) (found [][]edit) {
	above, own := l.above(i), indentation(l.lines[i])
	if l.text(i) == "" || above < 0 {
		return nil
	}
	end, until := i, own
	for end < len(l.lines) && (l.text(end) == "" || indentation(l.lines[end]) >= own) {
		end++
	}
	parent := indentation(l.lines[above])
	if end < len(l.lines) {
		until = indentation(l.lines[end])
	}
	switch {
	case strings.HasPrefix(l.text(i), "- ") && own >= parent && keyValue.MatchString(l.line(above).text):
		var edits []edit
		for j := i; j < end; j++ {
			if l.text(j) != "" {
				edits = append(edits, l.line(j).edit(0, 0, "#", ""))
			}
		}
		first := above // of the keys beside that of the line above
		for j := above - 1; j >= 0 && (l.text(j) == "" || indentation(l.lines[j]) >= parent); j-- {
			if l.text(j) != "" && indentation(l.lines[j]) == parent {
				first = j
			}
		}
		edits[0].lacks = first + 1
		found = append(found, edits)
	case strings.HasSuffix(l.text(above), ":") && parent < until && until < own:
		edits := l.shift(i, end, until-own)
		edits[0].lacks = i + 1
		found = append(found, edits)
	}
	return found
}

// dashes are the moves that make a line the item of a list: of the list of a neighbour, or of
// the first one below a key.
func (l layout) dashes(i int) (moves []move) {
	s := l.line(i)
	own, text := indentation(s.text), l.text(i)
	if strings.HasPrefix(text, "-") {
		return nil
	}
	var places []int
	for _, step := range []int{-1, 1} {
		for j := i + step; j >= 0 && j < len(l.lines); j += step {
			if l.text(j) == "" {
				continue
			}
			at := indentation(l.lines[j])
			if strings.HasPrefix(l.text(j), "-") {
				places = append(places, at)
			} else if step < 0 && strings.HasSuffix(l.text(j), ":") {
				places = append(places, own)
			} else if at > own {
				continue
			}
			break
		}
	}
	slices.Sort(places)
	for _, at := range slices.Compact(places) {
		if own != at && own != at+2 {
			continue
		}
		e := s.edit(0, own, strings.Repeat(" ", at)+"- ",
			fmt.Sprintf("a dash is missing before this item; write - %s", mistake.Show(text)))
		e.shown = own + 1
		edits := []edit{e}
		if own == at { // what belongs to the item stands as far from the dash as from its key
			edits = append(edits, l.shift(i+1, l.end(i), 2)...)
			moves = append(moves, move{edits, 1, true})
			edits = edits[:1]
		}
		moves = append(moves, move{edits, 0, true})
	}
	return moves
}

// widths are the indentations of the file, from the left edge on.
func (l layout) widths() []int {
	widths := slices.Collect(maps.Keys(l.used))
	if l.used[0] == 0 {
		widths = append(widths, 0)
	}
	return slices.Sorted(slices.Values(widths))
}

const indented = "this line is indented by %d; write %s, as its neighbours have"

// leads says how far an item stands from its key where it is the first of its list.
func (l layout) leads(i int) (by int, ok bool) {
	if !strings.HasPrefix(l.text(i), "- ") {
		return 0, false
	}
	key := l.above(i)
	if key < 0 || !strings.HasSuffix(l.text(key), ":") {
		return 0, false
	}
	return indentation(l.lines[i]) - indentation(l.lines[key]), true
}

// above is the line above one that says something; -1: there is none.
func (l layout) above(i int) int {
	for i--; i >= 0 && l.text(i) == ""; i-- {
	}
	return i
}

// shifts are the moves that indent a line as others are, alone and with what belongs to it.
func (l layout) shifts(i int) (moves []move) {
	s, end := l.line(i), l.end(i)
	own := indentation(s.text)
	alike := l.used // lines of the kind that stand as far
	if strings.HasPrefix(l.text(i), "-") {
		alike = l.dashed
	}
	for _, width := range l.widths() {
		if width == own {
			continue
		}
		e := s.edit(0, own, strings.Repeat(" ", width),
			fmt.Sprintf(indented, own, unit.Counted(width, "space")))
		e.shown = own + 1
		cost := 4*max(width-own, own-width) + min(alike[own]-1, 20)
		moves = append(moves, move{[]edit{e}, cost, false})
		if end > i+1 {
			e.message = fmt.Sprintf("this line and those that belong to it are indented by %d; write %s",
				own, unit.Counted(width, "space"))
			moves = append(moves, move{append([]edit{e}, l.shift(i+1, end, width-own)...), cost + 1, false})
		}
	}
	return moves
}

// shift moves lines by so many columns, as far as there are blanks.
func (l layout) shift(from, end, by int) (edits []edit) {
	for i := from; i < end; i++ {
		if own := indentation(l.lines[i]); l.text(i) != "" {
			edits = append(edits, l.line(i).edit(0, own, strings.Repeat(" ", max(0, own+by)), ""))
		}
	}
	return edits
}

// indentation is how many spaces a line begins with.
func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// remark makes a comment of a line of words that is no key and no item.
func (l layout) remark(i int) (found [][]edit) {
	text := l.text(i)
	if !prose.MatchString(text) {
		return nil
	}
	s := l.line(i)
	at := strings.Index(s.text, text)
	return [][]edit{{s.edit(at, at, "# ",
		"this line is no key with a value and no item of a list; write # before it if it is a comment, or delete it")}}
}
