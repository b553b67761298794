package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/safetext"
)

// near says which of the names that there are was probably meant: the one that
// written is a misspelling of, else those that share the most words with it, else
// the first few. It begins with a semicolon; the names are a stranger's.
func near(written string, names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	if word, ok := expr.Nearest(written, names); ok {
		return "; the nearest is " + shown(word)
	}
	best, most := []string(nil), 0
	for _, name := range names {
		switch n := common(words(written), words(name)); {
		case n == 0 || n < most:
		case n > most:
			best, most = []string{name}, n
		default:
			best = append(best, name)
		}
	}
	text := "; the nearest are "
	switch {
	case len(names) == 0:
		return "; it has none at all"
	case len(best) == 1:
		text = "; the nearest is "
	case best == nil:
		text, best = "; it has ", names
	}
	const few = 3
	var list []string
	for _, name := range best[:min(few, len(best))] {
		list = append(list, shown(name))
	}
	text += strings.Join(list, ", ")
	if more := len(best) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// shown is a name of a stranger in a message: as it is where it is plain.
func shown(name string) string {
	const most = 60 // bytes
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_-.:/", r)
	}
	if strings.ContainsFunc(name, odd) {
		return safetext.Quoted(name, most)
	}
	return safetext.Brief(name, most)
}

// words are the parts of a name.
func words(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("_-.: /", r) })
}

// common counts the words that two names share. Words that only say how a thing
// is counted are left out.
func common(a, b []string) int {
	n := 0
	for _, word := range a {
		if slices.Contains(b, word) &&
			!slices.Contains([]string{"total", "count", "sum", "bytes", "seconds", "ms"}, word) {
			n++
		}
	}
	return n
}
