package mistake

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
)

// Suggest is the remedy for a word that is not in the list: the one that was probably meant,
// else all of them, with a beginning such as "write one of".
func Suggest(written string, words []string, all string) string {
	if word, ok := expr.Nearest(written, words); ok {
		return fmt.Sprintf("did you mean %s?", Show(word))
	}
	if len(words) == 0 {
		return all + ": none"
	}
	short := make([]string, len(words))
	for i, word := range words {
		short[i] = Show(word)
	}
	return all + ": " + strings.Join(short, ", ")
}
