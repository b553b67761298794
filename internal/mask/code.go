package mask

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// code writes any bytes with letters and digits.
type code struct {
	bits   int // of a character
	block  int // characters for whole bytes
	group  int // characters that stand together, or a multiple, where it is written in parts
	holds  *[256]bool
	decode func(word string) string
	prefix bool // 0x may stand before each piece
	marks  bool // marks may separate pieces of one line
}

var codes = []code{
	{6, 4, 4, alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"), fromBase64, false, false},
	{5, 8, 4, alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567"), fromBase32, false, true},
	{4, 2, 2, alphabet("0123456789abcdefABCDEF"), fromHex, true, true},
}

// chars is the fewest characters that hold n bytes wholly.
func (c code) chars(n int) int { return (n*8 + c.bits - 1) / c.bits }

func alphabet(of string) *[256]bool {
	var holds [256]bool
	for i := range len(of) {
		holds[of[i]] = true
	}
	return &holds
}

// piece is a part of a word that nothing separates.
type piece struct {
	stretch
	before int // characters of the word before it
}

// coded is what reads as one text of a code, in lines or with separators between.
type coded struct {
	pieces []piece
	ends   bool // with the text, but for separators
}

// word adds the pieces of the word that begins at a place, and returns where to
// look for the next one. Split: it may have more than one piece. The last piece
// may belong to what follows only, so that the next word can begin with it.
func (c code) word(text string, at int, split bool, pieces []piece) (w coded, next int) {
	before := 0
	for {
		if n := c.prefixed(text[at:]); n > 0 && at+n < len(text) {
			at += n
		}
		end := c.end(text, at)
		pieces = append(pieces, piece{stretch{at, end}, before})
		w = coded{pieces: pieces, ends: end == len(text)}
		if w.ends || !split {
			return w, end
		}
		n, line := c.gap(text[end:])
		switch whole := (end-at)%c.group == 0; {
		case n == 0:
			return w, end
		case end+n == len(text):
			w.ends = true
			return w, len(text)
		case !c.holds[text[end+n]]:
			return w, end
		case !whole && !line && len(pieces) > 1:
			return w, at
		case !whole && !line && !c.marks: // as most words of a sentence
			return w, end
		}
		before += end - at
		at = end + n
	}
}

// end is where a piece ends that begins at a place.
func (c code) end(text string, at int) int {
	end := at
	for end < len(text) && c.holds[text[end]] && (end == at || text[end] != '0' || c.prefixed(text[end:]) == 0) {
		end++
	}
	return end
}

// prefixed is the length of the 0x at the beginning of a text.
func (c code) prefixed(text string) int {
	if c.prefix && len(text) >= 2 && text[0] == '0' && text[1]|0x20 == 'x' && (len(text) == 2 || c.holds[text[2]]) {
		return 2
	}
	return 0
}

// mostMarks is how many marks may separate two pieces: quotes and commas of a
// list in a language, colons of a fingerprint.
const mostMarks = 5

// gap is the length of the separator at the beginning of a text, with the 0x of
// the next piece, and whether a line ends in it; 0: there is none.
func (c code) gap(text string) (n int, line bool) {
	marks := 0
	for n < len(text) && !c.holds[text[n]] {
		switch b := text[n]; {
		case b == '\r' || b == '\n':
			line = true
		case b <= ' ' || b == 0x7f:
		case b >= utf8.RuneSelf:
			letter, size := utf8.DecodeRuneInString(text[n:])
			if unicode.IsPrint(letter) && !unicode.IsSpace(letter) {
				return 0, false
			}
			n += size - 1
		case !isMark(b) || b == '=' && !c.marks || marks == mostMarks:
			return 0, false
		default:
			marks++
		}
		n++
	}
	if marks > 0 && !line && !c.marks {
		return 0, false
	}
	return n + c.prefixed(text[n:]), line
}

// size is how many characters a word has.
func (w coded) size() int {
	last := w.pieces[len(w.pieces)-1]
	return last.before + last.to - last.from
}

// joined is a word without separators.
func (w coded) joined(text string) string {
	if len(w.pieces) == 1 {
		return text[w.pieces[0].from:w.pieces[0].to]
	}
	var b strings.Builder
	b.Grow(w.size())
	for _, p := range w.pieces {
		b.WriteString(text[p.from:p.to])
	}
	return b.String()
}

// around is where the pieces are that the characters from i to j belong to, with
// padding and the prefix.
func (w coded) around(text string, c code, i, j int) stretch {
	at := func(char int) piece {
		return w.pieces[sort.Search(len(w.pieces), func(p int) bool { return w.pieces[p].before > char })-1]
	}
	s := stretch{at(i).from, at(j - 1).to}
	if s.from >= 2 && c.prefixed(text[s.from-2:]) > 0 {
		s.from -= 2
	}
	for s.to < len(text) && text[s.to] == '=' {
		s.to++
	}
	return s
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

// fromBase32 reads the standard alphabet in either case without padding; characters that are left
// over at the end are left out.
func fromBase32(word string) string {
	word = strings.ToUpper(word)
	for n := len(word) % 8; n == 1 || n == 3 || n == 6; n-- {
		word = word[:len(word)-1]
	}
	text, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(word) // of this alphabet every word is one
	return string(text)
}

// fromHex reads digits in either case.
func fromHex(word string) string {
	text, _ := hex.DecodeString(word[:len(word)&^1]) // of this alphabet every word is one
	return string(text)
}
