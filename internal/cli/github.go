package cli

import (
	"errors"
	"strconv"
)

// InActions reports whether this is a step of a GitHub workflow.
func (e Env) InActions() bool {
	value, _ := e.Getenv("GITHUB_ACTIONS")
	return value == "true"
}

// githubFlag is what --github says in the place of GITHUB_ACTIONS; empty:
// nothing.
type githubFlag struct{ said string }

// newGitHubFlag lets the environment that is read tell what the flag says.
func newGitHubFlag(env *Env) *githubFlag {
	flag, getenv := new(githubFlag), env.Getenv
	env.Getenv = func(name string) (string, bool) {
		if name == "GITHUB_ACTIONS" && flag.said != "" {
			return flag.said, true
		}
		return getenv(name)
	}
	return flag
}

func (f *githubFlag) String() string { return f.said }

func (f *githubFlag) Type() string { return "bool" }

func (f *githubFlag) Set(text string) error {
	on, err := strconv.ParseBool(text)
	if err != nil {
		return errors.New("write true or false")
	}
	f.said = strconv.FormatBool(on)
	return nil
}
