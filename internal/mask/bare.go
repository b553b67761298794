package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fewestInGroups is how many letters and digits a secret has that is found in
// groups, as in Xk7p-Q2mW: shorter ones could be there by chance.
const fewestInGroups = 8

// mostBetween is how many bytes of marks may separate two characters.
const mostBetween = 16

// bareOf is a folded secret without its marks; "": too little is left.
func bareOf(folded string) string {
	var b strings.Builder
	for i := 0; i < len(folded); {
		n := markBytes(folded[i:])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(folded[i:])
			b.WriteString(folded[i : i+n])
		}
		i += n
	}
	if b.Len() < shortestFolded {
		return ""
	}
	return b.String()
}

// meant says whether a text is a secret with marks between: one by one, or in
// groups of a secret that is long enough. Whole: the secret with its own marks.
func meant(text, bare, whole string) bool {
	at := 0
	for i := 0; i < len(text) && at < len(whole); i++ {
		if text[i] == whole[at] {
			at++
		}
	}
	if at < lastLetter(whole) {
		return false
	}
	if len(bare) >= fewestInGroups {
		return true
	}
	together := false // two characters without a mark between
	letters := 0
	for i := 0; i < len(text); {
		n := markBytes(text[i:])
		if n > 0 {
			letters = 0
		} else {
			_, n = utf8.DecodeRuneInString(text[i:])
			letters++
			together = together || letters > 1
		}
		i += n
	}
	return !together
}

func isSign(c rune) bool { return unicode.IsPunct(c) || unicode.IsSymbol(c) }

// lastLetter is where the last character ends that is not a mark.
func lastLetter(text string) int {
	return strings.LastIndexFunc(text, func(c rune) bool { return !isSign(c) }) + 1
}

// eachLetter calls f with each character of a text that is not a mark, and with an
// empty stretch where there are more marks than may be between two characters.
func eachLetter(text string, f func(from, to int)) {
	marks := 0
	for i := 0; i < len(text); {
		n := 1
		if c := text[i]; c >= utf8.RuneSelf || isMark(c) {
			if n = markBytes(text[i:]); n > 0 {
				if marks += n; marks > mostBetween && marks-n <= mostBetween {
					f(i, i)
				}
				i += n
				continue
			}
			_, n = utf8.DecodeRuneInString(text[i:])
		}
		marks = 0
		f(i, i+n)
		i += n
	}
}

// lettersOf is a text without its marks.
func lettersOf(text string) string {
	out := make([]byte, 0, len(text))
	eachLetter(text, func(from, to int) {
		if from == to {
			out = append(out, between...)
		}
		out = append(out, text[from:to]...)
	})
	return string(out)
}

// lettersAt is where the bytes of lettersOf are.
func lettersAt(text string) []int32 {
	at := make([]int32, 0, len(text))
	eachLetter(text, func(from, to int) {
		if from == to {
			for range len(between) {
				at = append(at, int32(from))
			}
		}
		for ; from < to; from++ {
			at = append(at, int32(from))
		}
	})
	return at
}

// withoutIndices leaves out the numbers of a list of characters, as in {"0":"k"},
// [0] k and 0: k. False: there are too few of them.
func (v view) withoutIndices() (view, bool) {
	var indices []stretch
	for i := 0; i < len(v.text); {
		if !isDigit(v.text[i]) {
			i++
			continue
		}
		end := i
		for end < len(v.text) && isDigit(v.text[end]) {
			end++
		}
		after := end
		for after < len(v.text) && after < end+2 && strings.IndexByte(`"'\`, v.text[after]) >= 0 {
			after++
		}
		if after < len(v.text) && strings.IndexByte(":]=", v.text[after]) >= 0 {
			indices = append(indices, stretch{i, end})
		}
		i = end
	}
	if len(indices) < shortestSecret {
		return v, false
	}
	r := rewrite(v)
	at := 0
	for _, s := range append(indices, stretch{len(v.text), len(v.text)}) {
		for ; at < s.from; at++ {
			r.keep(v.text[at], at)
		}
		at = s.to
	}
	return r.view(), true
}
