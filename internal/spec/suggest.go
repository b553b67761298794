package spec

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// nearest returns the word that is most like the one written; false when
// none is like it: more than a third of its letters would have to change.
func nearest(written string, words []string) (string, bool) {
	best, found := "", false
	limit := max(2, len([]rune(written))/3)
	for _, word := range words {
		if d := levenshtein.ComputeDistance(strings.ToLower(written), strings.ToLower(word)); d <= limit {
			best, limit, found = word, d-1, true
		}
	}
	return best, found
}

// instead is the remedy for a word that is not in the list: the one that was
// probably meant, else all of them.
func instead(written string, words []string, all string) string {
	if word, ok := nearest(written, words); ok {
		return fmt.Sprintf("did you mean %s?", word)
	}
	if len(words) == 0 {
		return all + ": none"
	}
	return all + ": " + strings.Join(words, ", ")
}
