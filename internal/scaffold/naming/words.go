// Package naming knows what the names in a request say by their form: which words they are
// made of, whether they name an id or a login, what the parts of a path are. It does not
// judge them.
package naming

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/loadgate/loadgate/internal/safetext"
)

// OneOf matches one of several whole words.
func OneOf(all ...string) *regexp.Regexp {
	return regexp.MustCompile("^(" + strings.Join(all, "|") + ")$")
}

// Words are the words of a part of a path or of a name: send-mail, sendMail,
// send_mail and send2mail hold the same.
func Words(text string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words, word = append(words, strings.ToLower(string(word))), nil
		}
	}
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case i == 0:
		case unicode.IsDigit(r) != unicode.IsDigit(runes[i-1]), unicode.IsUpper(r) && unicode.IsLower(runes[i-1]),
			unicode.IsUpper(r) && unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}

// First is the first word of a text that a pattern knows; two words such as
// log-out are one, too.
func First(text string, patterns ...*regexp.Regexp) string {
	words := Words(text)
	for i, word := range words {
		for _, p := range patterns {
			if p.MatchString(word) {
				return word
			}
			if i+1 < len(words) && p.MatchString(word+words[i+1]) {
				return word + " " + words[i+1]
			}
		}
	}
	return ""
}

// Singular is one of several, as English forms it most often.
func Singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies") && len(word) > 4:
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"):
		return word[:len(word)-2]
	case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && len(word) > 2:
		return word[:len(word)-1]
	}
	return word
}

// AlphanumericRuns are the longest runs of letters and digits of a text.
func AlphanumericRuns(text string) []string { return alphanumeric.FindAllString(text, -1) }

var alphanumeric = regexp.MustCompile(`[A-Za-z0-9+=]+`)

// Line is a text as a line, cut where it is long.
func Line(s string) string {
	s = safetext.Line(s)
	if runes := []rune(s); len(runes) > 200 {
		s = string(runes[:200]) + "…"
	}
	return s
}

// OtherHost says of a request that it goes to another host than the service, and what sends it there.
func OtherHost(host string) string {
	return "goes to another host, " + Line(host) + "; to send it, name that host under hosts"
}
