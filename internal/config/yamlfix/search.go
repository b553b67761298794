package yamlfix

import (
	"cmp"
	"slices"
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
	misfits func(root *yaml.Node, text Text) Misfits
}

// Misfits are what does not fit in a text that is YAML: the mistakes of its shape, and those of its
// meaning, which are not looked for where the shape is wrong.
type Misfits struct{ Shape, Meaning mistake.Errors }

// fewer says whether there are fewer misfits than others: first of shape, since a wrong shape hides
// those of meaning.
func (f Misfits) fewer(than Misfits) bool {
	return cmp.Or(cmp.Compare(len(f.Shape), len(than.Shape)), cmp.Compare(len(f.Meaning), len(than.Meaning))) < 0
}

func (f Misfits) count() int { return len(f.Shape) + len(f.Meaning) }

// lacking says whether something is missing in what begins in a line.
func (f Misfits) lacking(line int) bool {
	return slices.ContainsFunc(f.Shape, func(e *mistake.Error) bool { return e.OfAbsence() && e.Pos.Line == line })
}

// among says whether all misfits are among others.
func (f Misfits) among(others Misfits) bool {
	said := map[string]int{}
	for _, e := range slices.Concat(others.Shape, others.Meaning) {
		said[e.Message]++
	}
	for _, e := range slices.Concat(f.Shape, f.Meaning) {
		if said[e.Message]--; said[e.Message] < 0 {
			return false
		}
	}
	return true
}

// best returns the edits that make the whole text readable and leave the fewest misfits, the first
// of equal ones; nil: there are none.
func (s *search) best(candidates [][]edit) (best []edit) {
	var fewest Misfits
	for _, edits := range candidates {
		if !s.cures(edits) {
			continue
		}
		left, ok := s.misread(apply(s.src, edits))
		if line := edits[0].lacks; line > 0 && !left.lacking(line) {
			continue
		}
		if best == nil || ok && left.fewer(fewest) {
			best, fewest = edits, left
		}
		if fewest.count() == 0 {
			break
		}
	}
	return best
}

// misread returns the misfits of a text that is YAML.
func (s *search) misread(text []byte) (Misfits, bool) {
	s.tried += len(text) + perParse
	root, err := parse(text)
	if err != nil || root == nil {
		return Misfits{Shape: make(mistake.Errors, mistake.Most)}, false
	}
	return s.misfits(root, newText("", text, nil)), true
}

// hides reports whether a line was moved below one that still does not fit itself: nobody reads what is there, so that
// the mistake is out of sight, and not mended.
func hides(left Misfits, lines []string, moved edit) bool {
	parent := moved.line - 1
	for parent > 0 && (strings.TrimSpace(lines[parent-1]) == "" || indentation(lines[parent-1]) >= moved.width) {
		parent--
	}
	return slices.ContainsFunc(left.Shape, func(e *mistake.Error) bool { return e.Pos.Line == parent })
}

// relay returns the edits of the layout of a text that is YAML which explain what does not fit in it; nil:
// none do. A line that is only moved must explain two misfits: an unknown key may be at home
// wherever names are free.
func (s *search) relay(root *yaml.Node, text Text) (best []edit) {
	wrong := s.misfits(root, text)
	if wrong.count() == 0 || wrong.count() >= mistake.Most || s.tried > maxTried {
		return nil
	}
	lines, starts := s.lines()
	l, near := newLayout(lines, starts), map[int]bool{}
	for _, e := range wrong.Shape {
		if !e.OfValue() {
			l.around(e.Pos.Line, near)
		}
	}
	for _, e := range wrong.Meaning {
		if text.folded(root, e.Pos.Line) { // two items without the dash of the second
			near[e.Pos.Line+1] = true
		}
	}
	if len(near) == 0 {
		return nil
	}
	widths := l.widths()
	first := widths[min(1, len(widths)-1)] // below the left edge
	fewest := wrong
	for _, m := range l.moves(func(line int) bool { return near[line] }) {
		must, e := 2, m.edits[0]
		if m.sign || indentation(lines[e.line-1]) == 0 && e.width <= first {
			must = 1
		}
		if wrong.count() < must || !s.cures(m.edits) {
			continue
		}
		left, ok := s.misread(apply(s.src, m.edits))
		if ok && left.count() <= wrong.count()-must && left.fewer(fewest) && left.among(wrong) &&
			!hides(left, lines, e) {
			best, fewest = m.edits, left
		}
		if fewest.count() == 0 {
			break
		}
	}
	return best
}

func (s *search) lines() (lines []string, starts []int) {
	lines = strings.SplitAfter(string(s.src), "\n")
	starts = make([]int, len(lines)+1)
	for i, line := range lines {
		starts[i+1] = starts[i] + len(line)
	}
	return lines, starts
}

// repair returns the edits that get the parser past its error; nil when none
// was found.
func (s *search) repair() []edit {
	lines, starts := s.lines()
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
	l, around := newLayout(lines, starts), map[int]bool{}
	l.around(high, around)
	l.around(s.line, around)
	near := func(line int) bool {
		return line >= high-2 && line <= high+2 || line >= s.line-2 && line <= s.line+2
	}
	// A repair that makes the whole file readable is better than one that only
	// moves the error: a tab can mean two spaces or four.
	var candidates [][]edit
	moves := l.moves(func(line int) bool { return around[line] })
	take := func(those func(move) bool) {
		for _, m := range moves {
			if those(m) {
				candidates = append(candidates, m.edits)
			}
		}
	}
	for i := range lines {
		if around[i+1] {
			candidates = append(candidates, l.unnamed(i)...)
		}
	}
	take(func(m move) bool { return m.cost < 0 })
	for i, alternatives := range suspects {
		if near(i + 1) {
			candidates = append(candidates, alternatives...)
		}
	}
	take(func(m move) bool { return m.cost >= 0 })
	for i := range lines {
		if near(i + 1) {
			candidates = append(candidates, l.remark(i)...)
		}
	}
	if best := s.best(candidates); best != nil {
		return best
	}
	for _, close := range []bool{true, false} {
		for i, alternatives := range suspects {
			if near(i+1) != close {
				continue
			}
			for _, edits := range alternatives {
				if s.helps(edits, starts[i+1]) {
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
func (s *search) cures(edits []edit) bool {
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
