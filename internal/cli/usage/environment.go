package usage

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/safetext"
)

// fromEnvironment sets every flag that was not given and whose twin is in the
// environment. An empty twin counts as not set.
func fromEnvironment(cmd *cobra.Command, getenv func(string) (string, bool)) error {
	var errs []error
	flags := cmd.Flags()
	flags.VisitAll(func(f *pflag.Flag) {
		name := twinOf(f.Name)
		value, _ := getenv(name)
		if f.Changed || f.Hidden || value == "" || f.Name == "help" || f.Name == "version" {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("%s=%s: %s", name, safetext.Quoted(value, 60), expectedValue(cmd, f, value)))
		}
	})
	return errors.Join(errs...)
}

// twinOf is the variable that may hold the value of a flag.
func twinOf(flag string) string {
	return "LOADGATE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
