package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"gopkg.in/yaml.v3"
)

// YAML's own errors stop at the first one, come without a column and speak of
// block mappings. Nearly all of them are one mistake: a value that should
// stand in quotes. So a file that is no YAML is mended: each suspect of
// suspect.go is put in quotes, and where that helps the parser on, it was the
// mistake. No advice is given that was not proved in this way.

const (
	maxRepairs = 20
	maxTried   = 4 << 20 // bytes parsed in search of repairs, besides one parse each
	perParse   = 1 << 10 // what a parse costs before its first byte, in bytes
)

// parseRepaired parses a file. Where it is no YAML the mistakes are reported,
// and the text is parsed as it was probably meant, to find what else is wrong.
// It returns a nil node when there is nothing to go on with.
func parseRepaired(src []byte, filename string, m *mistake.List) (*yaml.Node, source) {
	s, repairs := search{}, [][]edit(nil)
	for range maxRepairs {
		node, err := parse(src)
		if err == nil {
			if node == nil {
				m.Add(mistake.Pos{File: filename}, "", "the file is empty; begin with version: %s", version)
			}
			return node, newSource(filename, src, repairs)
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
		s.src, s.line = src, lineOf(err)
		edits := s.repair()
		if len(edits) == 0 {
			giveUp(src, filename, err, m)
			break
		}
		for _, e := range edits {
			m.Add(mistake.At(filename, e.line, original(repairs, e.line, e.column)), "", "%s", e.message)
		}
		src = apply(src, edits)
		repairs = append(repairs, edits)
	}
	return nil, source{}
}

// giveUp reports a text that no repair makes YAML: its tabs, if there are any
// in the indentation, else the parser's own words.
func giveUp(src []byte, filename string, err error, m *mistake.List) {
	found := false
	for i, line := range strings.Split(string(src), "\n") {
		l := suspectLine{number: i + 1, text: line}
		if e, ok := l.tab(line[:len(line)-len(strings.TrimLeft(line, " \t"))], 2); ok {
			m.Add(mistake.At(filename, e.line, e.column), "", "%s", e.message)
			found = true
		}
	}
	if !found {
		pos, message := syntaxError(err)
		pos.File = filename
		m.Add(pos, "", "%s", message)
	}
}

// edit is one suspect with its replacement: text[start:end] of a line.
type edit struct {
	line, column int // for people, from 1
	start, end   int // bytes of the whole text
	with         string
	width        int // characters of with
	growth       int // characters that it has more than what it replaces
	message      string
}

// apply makes edits that do not overlap and stand in their order.
func apply(src []byte, edits []edit) []byte {
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, src[at:e.start]...), e.with...)
		at = e.end
	}
	return append(out, src[at:]...)
}

// original turns a column of a repaired text back into that of the text as it
// was written, past each repair from the last to the first.
func original(repairs [][]edit, line, column int) int {
	for _, edits := range slices.Backward(repairs) {
		grown := 0
		for _, e := range edits {
			begin := e.column + grown // in the repaired text
			if e.line != line || column <= begin {
				continue
			}
			if column < begin+e.width {
				column = begin + min(column-begin-1, e.width-e.growth) // behind the opening quote
				break
			}
			grown += e.growth
		}
		column -= grown
	}
	return column
}

// search tries repairs of a text, within a budget.
type search struct {
	src   []byte
	line  int // of the parser's error, 0 unknown
	tried int // bytes parsed
}

// repair returns the edits that get the parser past its error; nil when none
// was found.
func (s *search) repair() []edit {
	lines := strings.SplitAfter(string(s.src), "\n")
	starts := make([]int, len(lines)+1)
	for i, line := range lines {
		starts[i+1] = starts[i] + len(line)
	}
	suspects := suspectLines(lines, starts)
	// The boundary between a beginning that parses and one that does not is
	// where the mistake usually is; it need not be, for a flow over many lines.
	low, high := 0, len(lines)
	for high-low > 1 {
		if middle := (low + high) / 2; s.parses(s.src[:starts[middle]]) {
			low = middle
		} else {
			high = middle
		}
	}
	near := func(line int) bool {
		return line >= high-2 && line <= high+2 || line >= s.line-2 && line <= s.line+2
	}
	// A repair that makes the whole file readable is better than one that only
	// moves the error: a tab can stand for two spaces or for four.
	for n, pass := range []struct {
		near  bool
		helps func([]edit, int) bool
	}{{true, s.cures}, {true, s.helps}, {false, s.helps}} {
		if n == 0 && indentedByTab(lines) || n == 1 {
			if edits := s.layout(lines, starts, near); edits != nil {
				return edits
			}
		}
		for i, alternatives := range suspects {
			if near(i+1) != pass.near {
				continue
			}
			for _, edits := range alternatives {
				if pass.helps(edits, starts[i+1]) {
					return edits
				}
			}
		}
	}
	return nil
}

func (s *search) parses(text []byte) bool {
	s.tried += len(text) + perParse
	_, err := parse(text)
	return err == nil
}

// cures says whether the whole text parses with edits.
func (s *search) cures(edits []edit, _ int) bool {
	return s.tried < maxTried && s.parses(apply(s.src, edits))
}

// helps says whether edits in a line that ends at end get the parser on: the
// beginning up to that line parses now and did not, or the error moves down.
func (s *search) helps(edits []edit, end int) bool {
	if s.tried > maxTried {
		return false
	}
	mended := apply(s.src, edits)
	s.tried += len(mended) + perParse
	_, err := parse(mended)
	if err == nil {
		return true
	}
	longer := len(mended) - len(s.src)
	return !s.parses(s.src[:end]) && s.parses(mended[:end+longer]) ||
		s.line > 0 && s.line >= edits[0].line && lineOf(err) > s.line
}

var yamlError = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(.*)$`)

// lineOf is the line that the parser's error names; 0 for none.
func lineOf(err error) int {
	if parts := yamlError.FindStringSubmatch(err.Error()); parts != nil {
		line, _ := strconv.Atoi(parts[1]) // "" is 0
		return line
	}
	return 0
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

// column counts characters from 1.
func column(line string, offset int) int { return utf8.RuneCountInString(line[:offset]) + 1 }
