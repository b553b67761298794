package mask

import (
	"slices"
	"strings"
)

// words adds the words of base64, base32 and hex that hold a secret.
func (m *masker) words(found []stretch, v view, depth int) []stretch {
	long := m.longOnly()
	var pieces []piece
	for _, code := range codes {
		for at := 0; at < len(v.text); {
			if !code.holds[v.text[at]] {
				at++
				continue
			}
			var w coded
			w, at = code.word(v.text, at, len(long.secrets) > 0, pieces[:0])
			pieces = w.pieces
			if len(pieces) == 1 {
				found = m.encoded(found, v, code, w, depth)
				continue
			}
			found = long.encoded(found, v, code, w, depth)
			for i, p := range pieces {
				if m.least < shortestFolded {
					p.before = 0
					one := coded{pieces: []piece{p}, ends: w.ends && i == len(pieces)-1}
					found = m.encoded(found, v, code, one, depth)
				}
			}
		}
	}
	return found
}

// encoded adds the pieces of a word, of which the first few bytes may not belong
// to it, that hold a secret.
func (m *masker) encoded(found []stretch, v view, code code, w coded, depth int) []stretch {
	last := m.cut && w.ends
	size := w.size()
	if size < code.chars(m.least) && (!last || size < code.chars(shortestSecret)) {
		return found
	}
	chars := w.joined(v.text)
	for shift := range min(code.block, size) {
		inner := m.beside(last)
		text := code.decode(chars[shift:])
		for _, s := range inner.find(plainView(text), depth+1) {
			i, j := shift+s.from*8/code.bits, shift+code.chars(s.to)
			if last && s.to == len(text) { // with what the cut has left of a byte
				j = size
			}
			whole := w.around(v.text, code, i, min(j, size))
			found = append(found, v.stretch(whole.from, whole.to))
			if len(w.pieces) == 1 {
				return found
			}
		}
	}
	return found
}

// layers is how many encodings over each other are undone.
const layers = 3

// find returns where secrets are, as the text reads and as it may be decoded.
func (m *masker) find(v view, depth int) (found []stretch) {
	if slices.Contains(m.seen, v.text) { // two orders of decoding led to it
		return nil
	}
	m.seen = append(m.seen, v.text)
	found = m.occurrences(found, v.spaced(), m.secrets)
	if len(m.folded) > 0 {
		found = m.loose(found, v)
	}
	if depth == layers {
		return found
	}
	found = m.words(found, v, depth)
	if strings.Contains(v.text, "+") { // which is a character of base64, or a space
		found = m.words(found, v.spaced(), depth)
	}
	if long := m.longOnly(); len(long.secrets) > 0 {
		found = long.numbers(found, v, depth)
		for _, rows := range v.dumps() {
			found = append(found, m.beside(m.cut).find(rows, depth+1)...)
		}
	}
	for _, d := range decoders {
		if !strings.Contains(v.text, d.mark) {
			continue
		}
		if decoded, changed := v.decoded(d); changed {
			found = append(found, m.find(decoded, depth+1)...)
		}
		if d.form && strings.Contains(v.text, "+") {
			if decoded, changed := v.spaced().decoded(d); changed {
				found = append(found, m.find(decoded, depth+1)...)
			}
		}
	}
	return found
}

// loose adds where secrets are without case and white space, and with marks between
// all of their characters.
func (m *masker) loose(found []stretch, v view) []stretch {
	folded := fold(v)
	found = m.occurrences(found, folded, m.folded)
	if spelled, ok := folded.apart(m.cut); ok {
		found = m.occurrences(found, spelled, m.folded)
	}
	found = m.unmarked(found, v, folded)
	if m.spaces {
		if spelled, ok := v.apart(m.cut); ok {
			found = m.occurrences(found, fold(spelled), m.folded)
		}
	}
	return found
}

// unmarked adds where secrets are with marks between characters or groups of them,
// as in "k", "W" and in Xk7p-Q2mW. The marks of a secret itself have to be there.
func (m *masker) unmarked(found []stretch, plain, folded view) []stretch {
	views := []view{folded}
	if chars, ok := plain.withoutIndices(); ok {
		views = append(views, fold(chars))
	}
	for _, v := range views {
		letters := lettersOf(v.text)
		var places []int32 // known when they are needed
		for i, bare := range m.bare {
			if bare == "" {
				continue
			}
			for at := 0; ; {
				n := strings.Index(letters[at:], bare)
				if n < 0 {
					break
				}
				if places == nil {
					places = lettersAt(v.text)
				}
				at += n
				from, to := int(places[at]), int(places[at+len(bare)-1])+1
				at += len(bare)
				if meant(v.text[from:to], bare, m.folded[i]) {
					found = append(found, v.stretch(from, to))
				}
			}
			if !m.cut {
				continue
			}
			if at := beginning(letters, bare); at >= 0 {
				from := int(lettersAt(v.text)[at])
				if meant(v.text[from:], letters[at:], "") {
					found = append(found, stretch{v.stretch(from, from+1).from, v.size})
				}
			}
		}
	}
	return found
}

// numbers adds where secrets are as lists of the numbers of their bytes or
// characters, in decimal, hex, octal or binary, each or every other one, as where
// their places are listed too: [97, 98, 99], 97.98.99, {"0":97,"1":98}.
func (m *masker) numbers(found []stretch, v view, depth int) []stretch {
	fewest := m.fewest
	if m.cut {
		fewest = min(fewest, m.fewestCut)
	}
	if len(v.text) < 2*fewest-1 { // a digit each, with a mark between
		return found
	}
	tokens := v.tokens()
	if len(tokens) < fewest {
		return found
	}
	for _, base := range []int{10, 16, 8, 2} {
		for _, run := range m.runsOf(tokens, base, len(v.text)) {
			for step := 1; step <= mostIndexSteps; step++ {
				for begin := range step {
					if len(run.tokens)/step < m.fewest && !run.open {
						break
					}
					for _, list := range run.views(v, begin, step) {
						if step == 1 && (base == 10 || readable(list.text)) {
							found = append(found, m.beside(run.open).find(list, depth+1)...)
						} else {
							found = m.beside(run.open).occurrences(found, list.spaced(), m.secrets)
						}
					}
				}
			}
			for _, list := range run.beforeBroken(v) {
				found = begins(found, list.spaced(), m.secrets)
			}
		}
	}
	return found
}
