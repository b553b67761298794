package mask

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// masker looks for secrets in a text and in what the text may be decoded into.
type masker struct {
	secrets []string
	folded  []string // without case, white space and what has no glyph
	bare    []string // of those, what is left without marks; "": too little
	spaces  bool     // some of the folded ones had white space
	least   int      // bytes of the shortest secret
	cut     bool     // the text goes on out of sight
	seen    []string

	// Of longOnly alone: characters of the secret with the fewest, and of the beginning with
	// the fewest that is hidden where a text was cut.
	fewest, fewestCut int
}

// add takes in a secret, and what is left of one that looks like an escape itself
// when a service escapes carelessly and a reader decodes.
func (m *masker) add(secret string) {
	spelled := strings.ReplaceAll(secret, "+", " ")
	if slices.Contains(m.secrets, spelled) {
		return
	}
	if m.least == 0 || len(secret) < m.least {
		m.least = len(secret)
	}
	m.secrets = append(m.secrets, spelled)
	v := plainView(secret)
	if folded := fold(v).text; len(folded) >= shortestFolded {
		m.folded = append(m.folded, folded)
		m.bare = append(m.bare, bareOf(folded))
		m.spaces = m.spaces || len(folded) < len(secret)
	}
	for _, d := range decoders {
		if decoded, changed := v.decoded(d); changed && len(decoded.text) >= shortestFolded {
			m.add(decoded.text)
		}
	}
}

// beside looks for the same secrets in another text, which may be cut.
func (m *masker) beside(cut bool) *masker {
	return &masker{secrets: m.secrets, folded: m.folded, bare: m.bare, spaces: m.spaces, least: m.least, cut: cut}
}

// occurrences adds where a view contains secrets, and where a cut has left only the
// beginning of one.
func (m *masker) occurrences(found []stretch, v view, secrets []string) []stretch {
	for _, secret := range secrets {
		for at := 0; ; {
			i := strings.Index(v.text[at:], secret)
			if i < 0 {
				break
			}
			at += i
			found = append(found, v.stretch(at, at+len(secret)))
			at += len(secret)
		}
	}
	if m.cut {
		found = begins(found, v, secrets)
	}
	return found
}

// begins adds where a view that was cut ends with the beginning of a secret.
func begins(found []stretch, v view, secrets []string) []stretch {
	for _, secret := range secrets {
		if from := beginning(v.text, secret); from >= 0 {
			found = append(found, stretch{v.stretch(from, from+1).from, v.size})
		}
	}
	return found
}

// beginning is where the beginning of a secret is that a text ends with, but for an
// escape that a cut has left without its end; -1: nowhere.
func beginning(text, secret string) int {
	for _, whole := range []int{len(text), len(text) - brokenEscape(text)} {
		for n := min(len(secret)-1, whole); n >= shortestSecret; n-- {
			if text[whole-n:whole] == secret[:n] {
				return whole - n
			}
		}
	}
	return -1
}

// longOnly looks for the secrets that are long enough not to be there by chance
// when what separates characters is left out.
func (m *masker) longOnly() *masker {
	long := m.beside(m.cut)
	long.secrets, long.least = nil, 0
	for _, secret := range m.secrets {
		if len(secret) < shortestFolded {
			continue
		}
		begun := 0
		for at := 0; at < shortestSecret; begun++ {
			_, size := utf8.DecodeRuneInString(secret[at:])
			at += size
		}
		all := utf8.RuneCountInString(secret)
		if long.secrets == nil {
			long.least, long.fewest, long.fewestCut = len(secret), all, begun
		}
		long.least, long.fewest, long.fewestCut =
			min(long.least, len(secret)), min(long.fewest, all), min(long.fewestCut, begun)
		long.secrets = append(long.secrets, secret)
	}
	return long
}
