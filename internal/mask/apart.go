package mask

import (
	"unicode/utf8"
)

// fewestApart is how many characters are a word that is spelled one by one.
const fewestApart = shortestFolded

// apart reads what has one mark after each character, as in s-p-e-l-l-e-d. At the end
// of a text that was cut a few characters are enough. False: there is none.
func (v view) apart(cut bool) (view, bool) {
	var r rewritten
	for at := 1; at < len(v.text); at++ {
		if plain[v.text[at]] || at+2 < len(v.text) && v.text[at]|v.text[at+1] < utf8.RuneSelf && plain[v.text[at+2]] {
			continue // no mark, or none behind the next character: most of a text
		}
		if markBytes(v.text[at:]) == 0 || v.marked(at) {
			continue
		}
		_, first := utf8.DecodeLastRuneInString(v.text[:at])
		units, end := 1, at
		for n := markBytes(v.text[end:]); n > 0 && end+n < len(v.text); n = markBytes(v.text[end:]) {
			_, size := utf8.DecodeRuneInString(v.text[end+n:])
			end += n + size
			units++
		}
		end += markBytes(v.text[end:])
		open := cut && end == len(v.text)
		if units < fewestApart && (!open || units < shortestSecret) {
			continue
		}
		if r.text == nil {
			r = rewrite(v)
		}
		r.put(v.text[at-first:at], at-first, at)
		for from := at; units > 1; units-- {
			from += markBytes(v.text[from:])
			_, size := utf8.DecodeRuneInString(v.text[from:])
			r.put(v.text[from:from+size], from, from+size)
			from += size
		}
		if !open {
			r.put(between, end-1, end)
		}
	}
	if r.text == nil {
		return v, false
	}
	return r.view(), true
}

// plain has the bytes that begin no mark.
var plain = func() *[256]bool {
	var is [256]bool
	for c := range byte(utf8.RuneSelf) {
		is[c] = !isMark(c)
	}
	return &is
}()

// marked says whether a mark goes on with what an earlier one began: there is a
// mark before the character before it, and a character before that.
func (v view) marked(at int) bool {
	_, size := utf8.DecodeLastRuneInString(v.text[:at])
	_, mark := utf8.DecodeLastRuneInString(v.text[:at-size])
	earlier := at - size - mark
	return mark > 0 && earlier > 0 && markBytes(v.text[earlier:]) > 0
}
