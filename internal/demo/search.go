package demo

import "strings"

// contains reports whether a text of ASCII has a term in it, as LIKE '%term%' does: in
// either case, with _ in the term for any character and % for any number of them. As in
// SQLite the pattern ends before a NUL.
func contains(text, term string) bool {
	pattern, _, _ := strings.Cut("%"+lowerASCII(term)+"%", "\x00")
	return matches(strings.ToLower(text), pattern)
}

// matches follows one pattern, going back to the last % where it fails.
func matches(text, pattern string) bool {
	at, star, resume := 0, -1, 0
	for i := 0; i < len(text); {
		switch {
		case at < len(pattern) && pattern[at] == '%':
			star, resume = at, i
			at++
		case at < len(pattern) && (pattern[at] == '_' || pattern[at] == text[i]):
			at++
			i++
		case star >= 0:
			resume++
			at, i = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[at:], "%") == ""
}

// lowerASCII leaves other letters: the Kelvin sign is no k.
func lowerASCII(text string) string {
	return strings.Map(func(c rune) rune {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c
	}, text)
}
