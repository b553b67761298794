// Package safetext makes text from a service, a file or another tool harmless on
// one line: it can neither end the line, move a cursor nor reorder the text around
// it. What a medium needs beyond that is in the package that writes the medium.
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
