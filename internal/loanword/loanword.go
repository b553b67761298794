// Package loanword knows the words of other load tools, flags and keys that
// people bring along, and what loadgate has in their place. It does not know
// which words loadgate itself takes: who asks has found that a word is none.
package loanword

import (
	"slices"
	"strings"
)

// Words are all of them, flags first, in the order in which pages list them.
// The caller may change the slice.
func Words() []Word { return slices.Concat(flags(), keys(), commands(), formats(), scripts()) }

// Find is the word that is written in a place, in whatever case and with - or _
// in it; of a flag, the short spelling too. ok is false for a word that is
// unknown here.
func Find(place Place, written string) (w Word, ok bool) {
	is := func(text string) bool { return text != "" && strings.EqualFold(plain(text), plain(written)) }
	for _, w := range Words() {
		if w.Place == place && (is(w.Text) || w.Short != "" && w.Short == written) {
			return w, true
		}
	}
	return Word{}, false
}

// plain is a word with the one sign that joins its parts.
func plain(text string) string { return strings.ReplaceAll(text, "_", "-") }

// Of are the words of a tool in a place.
func Of(tool string, place Place) []Word {
	return slices.DeleteFunc(Words(), func(w Word) bool { return w.Place != place || !slices.Contains(w.Tools, tool) })
}
