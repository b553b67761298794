package config

import (
	"slices"

	"github.com/loadgate/loadgate/internal/mask"
)

// Mask replaces every secret of the file, and those of more that are given, in a text by
// ***, however it is spelled there (mask.Text).
func (s *Config) Mask(text string, more ...string) string {
	return mask.Text(text, slices.Concat(s.Secrets, more))
}

// MaskHead is the beginning of a text with its secrets masked, at most limit bytes
// (mask.Head).
func (s *Config) MaskHead(text string, limit int, more ...string) string {
	return mask.Head(text, limit, slices.Concat(s.Secrets, more))
}
