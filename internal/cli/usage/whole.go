package usage

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The library reads whole numbers as Go's source has them: 0x10, 0o17, 1_000, and 010 as 8.
// On a command line these are slips, and 010 is 10.

var decimalDigits = regexp.MustCompile(`^[+-]?[0-9]+$`)

// whole is the value of a flag that takes decimal digits alone.
type whole struct{ pflag.Value }

// Set implements pflag.Value.
func (w whole) Set(text string) error {
	if !decimalDigits.MatchString(text) {
		return errors.New("not in decimal digits")
	}
	sign := strings.TrimRight(text[:1], "0123456789")
	digits := strings.TrimLeft(text[len(sign):], "0")
	if digits == "" {
		digits = "0"
	}
	return w.Value.Set(sign + digits)
}

// requireDecimal makes the flags for whole numbers of a command, and of those below it,
// refuse all but decimal digits. It is for commands that have all their flags.
func requireDecimal(cmd *cobra.Command) {
	for _, flags := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) {
			if isWhole(f) {
				f.Value = whole{f.Value}
			}
		})
	}
	for _, below := range cmd.Commands() {
		requireDecimal(below)
	}
}

// isWhole says whether a flag takes a whole number.
func isWhole(f *pflag.Flag) bool {
	return strings.HasPrefix(f.Value.Type(), "int") || strings.HasPrefix(f.Value.Type(), "uint")
}

// inOtherNotation says whether a text is a whole number as programs have them, such as 0x10.
func inOtherNotation(text string) bool {
	_, err := strconv.ParseInt(text, 0, 64)
	return !decimalDigits.MatchString(text) && !errors.Is(err, strconv.ErrSyntax)
}
