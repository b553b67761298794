package yamlfix

import "strings"

// unclosed says whether a text begins with a bracket that nothing closes.
func unclosed(text string) bool {
	return text != "" && (text[0] == '{' || text[0] == '[') &&
		nested(text) == len(text) && text[len(text)-1] != text[0]+2
}

// openQuote is the quote inside of brackets that is not closed, or not opened; 0: there is none.
func openQuote(text string) byte {
	if text[0] != '{' && text[0] != '[' {
		return 0
	}
	for i := 1; i < len(text); i++ {
		if c := text[i]; (c == '"' || c == '\'') && strings.IndexByte(" ,:[{", text[i-1]) >= 0 {
			n := quotedLength(text[i:])
			if n == 1 {
				return c
			}
			i += n - 1
		}
	}
	if strings.Count(text, `"`)%2 == 1 { // an odd ' may be an apostrophe
		return '"'
	}
	return 0
}

// extraQuote is the place of the second of three quotes of a kind that a text begins and ends with, the
// one that is neither its beginning nor its end; -1: there are not three.
func extraQuote(text string) int {
	mark := text[:1]
	if mark != `"` && mark != "'" || !strings.HasSuffix(text, mark) || strings.Count(text, mark) != 3 {
		return -1
	}
	return 1 + strings.Index(text[1:], mark)
}

// unquote takes broken quotes off a text: a pair around it, or one in front
// that has no other.
func unquote(text string) string {
	mark, rest := text[:1], text[1:]
	switch {
	case strings.HasSuffix(rest, mark):
		return strings.TrimSuffix(rest, mark)
	case !strings.Contains(rest, mark):
		return rest
	}
	return text
}

// nested returns the length of the text in brackets, all of the rest when they do not
// close.
func nested(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\'':
			i += quotedLength(text[i:]) - 1
		case strings.IndexByte("({[", c) >= 0:
			depth++
		case strings.IndexByte(")}]", c) >= 0:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// quotedLength returns the length of a text in quotes, at least 1.
func quotedLength(text string) int {
	if end := strings.IndexByte(text[1:], text[0]); end >= 0 {
		return end + 2
	}
	return 1
}

// quote writes a text so that YAML reads it as that text.
func quote(text string) string {
	if strings.Contains(text, "'") && !strings.ContainsAny(text, `"\`) {
		return `"` + text + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
