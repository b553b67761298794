// Package yamlfix parses YAML, and repairs invalid text to find out what is wrong with it: a
// missing quote, bracket, space or indentation. It knows nothing about the content; the
// caller counts what does not fit.
package yamlfix

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
)

// YAML parsers stop at the first error, without a column, and talk about block
// mappings. Nearly all errors are one mistake: a value that needs quotes. So invalid
// YAML is repaired: each suspect of suspect.go is put in quotes, and if the parser
// gets further, that was the mistake. Only advice that was tested in this way is
// given.

// maxRepairs is how many mistakes of one file are repaired.
const maxRepairs = 20

// Parse parses a file. If it is not YAML the mistakes are reported, and the text is
// parsed as it was probably meant, to find what else is wrong. misfits are what does
// not fit in a text: among several repairs the one with the fewest is taken, and a text that is
// YAML is repaired too where a layout that is wrong explains what does not fit. Without ok there
// is no root to continue with; a nil root is an empty file.
func Parse(
	src []byte, filename string, m *mistake.List, misfits func(root *yaml.Node, text Text) Misfits,
) (root *yaml.Node, text Text, ok bool) {
	src, ok = readable(src, filename, m)
	if !ok {
		return nil, Text{}, false
	}
	s, repairs := search{misfits: misfits}, [][]edit(nil)
	for range maxRepairs {
		node, err := parse(src)
		s.src, s.line = src, 0
		if err != nil {
			s.line = lineOf(err)
		}
		if edits := s.blanks(node); edits != nil {
			src, repairs = s.mend(edits, filename, m, repairs)
			continue
		}
		if err == nil && node != nil {
			if edits := s.relay(node, newText(filename, src, repairs)); edits != nil {
				src, repairs = s.mend(edits, filename, m, repairs)
				continue
			}
		}
		if err == nil {
			return node, newText(filename, src, repairs), true
		}
		if strings.Contains(err.Error(), "control characters") && controlCharacter(src, filename, m) {
			break
		}
		if len(repairs) == 0 {
			if plain, found := withoutDirectives(src, filename, m); found {
				src = plain
				continue
			}
		}
		edits := s.foreign()
		if edits == nil {
			edits = s.repair()
		}
		if len(edits) == 0 {
			giveUp(src, filename, err, m)
			break
		}
		src, repairs = s.mend(edits, filename, m, repairs)
	}
	return nil, Text{}, false
}

// mend reports edits and makes them.
func (s *search) mend(edits []edit, filename string, m *mistake.List, repairs [][]edit) ([]byte, [][]edit) {
	for _, e := range edits {
		if e.message == "" {
			continue
		}
		m.Add(mistake.At(filename, e.line, original(repairs, e.line, e.place())), "", "%s", e.message)
		m.Mend(mistake.At(filename, e.line, original(repairs, e.line, e.column)))
	}
	return apply(s.src, edits), append(repairs, edits)
}

// giveUp reports a text that no repair makes YAML: its tabs, if there are any
// in the indentation, else the parser's own words.
func giveUp(src []byte, filename string, err error, m *mistake.List) {
	found := false
	for i, line := range strings.Split(string(src), "\n") {
		l := suspectLine{number: i + 1, text: line}
		if e, ok := l.tab(line[:len(line)-len(strings.TrimLeft(line, " \t"))], 2); ok {
			m.Add(mistake.At(filename, e.line, e.place()), "", "%s", e.message)
			found = true
		}
	}
	if !found {
		pos, message := syntaxError(err)
		pos.File = filename
		m.Add(pos, "", "%s", message)
	}
}

// syntaxError words an error whose cause was not found.
func syntaxError(err error) (mistake.Pos, string) {
	if second, ok := err.(*secondDocument); ok {
		return mistake.Pos{Line: second.line, Column: second.column}, second.Error()
	}
	parts := yamlError.FindStringSubmatch(err.Error())
	if parts == nil {
		return mistake.Pos{}, err.Error()
	}
	return mistake.Pos{Line: lineOf(err)},
		fmt.Sprintf("not readable as YAML: %s; look for a missing quote, bracket or indentation in this line and the "+
			"one above", parts[2])
}
