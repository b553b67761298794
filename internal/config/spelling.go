package config

import (
	"strings"
	"unicode"
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

// fold leaves out case, white space, plus signs, what has no glyph, and what
// stands over a letter, and writes letters of other shapes in the usual one.
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
		case unicode.IsPrint(letter) && !unicode.IsSpace(letter) && !unicode.Is(unicode.Mn, letter):
			r.put(string(unicode.ToLower(simple(letter))), i, i+n)
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
	{"=", quotedPrintable, false}, {`\`, cssEscape, false}, {`\`, decimalEscape, false},
	{"<", tag, false}, {"\x1b", terminalCode, false}, {"\b", overstrike, false},
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

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isMark says whether a byte is a sign of ASCII that is no letter, digit or space.
func isMark(c byte) bool { return ' ' < c && c < 0x7f && !isLetterOrDigit(c) }
