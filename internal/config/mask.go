package config

import (
	"cmp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/safetext"
)

// masked stands in the place of a secret.
const masked = "***"

// mostCuts is how many values of one message may have been cut. They are the
// last ones: a service whose text comes before them may write as many as it likes.
const mostCuts = 4

// Lengths of secrets, in bytes.
const (
	shortestSecret = 3 // to hide shorter ones would hide the text
	shortestFolded = 6 // shorter ones are looked for as they are written only
)

// Mask replaces every secret of the file in a text by ***, and those of more
// that are given. They are found in either case, with white space, invisible
// characters, tags, a terminal's codes or marks between their characters, in groups,
// in letters of other shapes, in the escapes of URLs and forms, JSON, JavaScript, C,
// Perl, Lua, shells, HTML, style sheets and quoted-printable, and in hex, base64,
// base32, dumps and lists of the numbers of bytes, with separators and line breaks
// between the bytes of hex and in base64 and base32. All of that is undone up to three
// times over. A word of base64 or hex with a secret in it, such as the credentials
// of basic authentication, goes as a whole; where separators are in it, the parts
// do that the secret reaches into. Values of one or two bytes are left, and those
// of less than six are found neither in the other case nor with separators.
func (s *Config) Mask(text string, more ...string) string {
	return s.MaskHead(text, len(text), more...)
}

// MaskHead is the beginning of a text with its secrets masked, at most so many
// bytes. The text should be much longer: a secret that begins before the limit
// and ends behind it is known only by its whole. If it breaks off within a secret,
// the beginning of that is masked too.
func (s *Config) MaskHead(text string, limit int, more ...string) string {
	m := masker{cut: limit < len(text)}
	for _, secret := range slices.Concat(s.Secrets, more) {
		if len(secret) >= shortestSecret {
			m.add(secret)
		}
	}
	if len(m.secrets) == 0 {
		return text[:min(limit, len(text))]
	}
	body := strings.TrimSuffix(text, safetext.Cut)
	m.cut = m.cut || len(body) < len(text)
	found := m.find(plainView(body), 0)
	for range mostCuts { // within a message, where a quoted value was cut
		i := strings.LastIndex(body, safetext.Cut)
		if i < 0 {
			break
		}
		body = body[:i]
		ended := m.beside(true)
		found = append(found, ended.find(plainView(body), 0)...)
	}
	return replaced(text, found, limit)
}

// replaced puts *** in the place of each stretch that begins before the limit.
// Stretches that overlap are one.
func replaced(text string, found []stretch, limit int) string {
	slices.SortFunc(found, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	var b strings.Builder
	at := 0
	for i := 0; i < len(found) && found[i].from < limit; {
		s := found[i]
		for i++; i < len(found) && found[i].from < s.to; i++ {
			s.to = max(s.to, found[i].to)
		}
		b.WriteString(text[at:s.from] + masked)
		at = s.to
	}
	if at < limit {
		b.WriteString(text[at:min(limit, len(text))])
	}
	out := b.String()
	return out[:min(limit, len(out))]
}

// masker looks for secrets in a text and in what the text may be decoded into.
type masker struct {
	secrets []string
	folded  []string // without case, white space and what has no glyph
	bare    []string // of those, what is left without marks; "": too little
	spaces  bool     // some of the folded ones had white space
	least   int      // bytes of the shortest secret
	cut     bool     // the text goes on, where nobody sees it
	seen    []string
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

// stretch is a part of the text, in bytes.
type stretch struct{ from, to int }

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
		if v.text != "" && long.least <= len(v.text) {
			found = long.numbers(found, v, depth)
		}
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

// occurrences adds where secrets stand in a view, and where the beginning of one
// is all that a cut has left.
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
		if !m.cut {
			continue
		}
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
