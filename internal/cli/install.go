package cli

import (
	"github.com/spf13/cobra"
)

// install makes every command of a whole program check what was typed before it runs: it
// sets flags from the environment, and words each mistake as one line with what to write.
// Getenv is asked when a command runs.
func install(root *cobra.Command, getenv func(string) (string, bool)) {
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := checkLone(cmd); err != nil {
			return err
		}
		if err := fromEnvironment(cmd, getenv); err != nil {
			return err
		}
		if err := checkFlags(cmd); err != nil {
			return err
		}
		return checkDependent(cmd)
	}
	root.SetFlagErrorFunc(wordFlag)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	wordArguments(root)
	wordHelp(root)
}
