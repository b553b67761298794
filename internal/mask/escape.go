package mask

import (
	"encoding/hex"
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// percentEscape reads %41, and %u0041 of old Microsoft servers.
func percentEscape(text string) (string, int) {
	if len(text) >= 3 {
		if b, err := hex.DecodeString(text[1:3]); err == nil {
			return string(b), 3
		}
	}
	if c, ok := hexDigits(text, "%u", 4); ok {
		return string(c), 6
	}
	return "", 0
}

// backslash reads the escapes of JSON, JavaScript, C and shells.
func backslash(text string) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	if i := strings.IndexByte(`"\/'bfnrt`, text[1]); i >= 0 {
		return "\"\\/'\b\f\n\r\t"[i : i+1], 2
	}
	if c, ok := hexDigits(text, `\u`, 4); ok {
		if utf16.IsSurrogate(c) && len(text) >= 12 {
			if low, ok := hexDigits(text[6:], `\u`, 4); ok {
				if pair := utf16.DecodeRune(c, low); pair != utf8.RuneError {
					return string(pair), 12
				}
			}
		}
		return string(c), 6
	}
	if c, ok := hexDigits(text, `\U`, 8); ok {
		return string(c), 10
	}
	if c, ok := hexDigits(text, `\x`, 2); ok {
		return string([]byte{byte(c)}), 4
	}
	if meaning, n := braced(text); n > 0 {
		return meaning, n
	}
	return octal(text)
}

// longestEscape is more than the longest escape with some zeros in front, and limits
// the search for its end.
const longestEscape = 20

// braced reads \u{41} of JavaScript and Rust, \x{41} and \o{101} of Perl, and
// \N{U+41}.
func braced(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), longestEscape)], '}')
	if end < 4 {
		return "", 0
	}
	for _, form := range []struct {
		prefix string
		base   int
	}{{`\u{`, 16}, {`\x{`, 16}, {`\o{`, 8}, {`\N{U+`, 16}} {
		digits, ok := strings.CutPrefix(text[:end], form.prefix)
		if c, err := strconv.ParseUint(digits, form.base, 31); ok && err == nil {
			if c <= 0xff && text[1] != 'u' && text[1] != 'N' { // of the bytes of a character
				return string([]byte{byte(c)}), end + 1
			}
			return string(rune(c)), end + 1
		}
	}
	return "", 0
}

// octal reads \101 and, as C writes it, \7 before a character that is not an octal digit, and
// \0101 of echo and printf in shells.
func octal(text string) (string, int) {
	for _, prefix := range []string{`\0`, `\`} {
		end := len(prefix) + 3
		if len(text) >= end && strings.HasPrefix(text, prefix) {
			if c, err := strconv.ParseUint(text[len(prefix):end], 8, 8); err == nil {
				return string([]byte{byte(c)}), end
			}
		}
	}
	end := 1
	for end < min(len(text), 4) && '0' <= text[end] && text[end] <= '7' {
		end++
	}
	c, err := strconv.ParseUint(text[1:end], 8, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(c)}), end
}

// cssEscape reads the escapes of style sheets, \000041 or \41 with one space behind
// it, and a backslash before a mark or a space, as shells write it.
func cssEscape(text string) (string, int) {
	n := 1
	for n < min(len(text), 7) && isHexDigit(text[n]) {
		n++
	}
	if n == 1 {
		if len(text) > 1 && (text[1] == ' ' || isMark(text[1])) {
			return text[1:2], 2
		}
		return "", 0
	}
	c, err := strconv.ParseUint(text[1:n], 16, 31)
	if err != nil {
		return "", 0
	}
	switch {
	case strings.HasPrefix(text[n:], "\r\n"):
		n += 2
	case n < len(text) && strings.IndexByte(" +\t\r\n\f", text[n]) >= 0:
		n++
	}
	return string(rune(c)), n
}

// decimalEscape reads \065 and \65 of Lua and DNS.
func decimalEscape(text string) (string, int) {
	end := 1
	for end < min(len(text), 4) && isDigit(text[end]) {
		end++
	}
	b, ok := byteOf(text[1:end])
	if !ok {
		return "", 0
	}
	return string([]byte{b}), end
}

// quotedPrintable reads =41 of mails, and the line breaks that mails insert into
// a text.
func quotedPrintable(text string) (string, int) {
	if c, ok := hexDigits(text, "=", 2); ok {
		return string([]byte{byte(c)}), 3
	}
	n := 1
	for n < len(text) && (text[n] == ' ' || text[n] == '\t') { // of careless transports
		n++
	}
	for _, end := range []string{"\r\n", "\n", "\r"} {
		if strings.HasPrefix(text[n:], end) {
			return "", n + len(end)
		}
	}
	return "", 0
}

// hexDigits reads a number of digits after a prefix.
func hexDigits(text, prefix string, digits int) (rune, bool) {
	if !strings.HasPrefix(text, prefix) || len(text) < len(prefix)+digits {
		return 0, false
	}
	c, err := strconv.ParseUint(text[len(prefix):len(prefix)+digits], 16, 31)
	return rune(c), err == nil
}

// longestEntity is the longest name that HTML has, with its marks, and longer
// than a number of theirs with some zeros in front.
const longestEntity = 33

// entity reads an entity of HTML by name or number.
func entity(text string) (string, int) {
	n := 1
	for n < min(len(text), longestEntity) && (text[n] == '#' || isLetterOrDigit(text[n])) {
		n++
	}
	if n < len(text) && text[n] == ';' {
		n++
	}
	meaning := html.UnescapeString(text[:n])
	if meaning == text[:n] {
		return "", 0
	}
	return meaning, n
}

// brokenEscape is how many bytes at the end of a text are an escape that a cut
// has left without its end.
func brokenEscape(text string) int {
	for n := 1; n <= min(len(text), 10); n++ {
		tail := text[len(text)-n:]
		switch tail[0] {
		case '%':
			if n <= 2 || tail[1] == 'u' && n <= 5 {
				return n
			}
			return 0
		case '\\':
			if n == 1 || tail[1] == 'u' && n <= 5 || tail[1] == 'x' && n <= 3 || tail[1] == 'U' ||
				n > 2 && tail[2] == '{' || isHexDigit(tail[1]) {
				return n
			}
			return 0
		case '=':
			if n <= 2 {
				return n
			}
			return 0
		case '&', '<', 0x1b, '\b':
			return n
		}
		if strings.IndexByte("#\r{+/[;", tail[0]) < 0 && !isLetterOrDigit(tail[0]) {
			return 0
		}
	}
	return 0
}
