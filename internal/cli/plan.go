package cli

import "github.com/spf13/cobra"

func newPlan(env Env) *cobra.Command {
	return &cobra.Command{Use: "plan"}
}
