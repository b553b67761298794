package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"gopkg.in/yaml.v3"
)

// maxSource is the largest file that is read, in bytes.
const maxSource = 1 << 20

// source is the text of a file: it turns places in YAML scalars into places
// in the file.
type source struct {
	file    string
	lines   []string
	repairs [][]edit      // that made the lines of what was written
	marks   map[int][]int // by line: see from
}

func newSource(file string, src []byte, repairs [][]edit) source {
	return source{file, strings.Split(string(src), "\n"), repairs, map[int][]int{}}
}

// from returns a line of the file from a column on, both counted from 1. A file
// may be one line, with tens of thousands of places that are asked for, so it
// keeps where every so many characters of a line begin.
func (s source) from(line, column int) string {
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
func (s source) pos(line, column int) mistake.Pos {
	return mistake.At(s.file, line, original(s.repairs, line, column))
}

// begin returns where a node begins, its quote included.
func (s source) begin(n *yaml.Node) mistake.Pos { return s.pos(n.Line, n.Column) }

// at returns the place of a byte of a scalar's value: exact for plain and
// quoted scalars on one line, the scalar's beginning for others.
func (s source) at(n *yaml.Node, offset int) mistake.Pos {
	if n.Line < 1 || n.Line > len(s.lines) {
		return s.begin(n)
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
		return s.begin(n)
	}
	return s.pos(n.Line, n.Column+width)
}

// hash is a hint for a plain scalar whose line ends in a comment: the writer
// may have meant the # as text.
func (s source) hash(n *yaml.Node) string {
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
// on behind the end of the line.
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

// parse reads the one document of a file. The library panics on odd input;
// that is an error like any other here.
func parse(src []byte) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, fmt.Errorf("not readable as YAML: %v", r)
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		return nil, err
	default:
		return nil, &secondDocument{second.Line, second.Column}
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	return document.Content[0], nil
}

// secondDocument is a file with more than one document in it.
type secondDocument struct{ line, column int }

func (*secondDocument) Error() string {
	return "a second document begins here; keep one and leave the --- out"
}

// refused are the characters that YAML takes in escapes only.
func refused(c rune) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' || 0x7f <= c &&
		c < 0xa0 && c != 0x85 || c == 0xfffe || c == 0xffff
}

// controlCharacter reports the first character that stops a reader of YAML; false:
// there is none.
func controlCharacter(src []byte, file string, m *mistake.List) bool {
	at := bytes.IndexFunc(src, refused)
	if at < 0 {
		return false
	}
	line := 1 + bytes.Count(src[:at], []byte("\n"))
	begin := bytes.LastIndexByte(src[:at], '\n') + 1
	c, _ := utf8.DecodeRune(src[at:])
	m.Add(mistake.At(file, line, utf8.RuneCount(src[begin:at])+1), "",
		"there is a control character here, %U, which no file may hold; "+
			"delete it, or write it as an escape inside double quotes", c)
	return true
}

// withoutDirectives makes comments of the lines before a file's beginning that
// speak to readers of YAML, and reports them.
func withoutDirectives(src []byte, filename string, m *mistake.List) ([]byte, bool) {
	lines := strings.SplitAfter(string(src), "\n")
	found := false
	for i, line := range lines {
		if trimmed := strings.TrimSpace(line); trimmed == "" || trimmed[0] == '#' {
			continue
		}
		if line[0] != '%' {
			break
		}
		m.Add(mistake.At(filename, i+1, 1), "", "%q is a directive, which is not used here; delete the line",
			strings.TrimSpace(line))
		lines[i], found = "#"+line[1:], true
	}
	return []byte(strings.Join(lines, "")), found
}

// readable checks what comes before YAML: size and encoding. It returns the
// text without a byte order mark.
func readable(src []byte, file string, m *mistake.List) ([]byte, bool) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	switch {
	case len(src) > maxSource:
		m.Add(mistake.Pos{File: file}, "", "the file is larger than 1 MiB; move rows to a data file")
		return nil, false
	case !utf8.Valid(src):
		pos := mistake.At(file, 1, 1)
		for rest := src; ; {
			r, size := utf8.DecodeRune(rest)
			if r == utf8.RuneError && size <= 1 {
				break
			}
			pos.Column++
			if r == '\n' {
				pos.Line, pos.Column = pos.Line+1, 1
			}
			rest = rest[size:]
		}
		m.Add(pos, "", "the file is not UTF-8; save it as UTF-8")
		return nil, false
	}
	return src, true
}
