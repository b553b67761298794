package mask

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// token is a number of a list, as it is written.
type token struct {
	stretch
	digits string // without 0x and the like; a minus sign in front
	base   int    // that its beginning names; 0: any
}

const (
	longestNumber  = 32 // digits: all bits of a character in UTF-32
	mostInBetween  = 16 // bytes between two numbers of a list
	mostIndexSteps = 2  // every so many-th number may be a byte, and others places
)

// tokens lists the numbers of a text that letters and digits do not touch.
func (v view) tokens() (list []token) {
	for i := 0; i < len(v.text); {
		if !isLetterOrDigit(v.text[i]) {
			i++
			continue
		}
		end := i
		for end < len(v.text) && isLetterOrDigit(v.text[end]) {
			end++
		}
		t := token{stretch: stretch{i, end}, digits: v.text[i:end]}
		if len(t.digits) > 2 && t.digits[0] == '0' {
			if at := strings.IndexByte("xob", t.digits[1]|0x20); at >= 0 {
				t.base, t.digits = []int{16, 8, 2}[at], t.digits[2:]
			}
		}
		if len(t.digits) <= longestNumber && allDigits(t.digits) {
			if i > 0 && v.text[i-1] == '-' && (i == 1 || !isLetterOrDigit(v.text[i-2])) && v.text[i] != '0' {
				t.from, t.digits = i-1, "-"+t.digits
			}
			list = append(list, t)
		}
		i = end
	}
	return list
}

// allDigits says whether a text is digits of hex alone: most words are not.
func allDigits(text string) bool {
	for i := range len(text) {
		if digitValue[text[i]] == 0xff {
			return false
		}
	}
	return true
}

// value is a token as a number, below 0 if it is not a number of the base. Signed
// bytes count from -128.
func (t token) value(base int) rune {
	n := 0
	switch {
	case t.base == 2 && base == 16: // 0b may be digits
		n = 0xb
	case t.base != 0 && t.base != base:
		return -1
	}
	digits, signed := strings.CutPrefix(t.digits, "-")
	for i := range len(digits) {
		d := int(digitValue[digits[i]])
		if d >= base {
			return -1
		}
		if n = n*base + d; n > unicode.MaxRune {
			return -1
		}
	}
	switch {
	case !signed && digits != "":
		return rune(n)
	case signed && 0 < n && n <= 128:
		return rune(256 - n)
	}
	return -1
}

// digitValue is the value of a byte as a digit, or 0xff.
var digitValue = func() (value [256]byte) {
	for c := range 256 {
		value[c] = 0xff
		switch {
		case '0' <= c && c <= '9':
			value[c] = byte(c - '0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			value[c] = byte(c|0x20-'a') + 10
		}
	}
	return value
}()

// numberRun are numbers of one base with little between them.
type numberRun struct {
	tokens []token
	values []rune
	large  bool // one is above ASCII
	open   bool // a cut may have left out the rest
}

// runsOf are the lists of numbers of a base that are long enough: as long as a secret, or
// as the beginning of one where the text was cut.
func (m *masker) runsOf(tokens []token, base, size int) (runs []numberRun) {
	var run numberRun
	finish := func(open bool) {
		if run.open = open; len(run.tokens) >= m.fewest || open && len(run.tokens) >= m.fewestCut {
			runs = append(runs, run)
			run = numberRun{}
		}
		run = numberRun{tokens: run.tokens[:0], values: run.values[:0]}
	}
	last := 0
	for _, t := range tokens {
		n := t.value(base)
		if n < 0 {
			continue
		}
		if t.from-last > mostInBetween {
			finish(false)
		}
		run.tokens, run.values, run.large = append(run.tokens, t), append(run.values, n), run.large ||
			n >= utf8.RuneSelf
		last = t.to
	}
	finish(m.cut && size-last <= mostInBetween)
	return runs
}

// views read every so many-th number as a byte and, where there are larger ones,
// as a character or a half of one in UTF-16.
func (run numberRun) views(v view, begin, step int) []view {
	bytes, runes := rewritten{of: v}, rewritten{of: v}
	for i := begin; i < len(run.tokens); i += step {
		t, n := run.tokens[i], run.values[i]
		if n <= 0xff {
			bytes.put(string([]byte{byte(n)}), t.from, t.to)
		} else {
			bytes.put(between, t.from, t.to)
		}
		if !run.large || firstHalf(n) && i+step < len(run.tokens) {
			continue // a half is read with the other one
		}
		if i >= step && firstHalf(run.values[i-step]) {
			if both := utf16.DecodeRune(run.values[i-step], n); both != unicode.ReplacementChar {
				runes.put(string(both), run.tokens[i-step].from, t.to)
				continue
			}
		}
		runes.put(string(n), t.from, t.to)
	}
	if run.large {
		return []view{bytes.view(), runes.view()}
	}
	return []view{bytes.view()}
}

// readable says whether a text has no control characters: with them it is spelled in no other way,
// as most lists are not that are read in another base than their own.
func readable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' && strings.IndexByte("\t\n\r", text[i]) < 0 {
			return false
		}
	}
	return true
}

// beforeBroken are the views of a run without its last number, of which a cut may have left
// only the first digits, and without half a character before it.
func (run numberRun) beforeBroken(v view) []view {
	if !run.open {
		return nil
	}
	n := len(run.tokens)
	if run.tokens[n-1].to == len(v.text) {
		n--
	}
	if n > 0 && firstHalf(run.values[n-1]) {
		n--
	}
	if n == len(run.tokens) {
		return nil
	}
	run.tokens, run.values = run.tokens[:n], run.values[:n]
	return run.views(v, 0, 1)
}

// firstHalf says whether a number is the first of the two units that UTF-16 has for some characters.
func firstHalf(n rune) bool { return utf16.DecodeRune(n, 0xdc00) != unicode.ReplacementChar }
