package environ

import (
	"errors"
	"strconv"
)

// InActions reports whether this is a step of a GitHub workflow.
func (e Env) InActions() bool {
	value, _ := e.Getenv("GITHUB_ACTIONS")
	return value == "true"
}

// GitHubFlag is the value of --github, which overrides GITHUB_ACTIONS.
type GitHubFlag struct{ value string } // "true" or "false"; empty: not given

// NewGitHubFlag makes Getenv of env answer with the flag's value for GITHUB_ACTIONS,
// where the flag was given.
func NewGitHubFlag(env *Env) *GitHubFlag {
	flag, getenv := new(GitHubFlag), env.Getenv
	env.Getenv = func(name string) (string, bool) {
		if name == "GITHUB_ACTIONS" && flag.value != "" {
			return flag.value, true
		}
		return getenv(name)
	}
	return flag
}

// String is the value as text; empty where the flag was not given.
func (f *GitHubFlag) String() string { return f.value }

// Type is that of a flag without a value.
func (f *GitHubFlag) Type() string { return "bool" }

// Set reads true or false.
func (f *GitHubFlag) Set(text string) error {
	on, err := strconv.ParseBool(text)
	if err != nil {
		return errors.New("write true or false")
	}
	f.value = strconv.FormatBool(on)
	return nil
}
