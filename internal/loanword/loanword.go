// Package loanword has the words of other load tools, such as flags and keys, and what
// loadgate has in their place. It does not know the words of loadgate: callers ask for words
// that loadgate rejected.
package loanword

import (
	"slices"
	"strings"
	"sync"
)

// Words returns all words, flags first, in the order in which pages list them.
// The caller may change the slice.
func Words() []Word { return slices.Clone(table()) }

// table is made once: a file with a mistake is read in several ways, each with many unknown keys.
var table = sync.OnceValue(func() []Word {
	return slices.Concat(flags(), keys(), commands(), formats(), scripts())
})

// Find returns the word that is written in a place, in upper or lower case, with - or _, or
// in the short spelling of a flag. ok is false for an unknown word, and for one that is a word
// in one object only.
func Find(place Place, written string) (w Word, ok bool) { return find(place, "", written) }

// FindIn returns the key that is a word of other tools in an object of thresholds.yaml: what is
// one in this object only comes before what is one everywhere.
func FindIn(object, written string) (w Word, ok bool) {
	if w, ok = find(Key, object, written); ok {
		return w, true
	}
	return Find(Key, written)
}

func find(place Place, object, written string) (w Word, ok bool) {
	wanted := hyphenated(written)
	is := func(text string) bool { return text != "" && strings.EqualFold(hyphenated(text), wanted) }
	for _, w := range table() {
		if w.Place == place && w.In == object && (is(w.Text) || w.Short != "" && w.Short == written) {
			return w, true
		}
	}
	return Word{}, false
}

// hyphenated is a word with - between its parts, not _.
func hyphenated(text string) string { return strings.ReplaceAll(text, "_", "-") }

// Of returns the words of a tool in a place.
func Of(tool string, place Place) []Word {
	return slices.DeleteFunc(Words(), func(w Word) bool { return w.Place != place || !slices.Contains(w.Tools, tool) })
}
