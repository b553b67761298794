package typeset

import (
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// ShortenAll fits each text into its limit of cells. Texts that differ and
// would come out the same give up what they share instead of their middle:
// "GET /api/v2/{id}/reports/3?limit=50" and its neighbours become
// "GET …/reports/3?li…".
func ShortenAll(texts []string, limits []int) []string {
	short := make([]string, len(texts))
	alike := map[string][]string{}
	for i, text := range texts {
		short[i] = Shorten(text, limits[i])
		if short[i] != text && !slices.Contains(alike[short[i]], text) {
			alike[short[i]] = append(alike[short[i]], text)
		}
	}
	for i, text := range texts {
		if group := alike[short[i]]; len(group) > 1 && short[i] != text {
			short[i] = shortenShared(text, group, limits[i])
		}
	}
	return short
}

// methodForm is the method of an endpoint, and the sign of an outcome before it.
var methodForm = regexp.MustCompile(`^(?:\PL )?\S* `)

// shortenShared fits text into limit cells around the part in which it
// differs from the others of its group. The method in front stays.
func shortenShared(text string, group []string, limit int) string {
	runes := []rune(text)
	method := utf8.RuneCountInString(methodForm.FindString(text))
	before, after := sharedEnds(group)
	if before <= method {
		method = 0
	}
	from, to := max(before, method), len(runes)-after
	head := string(runes[:method])
	room := limit - Width(head) - 2 // an ellipsis at each end
	if part := string(runes[from:to]); Width(part) > room {
		return Shorten(head+"…"+Shorten(part, max(room, 1))+"…", limit)
	}
	for grown := true; grown; {
		grown = false
		if from > method && Width(string(runes[from-1:to])) <= room {
			from, grown = from-1, true
		}
		if to < len(runes) && Width(string(runes[from:to+1])) <= room {
			to, grown = to+1, true
		}
	}
	if from > method {
		head += "…"
	}
	tail := ""
	if to < len(runes) {
		tail = "…"
	}
	return head + string(runes[from:to]) + tail
}

// sharedEnds counts the runes that all texts begin with, and those that all
// end with; together never more than the shortest text has.
func sharedEnds(texts []string) (before, after int) {
	first := []rune(texts[0])
	before, after = len(first), len(first)
	shortest := len(first)
	for _, text := range texts[1:] {
		runes := []rune(text)
		shortest = min(shortest, len(runes))
		before, after = min(before, len(runes)), min(after, len(runes))
		for i := range before {
			if runes[i] != first[i] {
				before = i
				break
			}
		}
		for i := range after {
			if runes[len(runes)-1-i] != first[len(first)-1-i] {
				after = i
				break
			}
		}
	}
	return before, min(after, shortest-before)
}

// Shorten fits text into limit cells by taking out its middle: the method in
// front and the last part of a path both tell endpoints apart.
func Shorten(text string, limit int) string {
	if Width(text) <= limit {
		return text
	}
	if limit < 1 {
		return ""
	}
	runes := []rune(text)
	room := limit - 1
	head := fitting(runes, (room+1)/2)
	rest := runes[len(head):]
	tail := fittingEnd(rest, room-Width(string(head)))
	return string(head) + "…" + string(tail)
}

// fitting returns the longest beginning of runes within limit cells.
//
// A prefix is measured whole, because marks that combine have no width of
// their own.
func fitting(runes []rune, limit int) []rune {
	n := 0
	for n < len(runes) && Width(string(runes[:n+1])) <= limit {
		n++
	}
	return runes[:n]
}

// fittingEnd returns the longest end of runes within limit cells that does
// not begin with a mark torn from its letter.
func fittingEnd(runes []rune, limit int) []rune {
	n := len(runes)
	for n > 0 && Width(string(runes[n-1:])) <= limit {
		n--
	}
	for n < len(runes) && unicode.IsMark(runes[n]) {
		n++
	}
	return runes[n:]
}
