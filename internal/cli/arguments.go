package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/unit"
)

// wordArguments lets a command, and those below it, say in plain words which
// arguments they take, and which command may have been meant.
func wordArguments(cmd *cobra.Command) {
	accepts := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if accepts == nil || accepts(cmd, args) == nil {
			return nil
		}
		if cmd.HasSubCommands() {
			return hintError{unknownCommand(cmd, args[0]), cmd.CommandPath() + " --help lists the commands"}
		}
		return hintError{wrongArguments(cmd, args), cmd.CommandPath() + " --help shows how it is used"}
	}
	for _, below := range cmd.Commands() {
		wordArguments(below)
	}
}

func unknownCommand(cmd *cobra.Command, name string) error {
	cmd.SuggestionsMinimumDistance = 2
	text := fmt.Sprintf("unknown command %s", spec.Quoted(name, 60))
	if near := cmd.SuggestionsFor(name); len(near) > 0 {
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("%s", text)
}

// wrongArguments words what a command takes by its line of usage: compare A B, or
// run [thresholds.yaml].
func wrongArguments(cmd *cobra.Command, args []string) error {
	usage, _, _ := strings.Cut(cmd.Use, " --")
	taken := strings.Fields(usage)[1:]
	most := ""
	for i, name := range taken {
		if bare := strings.Trim(name, "[]"); bare != name {
			taken[i], most = bare, "at most "
		}
	}
	given := "none was given"
	if len(args) > 0 {
		given = fmt.Sprintf("%d given: %s", len(args), spec.Quoted(strings.Join(args, " "), 80))
	}
	if len(taken) == 0 {
		return fmt.Errorf("%s takes no argument; %s", cmd.CommandPath(), given)
	}
	return fmt.Errorf("%s takes %s%s, %s; %s", cmd.CommandPath(), most, unit.Counted(len(taken), "argument"),
		strings.Join(taken, " and "), given)
}
