package notify

import (
	"net/url"
	"strings"
)

// secret is a text that no output may contain, with those parts that would reveal
// it.
type secret []string

// shortest is the length from which a part is masked alone: parts of a few
// characters are words that many texts hold.
const shortest = 6

// newSecret makes a secret of a token or of an address with one in its path.
func newSecret(text string) secret {
	s := secret{text}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return s
	}
	parts := []string{u.RequestURI(), u.Path, u.RawQuery}
	if u.User != nil {
		password, _ := u.User.Password()
		parts = append(parts, u.User.String(), u.User.Username(), password)
	}
	for _, values := range u.Query() {
		parts = append(parts, values...)
	}
	parts = append(parts, strings.Split(u.EscapedPath(), "/")...)
	parts = append(parts, strings.Split(u.Path, "/")...)
	for _, part := range parts {
		if len(part) >= shortest {
			s = append(s, part)
		}
	}
	return s
}

// mask takes the secret out of a text.
func (s secret) mask(text string) string {
	for _, part := range s {
		if part != "" {
			text = strings.ReplaceAll(text, part, "***")
		}
	}
	return text
}
