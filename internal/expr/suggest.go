package expr

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the word that written is most likely a misspelling of, in
// whatever case; of equally likely ones the first. ok is false when none is
// near: a third of the letters would have to change, of a short text more than
// two or more than half.
func Nearest(written string, words []string) (near string, ok bool) {
	written = strings.ToLower(written)
	letters := utf8.RuneCountInString(written)
	limit := min(letters/2, max(2, letters/3))
	for _, word := range words {
		lower := strings.ToLower(word)
		if n := utf8.RuneCountInString(lower); n < letters-limit || n > letters+limit {
			continue // each of the letters that it has more, or fewer, is a change
		}
		if d := levenshtein.ComputeDistance(written, lower); d <= limit {
			near, limit, ok = word, d-1, true
		}
	}
	return near, ok
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func anyField(sym symbol) string {
	if names := sortedKeys(sym.fields); len(names) > 0 {
		return names[0]
	}
	return "field"
}

// listing joins names for a sentence.
func listing(names []string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
