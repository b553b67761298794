package thresholds

import (
	"strings"

	"github.com/loadgate/loadgate/internal/config/dsn"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// dsnFiles refuses a DSN that names files: a file must not have another user's
// passwords read. What the environment holds is the caller's own, and may name any.
func (b resourceBuilder) dsnFiles(v *grammar.Value) {
	// Each variable is a word here, so that only what the file says is left, and what lies beside it.
	beside := b.config.EnvFile.Behind(func(name string) (string, bool) {
		value, _ := b.caller(name)
		return "x", value != ""
	})
	scope := expr.NewScope(func(name string) (string, bool) {
		if value, ok := beside(name); ok && value != "" {
			return value, true
		}
		return "x", true
	}, b.allowed)
	text := v.Text
	if t, err := scope.Template(text); err == nil {
		if fixed, ok := t.Static(); ok {
			text = fixed
		}
	}
	given := dsn.Settings(text)
	for _, key := range dsn.Files() {
		if value := given[key]; value != "" && value != "system" {
			b.Add(v.Pos, v.Path,
				"%s names a file, which thresholds.yaml may not; set PG%s in the environment, or write the whole DSN "+
					"as an env()", key, strings.ToUpper(key))
		}
	}
}
