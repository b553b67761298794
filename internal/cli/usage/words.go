package usage

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/safetext"
)

// NotOneOf is the error for a word that a flag, or an argument, does not take: it names
// the word that was probably meant, else all.
func NotOneOf(what, written string, words []string) error {
	if near, ok := expr.Nearest(written, words); ok {
		return fmt.Errorf("%s %s: did you mean %s?", what, Quote(written), near)
	}
	return fmt.Errorf("%s %s: write one of %s", what, Quote(written), strings.Join(words, ", "))
}

// Quote is what somebody wrote, on one line: in quotes where it would not be
// seen as one word.
func Quote(text string) string {
	text = safetext.Brief(text, 60)
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

// Given reports whether a flag was typed or set by its twin.
func Given(flags *pflag.FlagSet, name string) bool {
	f := flags.Lookup(name)
	return f != nil && f.Changed
}
