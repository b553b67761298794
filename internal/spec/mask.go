package spec

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// masked stands in the place of a secret.
const masked = "***"

// Mask replaces every secret of the file in a text by ***, and those of more
// that are given, as they are and as URLs, forms and JSON spell them. A word of
// base64 with a secret in it, such as the credentials of basic authentication,
// goes as a whole. Values of one or two bytes are left: to hide them would hide
// the text.
func (s *Spec) Mask(text string, more ...string) string {
	secrets := slices.DeleteFunc(slices.Concat(s.Secrets, more), func(secret string) bool { return len(secret) <= 2 })
	if len(secrets) == 0 {
		return text
	}
	// A secret may begin as a longer one does, whose rest would stay.
	slices.SortStableFunc(secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, secret := range secrets {
		for _, spelling := range spellings(secret) {
			text = strings.ReplaceAll(text, spelling, masked)
		}
	}
	return maskEncoded(text, secrets)
}

// spellings are the ways in which a secret may stand in a text.
func spellings(secret string) []string {
	quoted, err := json.Marshal(secret)
	if err != nil {
		panic("spec: text that is no JSON: " + err.Error()) // every text is
	}
	return []string{secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1])}
}

// maskEncoded replaces the words of base64, of either alphabet and with or
// without padding, that hold a secret.
func maskEncoded(text string, secrets []string) string {
	var b strings.Builder
	rest, at := 0, 0
	for at < len(text) {
		end := at
		for end < len(text) && inBase64(text[end]) {
			end++
		}
		word := text[at:end]
		for end < len(text) && text[end] == '=' && word != "" {
			end++
		}
		if holdsEncoded(word, secrets) {
			b.WriteString(text[rest:at] + masked)
			rest = end
		}
		at = max(end, at+1)
	}
	if rest == 0 {
		return text
	}
	b.WriteString(text[rest:])
	return b.String()
}

func inBase64(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("+/-_", c) >= 0
}

// holdsEncoded says whether a word, whose end may be cut off, is base64 of a
// text with a secret in it.
func holdsEncoded(word string, secrets []string) bool {
	if len(word)%4 == 1 {
		word = word[:len(word)-1]
	}
	if len(word) < 4 {
		return false
	}
	decoded, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(word))
	return err == nil && slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(string(decoded), secret) })
}
