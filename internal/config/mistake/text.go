package mistake

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/loadgate/loadgate/internal/safetext"
)

// LongestShown is how much of a text of the file a message shows, in bytes.
const LongestShown = 60

var (
	quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	longWord   = regexp.MustCompile(`\S{81,}`)
)

// oneLineCut makes one line of a message, whatever values of the file are in it: without
// characters that control a terminal or begin a line, and with long values cut.
func oneLineCut(message string) string {
	message = escaped(message)
	if len(message) <= LongestShown {
		return message
	}
	message = quotedText.ReplaceAllStringFunc(message, func(quoted string) string {
		if text, err := strconv.Unquote(quoted); err == nil && len(text) > LongestShown {
			return safetext.Quoted(text, LongestShown)
		}
		return quoted
	})
	return longWord.ReplaceAllStringFunc(message, func(word string) string {
		if strings.Contains(word, safetext.Cut) {
			return word // cut already
		}
		return safetext.Brief(word, LongestShown)
	})
}

// escaped writes characters that are not to be printed as escapes.
func escaped(text string) string {
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

// Show is a text as a message shows it: as it is written, or in quotes and cut where it is
// long or holds characters that a terminal obeys.
func Show(text string) string {
	if len(text) > LongestShown || strings.ContainsFunc(text, unprintable) {
		return safetext.Quoted(text, LongestShown)
	}
	return text
}

// CutValue is the message of an error about a value, with the value cut where it is long.
func CutValue(err error, value string) string {
	message := err.Error()
	if len(value) > LongestShown {
		message = strings.ReplaceAll(message, strconv.Quote(value), safetext.Quoted(value, LongestShown))
		message = strings.ReplaceAll(message, value, safetext.Brief(value, LongestShown))
	}
	return message
}

// shorten cuts the middle out of a long text: the remedy stands at the end.
func shorten(text string) string {
	const head, tail = 400, 200 // bytes
	if len(text) <= head+tail {
		return text
	}
	return strings.ToValidUTF8(text[:head], "") + " … " + strings.ToValidUTF8(text[len(text)-tail:], "")
}
