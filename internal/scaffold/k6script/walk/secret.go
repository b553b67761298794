package walk

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// guarded is a value under the name that the script gives it: a text that is a secret by that name is
// a variable of the environment wherever the script shows it, and so are the texts of a list or an object of that
// name. Addresses and paths are none.
func guarded(name string, v value) value {
	if namesSecret(name) {
		return hidden(name, v, deepestSecret)
	}
	return v
}

// deepestSecret is how deep lists and objects are looked into.
const deepestSecret = 5

func hidden(name string, v value, depth int) value {
	if s, isText := known(v); isText {
		if strings.Contains(s, "://") || strings.HasPrefix(s, "/") || !secrets.Is(name, s) {
			return v
		}
		return text{parts: written.Text{{Hidden: &written.Hidden{Name: name, Value: s}}}}
	}
	if depth == 0 {
		return v
	}
	switch of := v.(type) {
	case *array:
		for i, one := range of.items {
			of.items[i] = hidden(name, one, depth-1)
		}
	case *object:
		for key, one := range of.values {
			of.values[key] = hidden(name, one, depth-1)
		}
	case drawn:
		for i, one := range of.from {
			of.from[i] = hidden(name, one, depth-1)
		}
	}
	return v
}

// namesSecret says whether a name of the script is that of a secret. Many are called auth or session
// that are none.
func namesSecret(name string) bool {
	words := naming.Words(name)
	return secrets.InName(name) || len(words) > 0 && slices.Contains([]string{"token", "tokens"}, words[len(words)-1])
}
