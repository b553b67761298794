package content

import (
	"fmt"
	"regexp"
	"strings"

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

// ShellQuoted is one word for a shell, in quotes also where it needs none.
func ShellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
