// Package usage reads what was typed: arguments, flags, their twins in the environment and
// formats of reports. It says in one line what is wrong with them and what to write. It
// looks at a path's kind, and opens no file.
package usage

import "github.com/spf13/cobra"

// Install makes every command of a whole program check what was typed before it runs: it
// sets flags from the environment, and words each mistake as one line with what to write.
// Args are what was typed behind the program's name. Getenv is asked when a command runs.
func Install(root *cobra.Command, args []string, getenv func(string) (string, bool)) {
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := checkStandalone(cmd); err != nil {
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
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return misreadError{describeFlagError(cmd, args, err)}
	})
	root.SetUsageFunc(printUsage)
	root.InitDefaultVersionFlag() // else it is there only where the root itself runs
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	requireDecimal(root)
	describeArguments(root)
	describeHelp(root)
}
