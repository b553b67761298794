package usage

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// printUsage prints how a command is called. It is cobra's own text, with what a flag takes in place of
// its type in Go, and with the many flags of the demo apart from the others.
func printUsage(cmd *cobra.Command) error {
	w := cmd.OutOrStdout()
	fmt.Fprint(w, "Usage:")
	if cmd.Runnable() {
		fmt.Fprintf(w, "\n  %s", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n  %s [command]", cmd.CommandPath())
	}
	if cmd.HasExample() {
		fmt.Fprintf(w, "\n\nExamples:\n%s", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprint(w, "\n\nCommands:")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(w, "\n  %-*s %s", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	ofDemo := func(f *pflag.Flag) bool { return strings.HasPrefix(f.Name, "demo-") }
	printFlags(w, "Flags", cmd, cmd.LocalFlags(), func(f *pflag.Flag) bool { return !ofDemo(f) })
	printFlags(w, "Flags of the demo service, with --demo", cmd, cmd.LocalFlags(), ofDemo)
	printFlags(w, "Flags of every command", cmd, cmd.InheritedFlags(), func(*pflag.Flag) bool { return true })
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n\nUse \"%s [command] --help\" for more information about a command.", cmd.CommandPath())
	}
	fmt.Fprintln(w)
	return nil
}

// printFlags prints those flags of a set that belong under a title, if there are any.
func printFlags(w io.Writer, title string, cmd *cobra.Command, all *pflag.FlagSet, belongs func(*pflag.Flag) bool) {
	shown := pflag.NewFlagSet(title, pflag.ContinueOnError)
	all.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && belongs(f) {
			shown.AddFlag(withPlaceholder(cmd, f))
		}
	})
	if shown.HasFlags() {
		fmt.Fprintf(w, "\n\n%s:\n%s", title, strings.TrimRight(shown.FlagUsages(), " \n"))
	}
}

// withPlaceholder returns a copy of a flag for help, which names what the flag takes. A switch takes nothing.
func withPlaceholder(cmd *cobra.Command, f *pflag.Flag) *pflag.Flag {
	if f.Value.Type() == "bool" {
		return f
	}
	shown := *f
	shown.Value = placeholder{f.Value, placeholderOf(cmd, f)}
	if slices.Contains([]string{"[]", "0"}, f.DefValue) {
		shown.DefValue = "" // nothing is given
	}
	return &shown
}

// placeholder is a value that help calls by another name than its type.
type placeholder struct {
	pflag.Value
	name string
}

// Type implements pflag.Value.
func (p placeholder) Type() string { return p.name }

// placeholderOf names what a flag takes, such as FILE.
func placeholderOf(cmd *cobra.Command, f *pflag.Flag) string {
	for _, key := range namesOf(cmd, f) {
		for _, row := range placeholders() {
			if slices.Contains(row[1:], key) {
				return row[0]
			}
		}
	}
	return "VALUE"
}

// placeholders are what flags take, each before the names of its flags, as in namesOf.
func placeholders() [][]string {
	return [][]string{
		{"ADDRESS", "listen", "metrics-listen", "web"},
		{"BRANCH", "branch"},
		{"CHANGE", "drift", "growth"},
		{"CLASS", "runner"},
		{"COMMAND", "a-cmd", "b-cmd", "start"},
		{"COMMIT", "commit"},
		{"COUNT=FOLDER", "also"},
		{"DURATION", "burn", "hold", "keep-alive", "metrics-block",
			"deadline", "lease", "run-time", "scale-up", "silent-for", "slice", "start-delay", "step", "wait",
			"wait-workers", "web-linger", "within"},
		{"ENTRY", "allow"},
		{"FILE", "ca", "confirmation", "data", "file", "har", "html", "jmx", "k6", "locustfile",
			"nats-creds", "postman", "previous", "results", "setup", "thresholds"},
		{"FILE|URL", "openapi"},
		{"FOLDER|URL", "history"},
		{"FOLDER", "ab from", "out", "resume", "stored"},
		{"FORMAT", "format"},
		{"FORMAT=FILE", "output"},
		{"IMAGE", "image"},
		{"K/N", "shard"},
		{"LENGTH/EVERY", "freeze"},
		{"LENGTH@START", "cache-down", "down"},
		{"LOAD", "at-least", "capacity from", "to"},
		{"MEMORY", "memory"},
		{"METRIC", "metric", "scale-by"},
		{"N", "cpu", "index", "keep", "last", "pairs", "pool", "pr", "replicas", "seed", "users", "workers"},
		{"N|N%", "lost"},
		{"N|auto", "pace", "plan workers"},
		{"NAME", "by", "comment name", "env-secret", "kubernetes name", "namespace", "only", "profile",
			"service", "skip", "worker name", "web-host"},
		{"PATTERN", "endpoint", "name"},
		{"PERCENT", "least", "precision"},
		{"PREFIX", "csv"},
		{"RATE", "peak", "rate", "rate-limit", "spawn-rate"},
		{"TEXT", "reason"},
		{"TIME", "start-at"},
		{"URL", "a", "b", "host", "link", "link-base", "nats", "otlp", "site-url", "trace-link"},
		{"VARIABLE", "env", "token-env", "webhook-env"},
		{"WHEN", "on"},
		{"[ENDPOINT=]SHARE", "fail"},
		{"[ENDPOINT=]TIME", "slow"},
	}
}
