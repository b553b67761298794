package spec

import "strings"

// Mask replaces every secret of the file in a text by ***, and those of more
// that are given. Values of one or two bytes are left: to hide them would
// hide the text.
func (s *Spec) Mask(text string, more ...string) string {
	for _, list := range [][]string{s.Secrets, more} {
		for _, secret := range list {
			if len(secret) > 2 {
				text = strings.ReplaceAll(text, secret, "***")
			}
		}
	}
	return text
}
