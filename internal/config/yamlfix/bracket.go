package yamlfix

import (
	"fmt"
	"strings"
)

// maxPlaces limits the places of one line in which a sign that is missing is tried.
const maxPlaces = 8

// bracket finds the brackets of a line that have no partner, and writes one.
func (l suspectLine) bracket(at, item int) (found [][]edit) {
	text := l.text
	if c := comment.FindStringIndex(text[at:]); c != nil {
		text = text[:at+c[0]]
	}
	text = strings.TrimRight(text, " \t")
	type opened struct{ at, closeAt int }
	var open []opened // with the place of what closes it, where another bracket ends around it
	var left []opened
	for i := item; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'':
			if begins(text, i, at) {
				i += quotedLength(text[i:]) - 1
			}
		case '$':
			if strings.HasPrefix(text[i:], "${") {
				i += nested(text[i+1:])
			}
		case '{', '[':
			if begins(text, i, at) {
				open = append(open, opened{i, len(text)})
			}
		case '}', ']':
			for len(open) > 0 && text[open[len(open)-1].at]+2 != c {
				o := open[len(open)-1]
				left, open = append(left, opened{o.at, i}), open[:len(open)-1]
			}
			if len(open) == 0 {
				return append(found, l.opening(text[:i], item, c)...)
			}
			open = open[:len(open)-1]
		}
	}
	left = append(left, open...)
	if len(left) != 1 {
		return nil // several are more than one mistake
	}
	o := left[0]
	if mark := map[byte]string{'{': ": ", '[': ", "}[text[o.at]]; !strings.Contains(text[o.at:], mark) {
		return nil // it is more likely a text
	}
	ends := []int{o.closeAt}
	for i := o.at + 1; i < len(text) && len(ends) < maxPlaces; i++ {
		if strings.IndexByte(",}]", text[i]) >= 0 && i != o.closeAt {
			ends = append(ends, i)
		}
	}
	end := string(text[o.at] + 2) // } and ] stand two behind { and [
	for _, at := range ends {
		e := l.edit(at, at, end, fmt.Sprintf("the %c is not closed; write %s where it ends", text[o.at], end))
		e.shown = column(l.text, o.at)
		found = append(found, []edit{e})
	}
	return found
}

// begins says whether a sign stands where a value begins, from which on it is no text.
func begins(text string, i, at int) bool {
	before := strings.TrimRight(text[:i], " \t")
	return i == at || before == "" || strings.IndexByte(",:[{-", before[len(before)-1]) >= 0
}

// opening writes the bracket that something closes, in each place where a value begins.
func (l suspectLine) opening(text string, item int, closes byte) (found [][]edit) {
	begin := string(closes - 2)
	for i := item; i < len(text) && len(found) < maxPlaces; i++ {
		if i > item && (!begins(text, i, item) || text[i] == ' ') {
			continue
		}
		e := l.edit(i, i, begin, fmt.Sprintf("a %c has no %s; write %s where it begins", closes, begin, begin))
		found = append(found, []edit{e})
	}
	return found
}

// quotes closes each quote inside of { } or [ ] that begins a value, at each place where
// it may end.
func (l suspectLine) quotes(at int) (found [][]edit) {
	text := strings.TrimRight(l.text, " \t")
	if at >= len(text) || openQuote(text[at:]) == 0 {
		return nil
	}
	for i := len(text) - 1; i > at && len(found) < 3*maxPlaces; i-- {
		c := text[i]
		if c != '"' && c != '\'' || !begins(text, i, at) {
			continue
		}
		for end := i + 1; end <= len(text) && len(found) < 3*maxPlaces; end++ {
			if end < len(text) && strings.IndexByte(",}]", text[end]) < 0 {
				continue
			}
			e := l.edit(end, end, string(c), fmt.Sprintf(notClosed, c))
			e.shown = column(l.text, i)
			found = append(found, []edit{e})
		}
	}
	return found
}

const notClosed = "a %c is not closed in this value; write the other one where its text ends"

// lastQuote is the place of the last quote of a kind without a partner, counted from the end.
func lastQuote(text string, mark byte) int {
	at := -1
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '"' && c != '\'' || i > 0 && strings.IndexByte(" ,:[{", text[i-1]) < 0 && c != mark {
			continue
		}
		if n := quotedLength(text[i:]); n > 1 {
			i += n - 1
		} else if c == mark {
			at = i
		}
	}
	return at
}
