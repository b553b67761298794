package spec

import (
	"encoding/base64"
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
		if unicode.IsPrint(letter) && !unicode.IsSpace(letter) {
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
}

var decoders = []decoder{{"%", percentEscape}, {`\`, backslash}, {"&", entity}}

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

// backslash reads the escapes of JSON and those of JavaScript.
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
	if end := strings.IndexByte(text, '}'); strings.HasPrefix(text, `\u{`) && end > 3 {
		if c, ok := hexDigits(text, `\u{`, end-3); ok {
			return string(c), end + 1
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
			if n == 1 || tail[1] == 'u' && n <= 5 || tail[1] == 'x' && n <= 3 || tail[1] == 'U' {
				return n
			}
			return 0
		case '&':
			return n
		}
		if tail[0] != '#' && !isLetterOrDigit(tail[0]) {
			return 0
		}
	}
	return 0
}

// code writes any bytes with letters and digits, so many characters for whole
// bytes.
type code struct {
	block  int
	holds  *[256]bool
	bytes  func(n int) int // the fewest characters that hold n bytes wholly
	decode func(word string) string
}

var codes = []code{
	{4, alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"),
		func(n int) int { return (n*4 + 2) / 3 }, fromBase64},
	{2, alphabet("0123456789abcdefABCDEF"), func(n int) int { return 2 * n }, fromHex},
}

func alphabet(of string) *[256]bool {
	var holds [256]bool
	for i := range len(of) {
		holds[of[i]] = true
	}
	return &holds
}

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// fromBase64 reads either alphabet without padding; a character that is left over
// at the end is left out.
func fromBase64(word string) string {
	if len(word)%4 == 1 {
		word = word[:len(word)-1]
	}
	if strings.ContainsAny(word, "-_") {
		word = strings.NewReplacer("-", "+", "_", "/").Replace(word)
	}
	text, _ := base64.RawStdEncoding.DecodeString(word) // of this alphabet every word is one
	return string(text)
}

// fromHex reads digits in either case.
func fromHex(word string) string {
	text, _ := hex.DecodeString(word[:len(word)&^1]) // of this alphabet every word is one
	return string(text)
}
