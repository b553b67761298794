package mask

import (
	"strings"
	"unicode/utf8"
)

// longestTag is how far the end of a tag is searched, and that of a terminal's code.
const longestTag = 256

// tag reads a tag of HTML or XML, which means nothing.
func tag(text string) (string, int) {
	if len(text) < 3 || !isLetterOrDigit(text[1]) && strings.IndexByte("/!?", text[1]) < 0 {
		return "", 0
	}
	end := strings.IndexByte(text[:min(len(text), longestTag)], '>')
	if end < 0 || strings.IndexByte(text[1:end], '<') >= 0 {
		return "", 0
	}
	return "", end + 1
}

// terminalCode reads what sets colours of a terminal, or its title, and means nothing.
func terminalCode(text string) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	most := min(len(text), longestTag)
	switch text[1] {
	case '[':
		for n := 2; n < most; n++ {
			if '@' <= text[n] && text[n] <= '~' {
				return "", n + 1
			}
		}
	case ']':
		for n := 2; n < most; n++ {
			if text[n] == '\a' || text[n] == 0x1b {
				return "", n + 1
			}
		}
	case '(', ')':
		if most > 2 {
			return "", 3
		}
	}
	return "", 0
}

// overstrike reads a step back with what is written over the character before, as
// printers and manual pages write bold text.
func overstrike(text string) (string, int) {
	_, n := utf8.DecodeRuneInString(text[1:])
	return "", 1 + n
}

// simple is the ASCII letter or digit for one of another shape: full-width,
// mathematical, in a circle.
func simple(c rune) rune {
	switch {
	case 0xff01 <= c && c <= 0xff5e:
		return c - 0xff01 + '!'
	case 0x1d400 <= c && c <= 0x1d6a3:
		if n := (c - 0x1d400) % 52; n < 26 {
			return 'a' + n
		}
		return 'a' + (c-0x1d400)%52 - 26
	case 0x1d7ce <= c && c <= 0x1d7ff:
		return '0' + (c-0x1d7ce)%10
	case 0x24b6 <= c && c <= 0x24e9:
		return 'a' + (c-0x24b6)%26
	}
	return c
}
