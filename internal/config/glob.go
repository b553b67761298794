package config

import "strings"

// glob matches text against a pattern in which only * is special. Endpoint
// names hold ? [ ] { } as plain characters, so path.Match does not fit.
func glob(pattern, text string) bool {
	first, parts, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, first)
	for ok {
		part, more, between := strings.Cut(parts, "*")
		if !between {
			return strings.HasSuffix(rest, part)
		}
		_, rest, ok = strings.Cut(rest, part)
		parts = more
	}
	return false
}
