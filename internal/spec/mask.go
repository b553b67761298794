package spec

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// masked stands in the place of a secret.
const masked = "***"

// Cut ends a text of which the rest was left out. What stands before it may be
// the beginning of a secret, and Mask takes it for one.
const Cut = "…"

// Quoted is a text in quotes, cut after so many bytes: what a message shows of
// what came from elsewhere. Mask finds secrets in it, the cut one too.
func Quoted(text string, most int) string { return strconv.Quote(Brief(text, most)) }

// Brief is a text cut after so many bytes, with Cut at its end then.
func Brief(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + Cut
}

// mostCuts is how many values of one message may have been cut. They are the
// last ones: a service whose text comes before them may write as many as it likes.
const mostCuts = 4

// Lengths of secrets, in bytes.
const (
	shortestSecret = 3 // to hide shorter ones would hide the text
	shortestFolded = 6 // shorter ones are looked for as they are written only
)

// Mask replaces every secret of the file in a text by ***, and those of more
// that are given. They are found in the spellings of URLs and forms, JSON and
// JavaScript, HTML, hex and base64, encoded up to three times over, in either
// case and with white space or invisible characters between. A word of base64
// or hex with a secret in it, such as the credentials of basic authentication,
// goes as a whole. Values of one or two bytes are left.
func (s *Spec) Mask(text string, more ...string) string {
	return s.MaskHead(text, len(text), more...)
}

// MaskHead is the beginning of a text with its secrets masked, at most so many
// bytes. The text should be much longer: a secret that begins before the limit
// and ends behind it is known only by its whole. If it breaks off within a secret,
// the beginning of that is masked too.
func (s *Spec) MaskHead(text string, limit int, more ...string) string {
	m := masker{cut: limit < len(text)}
	for _, secret := range slices.Concat(s.Secrets, more) {
		if len(secret) >= shortestSecret {
			m.add(secret)
		}
	}
	if len(m.secrets) == 0 {
		return text[:min(limit, len(text))]
	}
	body := strings.TrimSuffix(text, Cut)
	m.cut = m.cut || len(body) < len(text)
	found := m.find(plainView(body), 0)
	for range mostCuts { // within a message, where a quoted value was cut
		i := strings.LastIndex(body, Cut)
		if i < 0 {
			break
		}
		body = body[:i]
		ended := masker{secrets: m.secrets, folded: m.folded, least: m.least, cut: true}
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
	}
	for _, d := range decoders {
		if decoded, changed := v.decoded(d); changed && len(decoded.text) >= shortestFolded {
			m.add(decoded.text)
		}
	}
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
		found = m.occurrences(found, fold(v), m.folded)
	}
	if depth == layers {
		return found
	}
	found = m.words(found, v, depth)
	for _, d := range decoders {
		if !strings.Contains(v.text, d.mark) {
			continue
		}
		if decoded, changed := v.decoded(d); changed {
			found = append(found, m.find(decoded, depth+1)...)
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
		whole := len(v.text) - brokenEscape(v.text)
		for n := min(len(secret)-1, whole); n >= shortestSecret; n-- {
			if v.text[whole-n:whole] == secret[:n] {
				s := v.stretch(whole-n, whole)
				found = append(found, stretch{s.from, v.size})
				break
			}
		}
	}
	return found
}

// words adds the words of base64 and hex that hold a secret.
func (m *masker) words(found []stretch, v view, depth int) []stretch {
	for _, code := range codes {
		fewest := code.bytes(m.least)
		for at := 0; at < len(v.text); {
			end := at
			for end < len(v.text) && code.holds[v.text[end]] {
				end++
			}
			word := v.text[at:end]
			last := m.cut && end == len(v.text)
			if len(word) >= fewest || last && len(word) >= code.bytes(shortestSecret) {
				for end < len(v.text) && v.text[end] == '=' {
					end++
				}
				if m.encoded(word, code, last, depth) {
					found = append(found, v.stretch(at, end))
				}
			}
			at = max(end, at+1)
		}
	}
	return found
}

// encoded says whether a word, of which the first few bytes may not belong to it,
// is a text with a secret in it. Last: it may have been cut.
func (m *masker) encoded(word string, code code, last bool, depth int) bool {
	for shift := range min(code.block, len(word)) {
		inner := masker{secrets: m.secrets, folded: m.folded, least: m.least, cut: last}
		if len(inner.find(plainView(code.decode(word[shift:])), depth+1)) > 0 {
			return true
		}
	}
	return false
}
