package yamlfix

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
)

const (
	maxTried = 4 << 20 // bytes parsed in search of repairs, besides one parse each
	perParse = 1 << 10 // what a parse costs before its first byte, in bytes
)

// search tries repairs of a text, within a budget.
type search struct {
	src     []byte
	line    int // of the parser's error, 0 unknown
	tried   int // bytes parsed
	misfits func(root *yaml.Node, text Text) int
}

// layout returns the edit of one line's indentation, colon or dash that makes the whole text
// readable and leaves the fewest misfits, the first of equal ones. Nil: there is none.
func (s *search) layout(lines []string, starts []int, near func(line int) bool) []edit {
	var best []edit
	fewest := 0
	for _, e := range layoutEdits(lines, starts, near) {
		edits := []edit{e}
		if !s.cures(edits, 0) {
			continue
		}
		if wrong := s.misread(apply(s.src, edits)); best == nil || wrong < fewest {
			best, fewest = edits, wrong
		}
		if fewest == 0 {
			break
		}
	}
	return best
}

// misread counts the misfits of a text that is YAML.
func (s *search) misread(text []byte) int {
	root, err := parse(text)
	if err != nil || root == nil {
		return mistake.Most
	}
	return s.misfits(root, newText("", text, nil))
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
	// moves the error: a tab can mean two spaces or four.
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
	repaired := apply(s.src, edits)
	s.tried += len(repaired) + perParse
	_, err := parse(repaired)
	if err == nil {
		return true
	}
	longer := len(repaired) - len(s.src)
	return !s.parses(s.src[:end]) && s.parses(repaired[:end+longer]) ||
		s.line > 0 && s.line >= edits[0].line && lineOf(err) > s.line
}
