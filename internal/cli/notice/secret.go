package notice

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/loadgate/loadgate/internal/cli/environ"
)

var (
	variableName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	printableName = regexp.MustCompile(`^[A-Z_][A-Z0-9_]{0,60}$`)
)

// SecretOf reads a secret from the variable that a flag names; empty where it
// is not set.
func SecretOf(env environ.Env, flag, name string) (string, error) {
	if !variableName.MatchString(name) {
		return "", fmt.Errorf("%s: write the name of an environment variable, not what it holds", flag)
	}
	value, _ := env.Getenv(name)
	value = strings.TrimSpace(value)
	if strings.ContainsFunc(value, unicode.IsControl) {
		return "", fmt.Errorf("%s holds more than one line", Variable(flag, name))
	}
	return value, nil
}

// Variable names the variable of a flag in a message. A token given in place of the
// name does not get into the log: tokens hold lower-case letters, names seldom do.
func Variable(flag, name string) string {
	if printableName.MatchString(name) {
		return name
	}
	return "the environment variable that " + flag + " names"
}
