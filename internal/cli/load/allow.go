package load

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/report/content"
	targets "github.com/loadgate/loadgate/internal/target"
)

// CallerAllows are the caller's grants for what a file may use, and the host from
// --host.
func CallerAllows(lists []string, host string) []string {
	entries := targets.SplitEntries(lists)
	if entry := targets.EntryOf(host); entry != "" {
		entries = append(entries, entry)
	}
	return entries
}

// CheckAllowed says what a file asks for that the caller has not allowed: a file may
// be that of a stranger, whose pull request is built.
func CheckAllowed(t config.Target, allowed []string) error {
	missing, err := t.Unsaid(allowed)
	if err != nil {
		return fmt.Errorf("--allow: %w", err)
	}
	if len(missing) == 0 {
		return nil
	}
	var wrong []error
	var entries []string
	for _, g := range missing {
		wrong = append(wrong,
			fmt.Errorf("%s: target.allow: %s needs your permission too, since anyone can edit the file",
				g.Pos, g.Shown))
		entries = append(entries, g.Shown)
	}
	return failure.WithHint(errors.Join(wrong...),
		fmt.Sprintf("give it with %s, or with LOADGATE_ALLOW=%s in the environment",
			AllowFlags(t, allowed), content.ShellQuoted(strings.Join(entries, " "))))
}

// PrintNeeds says what a run will need that is not there: variables of the
// environment, and the caller's word.
func PrintNeeds(w io.Writer, s *config.Config, allowed []string) {
	if len(s.Unset) > 0 {
		console.Print(w, "not set, and not needed here; run will need %s", strings.Join(s.Unset, ", "))
	}
	if flags := AllowFlags(s.Target, allowed); flags != "" {
		console.Print(w, "not needed here; run will need %s", flags)
	}
}

// AllowFlags are the flags by which the caller allows what a file asks for, to be pasted into a
// shell; empty: it needs none. A secret host is *** there. The file may be a stranger's, and so may a path in it.
func AllowFlags(t config.Target, allowed []string) string {
	missing, _ := t.Unsaid(allowed) // run reports what is wrong with the list
	var flags []string
	for _, g := range missing {
		flags = append(flags, "--allow "+content.ShellWord(g.Shown))
	}
	return strings.Join(flags, " ")
}
