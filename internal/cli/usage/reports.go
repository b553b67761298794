package usage

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/loanword"
	"github.com/loadgate/loadgate/internal/report"
)

// ParseReport reads the value of --output, FORMAT=FILE.
func ParseReport(text string) (format report.Format, file string, err error) {
	name, file, ok := strings.Cut(text, "=")
	at := slices.Index(ReportNames(), name)
	switch {
	case name == "" || !ok && at < 0:
		return format, "", fmt.Errorf("--output %s: write FORMAT=FILE, such as html=report.html, and %s",
			Quote(text), knownFormat(name))
	case at < 0:
		return format, "", fmt.Errorf("--output %s: %s is unknown; write FORMAT=FILE, and %s",
			Quote(text), Quote(name), knownFormat(name))
	case file == "":
		return format, "", fmt.Errorf("--output %s: the file is missing; write -o %s=FILE", Quote(text), name)
	}
	return report.Formats()[at], file, checkNoFolder("--output "+Quote(text), file)
}

// AskedReports are the values of --output, and of its twin where none was typed. Where flags could not be read,
// those behind the mistake are found in args, which is what was typed: somebody waits for these reports too.
func AskedReports(cmd *cobra.Command, args []string, getenv func(string) (string, bool), err error) []string {
	const name, short = "output", "o"
	flags := cmd.Flags()
	if !Misread(err) || flags.Lookup(name) == nil {
		given, _ := flags.GetStringArray(name)
		return given
	}
	given := typedValues(flags, args, name, short)
	if twin, _ := getenv(twinOf(name)); twin != "" && given == nil {
		given = []string{twin}
	}
	return given
}

// typedValues are the values of a flag in args, up to "--". What is no flag of the set takes no value.
func typedValues(flags *pflag.FlagSet, args []string, name, short string) (values []string) {
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		f, value, joined := typedFlag(flags, args[i])
		switch {
		case f == nil || !joined && f.NoOptDefVal != "":
			continue
		case !joined && i+1 == len(args):
			return values
		case !joined:
			i++
			value = args[i]
		}
		if f.Name == name || f.Shorthand == short {
			values = append(values, value)
		}
	}
	return values
}

// typedFlag is the flag of an argument that may take a value, and the value where it is joined to it. Nil: there is
// none, or it is not known.
func typedFlag(flags *pflag.FlagSet, arg string) (f *pflag.Flag, value string, joined bool) {
	if long, ok := strings.CutPrefix(arg, "--"); ok {
		name, value, joined := strings.Cut(long, "=")
		return flags.Lookup(name), value, joined
	}
	letters, ok := strings.CutPrefix(arg, "-")
	for ; ok && letters != ""; letters = letters[1:] {
		f = nil
		if letters[0] < utf8.RuneSelf {
			f = flags.ShorthandLookup(letters[:1])
		}
		if f == nil || f.NoOptDefVal == "" {
			value, joined = strings.CutPrefix(letters[1:], "=")
			return f, value, joined || value != ""
		}
	}
	return nil, "", false
}

// ReportNames are the names of all reports.
func ReportNames() []string {
	var names []string
	for _, format := range report.Formats() {
		names = append(names, format.Name)
	}
	return names
}

// knownFormat is the remedy for a format that is not known, or that is missing:
// all that there are, the nearest first.
func knownFormat(name string) string {
	all := ReportNames()
	if near, ok := expr.Nearest(name, all); ok {
		all = append([]string{near}, slices.DeleteFunc(all, func(n string) bool { return n == near })...)
	}
	text := "the formats are " + strings.Join(all, ", ")
	if word, ok := loanword.Find(loanword.Format, name); ok {
		text += "; " + word.Remedy()
	}
	return text
}
