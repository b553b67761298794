package cli

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
)

// unlisted is the error for a word that is none of those that a flag, or an
// argument, takes: the one that was probably meant, else all of them.
func unlisted(what, written string, words []string) error {
	if near, ok := expr.Nearest(written, words); ok {
		return fmt.Errorf("%s %s: did you mean %s?", what, typed(written), near)
	}
	return fmt.Errorf("%s %s: write one of %s", what, typed(written), strings.Join(words, ", "))
}

// typed is what somebody wrote, on one line: in quotes where it would not be
// seen as one word.
func typed(text string) string {
	text = config.Brief(text, 60)
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

func changed(flags *pflag.FlagSet, name string) bool {
	f := flags.Lookup(name)
	return f != nil && f.Changed
}
