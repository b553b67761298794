package yamlfix

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/unit"
)

// Text is the text of a file: it turns places in YAML scalars into places
// in the file.
type Text struct {
	file    string
	lines   []string
	repairs [][]edit      // that made the lines of what was written
	marks   map[int][]int // by line: see from
	lists   map[int]int   // see leading
}

func newText(file string, src []byte, repairs [][]edit) Text {
	return Text{file, strings.Split(string(src), "\n"), repairs, map[int][]int{}, map[int]int{}}
}

// from returns a line of the file from a column on, both counted from 1. A file
// may be one line, with tens of thousands of places that are asked for, so it
// keeps where every so many characters of a line begin.
func (s Text) from(line, column int) string {
	const apart = 256 // characters
	text, skip := s.lines[line-1], max(0, column-1)
	marks, ok := s.marks[line]
	if !ok && len(text) > apart {
		n := 0
		for offset := range text {
			if n%apart == 0 {
				marks = append(marks, offset)
			}
			n++
		}
		s.marks[line] = marks
	}
	if len(marks) > 0 {
		at := min(skip/apart, len(marks)-1)
		text, skip = text[marks[at]:], skip-at*apart
	}
	for ; skip > 0 && text != ""; skip-- {
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	return text
}

// pos is a place in the file as it was written.
func (s Text) pos(line, column int) mistake.Pos {
	return mistake.At(s.file, line, original(s.repairs, line, column))
}

// Begin returns where a node begins, its quote included.
func (s Text) Begin(n *yaml.Node) mistake.Pos { return s.pos(n.Line, n.Column) }

// At returns the place of a byte of a scalar's value: exact for plain and
// quoted scalars on one line, the scalar's beginning for others.
func (s Text) At(n *yaml.Node, offset int) mistake.Pos {
	if n.Line < 1 || n.Line > len(s.lines) {
		return s.Begin(n)
	}
	rest := s.from(n.Line, n.Column)
	width, ok := 0, false
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0:
		width, ok = quotedWidth(rest, '\'', offset)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		width, ok = quotedWidth(rest, '"', offset)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && strings.HasPrefix(rest, n.Value) &&
		offset <= len(n.Value):
		width, ok = utf8.RuneCountInString(n.Value[:offset]), true
	}
	if !ok {
		return s.Begin(n)
	}
	return s.pos(n.Line, n.Column+width)
}

// Mended reports whether the text is another than was written.
func (s Text) Mended() bool { return len(s.repairs) > 0 }

// HasColon reports whether a key without quotes is followed by a colon: one in { } may
// have none.
func (s Text) HasColon(key *yaml.Node) bool {
	if key.Line < 1 || key.Line > len(s.lines) || key.Style&^yaml.FlowStyle != 0 {
		return false
	}
	rest, ok := strings.CutPrefix(s.from(key.Line, key.Column), key.Value)
	return ok && strings.HasPrefix(strings.TrimLeft(rest, " \t"), ":")
}

// CommentHint is a hint for a plain scalar whose line ends in a comment: the writer
// may have meant the # as text.
func (s Text) CommentHint(n *yaml.Node) string {
	if n.Style != 0 && n.Style != yaml.FlowStyle || n.Line < 1 || n.Line > len(s.lines) {
		return ""
	}
	rest, ok := strings.CutPrefix(s.from(n.Line, n.Column), n.Value)
	if rest = strings.TrimLeft(rest, " \t:"); !ok || !strings.HasPrefix(rest, "#") {
		return ""
	}
	return "; the # begins a comment: if it belongs to the value, put the value in quotes"
}

// quotedWidth counts the characters of a quoted scalar, its opening quote
// included, that make the first offset bytes of its value. False when they go
// on after the end of the line.
func quotedWidth(text string, quote byte, offset int) (width int, ok bool) {
	if text == "" || text[0] != quote {
		return 0, false
	}
	text, width = text[1:], 1
	for offset > 0 {
		taken, made := 1, 1
		switch {
		case text == "":
			return 0, false
		case quote == '\'' && strings.HasPrefix(text, "''"):
			taken = 2
		case quote == '"' && text[0] == '\\':
			taken, made = escape(text)
		case text[0] == quote:
			return 0, false
		default:
			_, made = utf8.DecodeRuneInString(text)
			text, width, offset = text[made:], width+1, offset-made
			continue
		}
		if taken > len(text) {
			return 0, false
		}
		text, width, offset = text[taken:], width+taken, offset-made
	}
	return width, true
}

// escape returns the length of a double-quoted escape and of what it makes.
func escape(text string) (taken, made int) {
	if len(text) < 2 {
		return len(text) + 1, 1
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[text[1]]
	if digits == 0 {
		return 2, max(1, map[byte]int{'N': 2, '_': 2, 'L': 3, 'P': 3}[text[1]])
	}
	if len(text) < 2+digits {
		return len(text) + 1, 1
	}
	var r rune
	if _, err := fmt.Sscanf(text[2:2+digits], "%x", &r); err != nil {
		return len(text) + 1, 1
	}
	return 2 + digits, max(1, utf8.RuneLen(r))
}

// Swallowed finds an item of a list that YAML reads as the rest of the text above, since it is indented
// further than that: the place of the dash that is wrong, and what is wrong with it.
func (s Text) Swallowed(n *yaml.Node) (at mistake.Pos, message string, ok bool) {
	if n.Kind != yaml.ScalarNode || n.Style != 0 || !strings.Contains(n.Value, " - ") || n.Line >= len(s.lines) ||
		strings.Contains(s.lines[n.Line-1], n.Value) {
		return mistake.Pos{}, "", false
	}
	l := layout{lines: s.lines}
	if !strings.HasPrefix(l.text(n.Line), "- ") {
		return mistake.Pos{}, "", false
	}
	own, next := indentation(s.lines[n.Line-1]), indentation(s.lines[n.Line])
	if by, first := l.leads(n.Line - 1); first {
		lists := s.leading()
		more := n.Line + 1 // items that stand as the next one does
		for more < len(s.lines) && strings.HasPrefix(l.text(more), "- ") && indentation(s.lines[more]) == next {
			more++
		}
		if lists[by+next-own]+more-n.Line-1 > lists[by]-1 { // without this list itself
			return s.pos(n.Line, own+1), fmt.Sprintf(indented, own, unit.Counted(next, "space")), true
		}
	}
	return s.pos(n.Line+1, next+1),
		"the dash is indented too far to begin an item; write it below the one above", true
}

// leading counts the lists of the file by how far their first items stand from their keys.
func (s Text) leading() map[int]int {
	if len(s.lists) > 0 {
		return s.lists
	}
	l := layout{lines: s.lines}
	for i := range s.lines {
		if by, ok := l.leads(i); ok {
			s.lists[by]++
		}
	}
	return s.lists
}

// folded says whether a text without quotes begins in a line and goes on in the next: YAML makes one
// text of them.
func (s Text) folded(n *yaml.Node, line int) bool {
	return n.Kind == yaml.ScalarNode && n.Style == 0 && n.Line == line && line >= 1 && line < len(s.lines) &&
		!strings.Contains(s.lines[line-1], n.Value) ||
		slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return s.folded(c, line) })
}
