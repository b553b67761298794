package config

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

// longOnly looks for the secrets that are long enough not to be there by chance
// when what separates characters is left out.
func (m *masker) longOnly() *masker {
	long := m.beside(m.cut)
	long.secrets, long.least = nil, 0
	for _, secret := range m.secrets {
		if len(secret) >= shortestFolded {
			long.secrets = append(long.secrets, secret)
			if long.least == 0 || len(secret) < long.least {
				long.least = len(secret)
			}
		}
	}
	return long
}
