package usage

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// dependent lists the flags that have no effect without another flag. The command is "" for all
// commands, and the value of the other flag is "" for any value. A name that ends in * means
// all flags that begin with it.
func dependent() []struct{ command, flag, needs, value string } {
	return []struct{ command, flag, needs, value string }{
		{"", "demo-*", "demo", "true"},
		{"init", "format", "results", ""},
		{"init", "name", "results", ""},
		{"export", "force", "file", ""},
		{"kubernetes", "force", "file", ""},
		{"setup", "force", "file", ""},
		{"capacity", "peak", "replicas", ""},
		{"capacity", "scale-by", "replicas", ""},
		{"capacity", "also", "replicas", ""},
		{"capacity", "scale-up", "growth", ""},
		{"capacity", "growth", "scale-up", ""},
		{"capacity", "growth", "replicas", ""},
	}
}

// standalone are the flags with which a command loads nothing, each with the flags that
// it reads as well. The flags of reports are allowed in any case.
func standalone() []struct {
	command, flag string
	beside        []string
} {
	return []struct {
		command, flag string
		beside        []string
	}{
		{"ab", "from", nil},
		{"capacity", "stored",
			[]string{"at-least", "demo", "replicas", "peak", "scale-up", "growth", "scale-by", "also"}},
	}
}

// checkDependent finds flags that would change nothing as the others are.
func checkDependent(cmd *cobra.Command) error {
	var errs []error
	flags := cmd.Flags()
	for _, d := range dependent() {
		if d.command != "" && d.command != cmd.Name() {
			continue
		}
		needed := flags.Lookup(d.needs)
		given := needed != nil && needed.Changed && (d.value == "" || needed.Value.String() == d.value)
		if needed == nil || given || sameFile(flags, d.needs) {
			continue
		}
		needs := "--" + d.needs
		if d.value == "" {
			needs += " " + exampleOf(cmd, needed)
		}
		flags.Visit(func(f *pflag.Flag) {
			prefix, many := strings.CutSuffix(d.flag, "*")
			if f.Name == d.flag || many && strings.HasPrefix(f.Name, prefix) {
				errs = append(errs, fmt.Errorf("--%s needs %s: it has no effect otherwise", f.Name, needs))
			}
		})
	}
	return errors.Join(errs...)
}

// sameFile says whether --file is given by its older name.
func sameFile(flags *pflag.FlagSet, name string) bool {
	return name == "file" && Given(flags, "output")
}

// checkStandalone finds flags beside one with which a command loads nothing. It asks for
// those that were typed: the environment may hold values for other commands.
func checkStandalone(cmd *cobra.Command) error {
	var errs []error
	for _, l := range standalone() {
		if l.command != cmd.Name() || !Given(cmd.Flags(), l.flag) {
			continue
		}
		known := slices.Concat(l.beside,
			[]string{l.flag, "output", "html", "csv", "all", "no-color", "quiet", "github"})
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if !slices.Contains(known, f.Name) {
				errs = append(errs,
					fmt.Errorf("--%s does not go with --%s, which judges stored results and sends nothing; "+
						"leave one out", f.Name, l.flag))
			}
		})
	}
	return errors.Join(errs...)
}
