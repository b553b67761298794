package walk

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// guarded is a value under the name that the script gives it: a text that is a secret by that name is
// a variable of the environment wherever the script shows it. Addresses and paths are none.
func guarded(name string, v value) value {
	s, isText := known(v)
	if !isText || strings.Contains(s, "://") || strings.HasPrefix(s, "/") || !namesSecret(name) ||
		!secrets.Is(name, s) {
		return v
	}
	return text{parts: written.Text{{Env: draft.VariableFor(name), Secret: true}}}
}

// namesSecret says whether a name of the script is that of a secret. Many are called auth or session
// that are none.
func namesSecret(name string) bool {
	words := naming.Words(name)
	return secrets.InName(name) || len(words) > 0 && slices.Contains([]string{"token", "tokens"}, words[len(words)-1])
}
