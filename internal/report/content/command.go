package content

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// CommandOf is what the result itself tells: flags that changed the load are
// not in it.
func CommandOf(command string, r *result.Result, checks []verdict.Check, targets ...string) []string {
	words := []string{"loadgate", command}
	for _, c := range checks {
		if c.Pos.File != "" {
			words = append(words, c.Pos.File)
			break
		}
	}
	words = append(words, targets...)
	if r.Profile != "" {
		words = append(words, "--profile="+r.Profile)
	}
	if r.Planned.Smoke {
		words = append(words, "--smoke")
	}
	return append(words, fmt.Sprintf("--seed=%d", r.Seed))
}

// plainWord is what no shell makes anything of.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// ShellWord is one word for a shell, whatever it holds.
func ShellWord(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return ShellQuoted(text)
}

// ShellLine is a command for a shell, word by word. The words are still untrusted where the line is shown.
func ShellLine(words []string) string {
	quoted := make([]string, 0, len(words))
	for _, word := range words {
		quoted = append(quoted, ShellWord(typeset.Clean(word)))
	}
	return strings.Join(quoted, " ")
}

// ShellQuoted is one word for a shell, in quotes also where it needs none.
func ShellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
