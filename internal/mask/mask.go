// Package mask hides secrets in text, however they are spelled there. It knows nothing of
// where the secrets or the text come from.
package mask

import (
	"cmp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/safetext"
)

// masked replaces a secret.
const masked = "***"

// mostCuts is how many values of one message may have been cut. They are the
// last ones: a service whose text comes before them may write as many as it likes.
const mostCuts = 4

// Text replaces every one of these secrets in a text by ***. They are found in either
// case, with white space, invisible characters, tags, a terminal's codes or marks between
// their characters, in groups, in letters of other shapes, in the escapes of URLs and
// forms, JSON, JavaScript, C, Perl, Lua, shells, HTML, style sheets and quoted-printable,
// and in hex, base64, base32, dumps and lists of the numbers of bytes, characters or units
// of UTF-16, with separators and line breaks between the bytes of hex and in base64 and
// base32. Up to three such encodings over each other are undone. A word of base64 or hex with
// a secret in it, such as the credentials of basic authentication, is replaced as a whole;
// where separators are in it, only the parts that the secret reaches into. Secrets of one or
// two bytes are left as they are, and those of less than six are found neither in the other
// case nor with separators.
func Text(text string, secrets []string) string { return Head(text, len(text), secrets) }

// Head is the beginning of a text with its secrets masked, at most limit bytes. The text
// should be much longer: a secret that crosses the limit is recognized only in full. If the
// text breaks off within a secret, its beginning is masked too.
func Head(text string, limit int, secrets []string) string {
	m := masker{cut: limit < len(text)}
	for _, secret := range secrets {
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

// replaced puts *** for each stretch that begins before the limit. Stretches that
// overlap are one.
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
