package config

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/loadgate/loadgate/internal/safetext"
)

// longestShown is how much of a text of the file a message shows, in bytes.
const longestShown = 60

var (
	quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	longWord   = regexp.MustCompile(`\S{81,}`)
)

// tidy makes one line of a message, whatever values of the file are in it: without
// characters that control a terminal or begin a line, and with long values cut.
func tidy(message string) string {
	message = oneLineOf(message)
	if len(message) <= longestShown {
		return message
	}
	message = quotedText.ReplaceAllStringFunc(message, func(quoted string) string {
		if text, err := strconv.Unquote(quoted); err == nil && len(text) > longestShown {
			return safetext.Quoted(text, longestShown)
		}
		return quoted
	})
	return longWord.ReplaceAllStringFunc(message, func(word string) string {
		if strings.Contains(word, safetext.Cut) {
			return word // cut already
		}
		return safetext.Brief(word, longestShown)
	})
}

// oneLineOf writes characters that are not to be printed as escapes.
func oneLineOf(text string) string {
	if !strings.ContainsFunc(text, unprintable) {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		if unprintable(c) {
			quoted := strconv.QuoteRune(c)
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// unprintable are characters of which a line may not hold any: those that control
// terminals, that begin a line, and that turn the direction of what follows.
func unprintable(c rune) bool {
	return unicode.IsControl(c) || unicode.In(c, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}

// worded is a text as a message names it: as it is written, or in quotes and cut.
func worded(text string) string {
	if len(text) > longestShown || strings.ContainsFunc(text, unprintable) {
		return safetext.Quoted(text, longestShown)
	}
	return text
}

// briefly words an error with the value that it speaks of cut.
func briefly(err error, value string) string {
	message := err.Error()
	if len(value) > longestShown {
		message = strings.ReplaceAll(message, strconv.Quote(value), safetext.Quoted(value, longestShown))
		message = strings.ReplaceAll(message, value, safetext.Brief(value, longestShown))
	}
	return message
}
