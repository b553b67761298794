package safetext

import (
	"strconv"
	"unicode/utf8"
)

// Cut ends a text of which the rest was left out. What stands before it may be
// the beginning of a secret, and masking secrets takes it for one.
const Cut = "…"

// Quoted is a text in quotes, cut after so many bytes: what a message shows of
// what came from elsewhere. Masking finds secrets in it, and one that was cut.
func Quoted(text string, most int) string { return strconv.Quote(Brief(text, most)) }

// Brief is a text cut after so many bytes, with Cut at its end then.
func Brief(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + Cut
}
