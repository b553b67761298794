package usage

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/loanword"
	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/unit"
)

// describeArguments lets a command, and those below it, say in plain words which
// arguments they take, and which command may have been meant.
func describeArguments(cmd *cobra.Command) {
	accepts := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if accepts == nil || accepts(cmd, args) == nil {
			return nil
		}
		if cmd.HasSubCommands() {
			return unknownCommand(cmd, args[0])
		}
		return failure.WithHint(wrongArguments(cmd, args), cmd.CommandPath()+" --help shows how it is used")
	}
	for _, below := range cmd.Commands() {
		describeArguments(below)
	}
}

// describeHelp lets help, and completion, refuse what they do not know, as all other
// commands do, and show how they are called.
func describeHelp(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Example = "  loadgate help run\n  loadgate help history list"
			cmd.Run = nil
			cmd.RunE = func(_ *cobra.Command, args []string) error {
				of, rest, err := root.Find(args)
				if err != nil || len(rest) > 0 {
					return unknownCommand(root, strings.Join(args, " "))
				}
				return of.Help()
			}
		case "completion":
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			cmd.Example = "  loadgate completion bash > /etc/bash_completion.d/loadgate"
			for _, shell := range cmd.Commands() {
				shell.Example = loadCompletion(shell.Name())
			}
		}
	}
}

// loadCompletion is how a shell loads the completions, for itself alone and for the next ones.
func loadCompletion(shell string) string {
	switch shell {
	case "fish":
		return "  loadgate completion fish | source\n" +
			"  loadgate completion fish > ~/.config/fish/completions/loadgate.fish"
	case "powershell":
		return "  loadgate completion powershell | Out-String | Invoke-Expression"
	case "zsh":
		return "  source <(loadgate completion zsh)\n  loadgate completion zsh > \"${fpath[1]}/_loadgate\""
	}
	return fmt.Sprintf("  source <(loadgate completion %s)\n"+
		"  loadgate completion %[1]s > /etc/bash_completion.d/loadgate", shell)
}

// unknownCommand names the command that was probably meant.
func unknownCommand(cmd *cobra.Command, name string) error {
	remedy := cmd.CommandPath() + " --help lists the commands"
	cmd.SuggestionsMinimumDistance = 2
	strange := func(near string) bool { return !resembles(name, near) }
	if near := slices.DeleteFunc(cmd.SuggestionsFor(name), strange); len(near) > 0 {
		remedy = "did you mean " + strings.Join(near, " or ") + "?"
	} else if word, ok := loanword.Find(loanword.Command, name); ok && !cmd.HasParent() {
		remedy = word.Remedy()
	}
	return fmt.Errorf("unknown command %s; %s", safetext.Quoted(name, 60), remedy)
}

// misspelled is the word of these arguments of the program that stands where a command below cmd would: the flags
// behind it are those of the command that was meant. A file is none, since its command is missing.
func misspelled(cmd *cobra.Command, args []string) (word string, ok bool) {
	if !cmd.HasSubCommands() {
		return "", false
	}
	above := len(strings.Fields(cmd.CommandPath())) - 1 // the words of cmd itself
	for i := 0; i < len(args); i++ {
		if strings.HasPrefix(args[i], "-") {
			f, _, joined := typedFlag(cmd.Flags(), args[i])
			if f == nil {
				return "", false // what is behind it may be its value
			}
			if !joined && f.NoOptDefVal == "" {
				i++
			}
			continue
		}
		if above == 0 {
			return args[i], !namesFile(args[i])
		}
		above--
	}
	return "", false
}

// namesFile says whether a word has the form of a file's name, or is there.
func namesFile(word string) bool {
	_, err := os.Stat(word)
	return strings.ContainsAny(word, `./\`) || err == nil
}

// resembles says whether a short text may mean a name: it begins the name, or they share half of the letters.
// A text of two signs is two changes away from every name of two letters.
func resembles(written, name string) bool {
	written = strings.ToLower(written)
	if written == "" || strings.HasPrefix(name, written) {
		return written != ""
	}
	shared, left := 0, name
	for _, r := range written {
		if before, after, ok := strings.Cut(left, string(r)); ok {
			shared, left = shared+1, before+after
		}
	}
	return 2*shared >= max(utf8.RuneCountInString(written), len(name))
}

// wrongArguments words what a command takes by its line of usage: compare A B, or
// run [thresholds.yaml].
func wrongArguments(cmd *cobra.Command, args []string) error {
	usage, _, _ := strings.Cut(cmd.Use, " --")
	taken := strings.Fields(usage)[1:]
	least := 0
	for i, name := range taken {
		if taken[i] = strings.Trim(name, "[]"); taken[i] == name {
			least++
		}
	}
	most := "at most "
	if least == len(taken) {
		most = ""
	}
	given := "none was given"
	if len(args) > 0 {
		given = fmt.Sprintf("%d given: %s", len(args), safetext.Quoted(strings.Join(args, " "), 80))
	}
	if len(taken) == 0 {
		if cmd.Flags().Lookup("file") != nil {
			given += "; " + writtenFile
		}
		return fmt.Errorf("%s takes no argument; %s", cmd.CommandPath(), given)
	}
	open := strings.HasSuffix(usage, "...")
	if len(args) < least && (open || least < len(taken)) {
		most = "at least "
		taken = taken[:least]
	}
	return fmt.Errorf("%s takes %s%s, %s; %s", cmd.CommandPath(), most, unit.Counted(len(taken), "argument"),
		strings.TrimSuffix(strings.Join(taken, " and "), "..."), given)
}
