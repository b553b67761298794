package mask

import "strings"

// stretch is a part of the text, in bytes.
type stretch struct{ from, to int }

// Lengths of secrets, in bytes.
const (
	shortestSecret = 3 // to hide shorter ones would hide the text
	shortestFolded = 6 // shorter ones are looked for as they are written only
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

// between ends what is spelled one by one, so that no secret reaches over it.
const between = "\ufffc" // has a glyph: fold does not leave it out
