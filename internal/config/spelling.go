package config

import (
	"encoding/hex"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// view is a text in another spelling, with the place of each of its bytes in the
// text that it was made of.
type view struct {
	text string
	from []place // nil: the text itself
	size int     // bytes of the text that it was made of
}

// place is a stretch in half the memory: a view has one for each byte.
type place struct{ from, to int32 }

func plainView(text string) view { return view{text: text, size: len(text)} }

// stretch is where the bytes from i to j were.
func (v view) stretch(i, j int) stretch {
	if v.from == nil {
		return stretch{i, j}
	}
	return stretch{int(v.from[i].from), int(v.from[j-1].to)}
}

// rewritten builds a view from another one piece by piece.
type rewritten struct {
	of   view
	text []byte
	from []place
}

func rewrite(v view) rewritten {
	return rewritten{of: v, text: make([]byte, 0, len(v.text)), from: make([]place, 0, len(v.text))}
}

// put adds what the bytes from i to j mean.
func (r *rewritten) put(meaning string, i, j int) {
	r.text = append(r.text, meaning...)
	at := r.of.stretch(i, j)
	for range len(meaning) {
		r.from = append(r.from, place{int32(at.from), int32(at.to)})
	}
}

// keep adds one byte as it is, or in lower case.
func (r *rewritten) keep(c byte, i int) {
	r.text = append(r.text, c)
	if r.of.from != nil {
		r.from = append(r.from, r.of.from[i])
	} else {
		r.from = append(r.from, place{int32(i), int32(i + 1)})
	}
}

func (r *rewritten) view() view {
	return view{text: string(r.text), from: r.from, size: r.of.size}
}

// spaced reads a plus as a space, as forms do. Secrets are read so too.
func (v view) spaced() view {
	v.text = strings.ReplaceAll(v.text, "+", " ")
	return v
}

// fold leaves out case, white space, plus signs, and what has no glyph.
func fold(v view) view {
	r := rewrite(v)
	for i := 0; i < len(v.text); {
		c := v.text[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c > ' ' && c != '+' && c != 0x7f {
				r.keep(c, i)
			}
			i++
			continue
		}
		letter, n := utf8.DecodeRuneInString(v.text[i:])
		switch {
		case letter == utf8.RuneError && n == 1: // no text, but one byte differs from another
			r.keep(c, i)
		case unicode.IsPrint(letter) && !unicode.IsSpace(letter):
			r.put(string(unicode.ToLower(letter)), i, i+n)
		}
		i += n
	}
	return r.view()
}

// decoder undoes one encoding in which a mark begins an escape.
type decoder struct {
	mark string
	// escape reads the escape at the beginning of a text: what it means and how
	// many bytes it has; 0: it is none.
	escape func(text string) (meaning string, n int)
	form   bool // a plus may be a space
}

var decoders = []decoder{
	{"%", percentEscape, true}, {`\`, backslash, false}, {"&", entity, false},
	{"=", quotedPrintable, false}, {`\`, cssEscape, false},
}

// decoded undoes an encoding; false: there was nothing of it.
func (v view) decoded(d decoder) (view, bool) {
	var r rewritten
	for i := 0; i < len(v.text); {
		if v.text[i] == d.mark[0] {
			if meaning, n := d.escape(v.text[i:]); n > 0 {
				if r.text == nil {
					r = rewrite(v)
					for before := range i {
						r.keep(v.text[before], before)
					}
				}
				r.put(meaning, i, i+n)
				i += n
				continue
			}
		}
		if r.text != nil {
			r.keep(v.text[i], i)
		}
		i++
	}
	if r.text == nil {
		return v, false
	}
	return r.view(), true
}

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
	if end := strings.IndexByte(text[:min(len(text), longestEscape)], '}'); end > 3 && text[1] == 'u' {
		if c, ok := hexDigits(text, `\u{`, end-3); ok {
			return string(c), end + 1
		}
	}
	return octal(text)
}

// longestEscape is more than the longest \u{…} with some zeros in front, so that
// the search for its end reads no more of a text.
const longestEscape = 20

// octal reads \101, and \0101 of echo and printf in shells.
func octal(text string) (string, int) {
	for _, prefix := range []string{`\0`, `\`} {
		end := len(prefix) + 3
		if len(text) >= end && strings.HasPrefix(text, prefix) {
			if c, err := strconv.ParseUint(text[len(prefix):end], 8, 8); err == nil {
				return string([]byte{byte(c)}), end
			}
		}
	}
	return "", 0
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

// quotedPrintable reads =41 of mails, and the end of a line that is none of the
// text.
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

// hexDigits reads so many digits behind a prefix.
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
			if n == 1 || tail[1] == 'u' && n <= 5 || tail[1] == 'x' && n <= 3 || tail[1] == 'U' || isHexDigit(tail[1]) {
				return n
			}
			return 0
		case '=':
			if n <= 2 {
				return n
			}
			return 0
		case '&':
			return n
		}
		if tail[0] != '#' && tail[0] != '\r' && !isLetterOrDigit(tail[0]) {
			return 0
		}
	}
	return 0
}

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isMark says whether a byte is a sign of ASCII that is no letter, digit or space.
func isMark(c byte) bool { return ' ' < c && c < 0x7f && !isLetterOrDigit(c) }
