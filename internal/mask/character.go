package mask

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// markBytes is the length of the mark at the beginning of a text; 0: there is none.
func markBytes(text string) int {
	if text == "" {
		return 0
	}
	if text[0] < utf8.RuneSelf {
		if isMark(text[0]) {
			return 1
		}
		return 0
	}
	letter, n := utf8.DecodeRuneInString(text)
	if letter != utf8.RuneError && (unicode.IsPunct(letter) || unicode.IsSymbol(letter)) {
		return n
	}
	return 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func byteOf(digits string) (byte, bool) {
	if len(digits) > 3 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 8)
	return byte(n), err == nil
}

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isMark says whether a byte is ASCII punctuation or a symbol.
func isMark(c byte) bool { return ' ' < c && c < 0x7f && !isLetterOrDigit(c) }
