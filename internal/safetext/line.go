// Package stranger makes text of strangers plain: what comes from a service, a file
// or another tool can neither end a line, move a cursor nor turn the order of
// what stands around it. Each medium has rules of its own beyond that, which live
// where it is written.
package safetext

import (
	"strings"
	"unicode"
)

// Line is text as one line: white space of any kind becomes a space, and
// everything else that has no glyph, control characters, escapes and bidirectional
// marks, becomes U+FFFD, so that it can be seen that something was there.
func Line(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return unicode.ReplacementChar
	}, text)
}
