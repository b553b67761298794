package yamlfix

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

var (
	fence = regexp.MustCompile("^(?:```|~~~)[A-Za-z]*[ \t]*$")
	// conflict are the lines that a version control system writes around two versions of some lines.
	conflict = regexp.MustCompile(`^(?:<<<<<<<|\|\|\|\|\|\|\||=======|>>>>>>>)(?:[ \t].*)?$`)
)

// foreign finds lines of a text that is not YAML which are no part of it: those that Markdown has around code,
// and those of a merge that was not finished, of which the first version is kept. nil: there are none.
func (s *search) foreign() (edits []edit) {
	lines, starts := s.lines()
	out := func(i int, message string) {
		l := suspectLine{number: i + 1, start: starts[i], text: lines[i]}
		edits = append(edits, l.edit(0, 0, "#", message))
	}
	fenced := -1 // the edit of the fence that is still open
	for i := 0; i < len(lines); i++ {
		switch text := strings.TrimRight(lines[i], "\r\n"); {
		case fence.MatchString(text) && fenced >= 0:
			edits[fenced].message += fmt.Sprintf(", and line %d", i+1)
			out(i, "")
			fenced = -1
		case fence.MatchString(text):
			fenced = len(edits)
			out(i, fmt.Sprintf("%s is Markdown and no part of the file; delete the line", strings.TrimSpace(text)))
		case conflict.MatchString(text):
			end := i
			for text[0] == '<' && end < len(lines) && !strings.HasPrefix(lines[end], ">>>>>>>") {
				end++
			}
			if end == i || end == len(lines) {
				out(i, fmt.Sprintf("%s is left of a merge; delete the line", text[:7]))
				continue
			}
			out(i, fmt.Sprintf("a merge is not finished here, up to line %d; keep one of the two versions, and delete "+
				"the lines of <<<<<<<, ======= and >>>>>>>", end+1))
			kept := true
			for i++; i <= end; i++ {
				if kept = kept && !conflict.MatchString(strings.TrimRight(lines[i], "\r\n")); !kept {
					out(i, "")
				}
			}
			i = end
		}
	}
	return edits
}

// oddBlank says whether a character only looks like a space: YAML takes it for text.
func oddBlank(c rune) bool { return c > unicode.MaxASCII && unicode.Is(unicode.Zs, c) || c == '\ufeff' }

// blanks writes spaces in indentations for characters that look like them, where that lets the text be read further
// or leaves fewer misfits; nil: there are none of them, or they are not the mistake.
func (s *search) blanks(root *yaml.Node) (edits []edit) {
	lines, starts := s.lines()
	for i, line := range lines {
		blank := line[:len(line)-len(strings.TrimLeftFunc(line, func(c rune) bool { return c == ' ' || oddBlank(c) }))]
		at := strings.IndexFunc(blank, oddBlank)
		if at < 0 || strings.TrimSpace(line) == "" {
			continue
		}
		l := suspectLine{number: i + 1, start: starts[i], text: line}
		e := l.edit(0, len(blank), strings.Repeat(" ", utf8.RuneCountInString(blank)), "")
		e.shown = column(line, at)
		edits = append(edits, e)
	}
	if len(edits) == 0 || s.tried > maxTried {
		return nil
	}
	mended := apply(s.src, edits)
	left, ok := s.misread(mended)
	switch {
	case root != nil && !(ok && left.fewer(s.misfits(root, newText("", s.src, nil)))):
		return nil
	case root == nil && !ok:
		if _, err := parse(mended); lineOf(err) <= s.line {
			return nil
		}
	}
	first := &edits[0]
	c, _ := utf8.DecodeRune(s.src[first.start+strings.IndexFunc(string(s.src[first.start:]), oddBlank):])
	first.message = fmt.Sprintf("the indentation has a character that only looks like a space, %U; write spaces", c)
	if more := len(edits) - 1; more > 0 {
		first.message += fmt.Sprintf(", here and in %d other lines", more)
		if more == 1 {
			first.message = strings.Replace(first.message, "1 other lines", fmt.Sprintf("line %d", edits[1].line), 1)
		}
	}
	return edits
}
