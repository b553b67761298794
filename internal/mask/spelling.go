package mask

import (
	"unicode"
	"unicode/utf8"
)

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
	// many bytes it has; 0: it is not an escape.
	escape func(text string) (meaning string, n int)
	form   bool // a plus may be a space
}

var decoders = []decoder{
	{"%", percentEscape, true}, {`\`, backslash, false}, {"&", entity, false},
	{"=", quotedPrintable, false}, {`\`, cssEscape, false}, {`\`, decimalEscape, false},
	{"<", tag, false}, {"\x1b", terminalCode, false}, {"\b", overstrike, false},
}

// decoded undoes an encoding; false: the view has none.
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
