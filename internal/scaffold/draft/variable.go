package draft

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Secret declares a variable of the environment whose value is masked, and returns the
// template that reads it.
func (d *Draft) Secret(name string) string { return d.declare(name, secrets.Placeholder, true) }

// SecretFor is Secret for a variable that is named for what it holds.
func (d *Draft) SecretFor(name string) string { return d.Secret(VariableFor(name)) }

// SecretOf declares the variable for a secret that the source shows, and returns its name: one value has one variable,
// and another value of the same name gets another. The value itself is only compared; empty: it is not known, and is
// that of the name.
func (d *Draft) SecretOf(name, value string) string {
	base := VariableFor(name)
	name = base
	for i := 2; ; i++ {
		at := slices.IndexFunc(d.variables, func(v variable) bool { return v.name == name })
		if at < 0 {
			d.Secret(name)
			d.variables[len(d.variables)-1].value = value
			return name
		}
		if d.variables[at].value == value {
			d.Secret(name)
			return name
		}
		name = fmt.Sprintf("%s_%d", base, i)
	}
}

// Variable declares a variable of the environment with its default, and returns the
// template that reads it.
func (d *Draft) Variable(name, otherwise string) string { return d.declare(name, otherwise, false) }

// Needed declares a variable of the environment that has no default, and returns the
// template that reads it.
func (d *Draft) Needed(name string) string {
	d.declare(name, "", false)
	return fmt.Sprintf("${ env(%s) }", template.Quote(name))
}

func (d *Draft) declare(name, otherwise string, secret bool) string {
	at := slices.IndexFunc(d.variables, func(v variable) bool { return v.name == name })
	if at < 0 {
		d.variables = append(d.variables, variable{name: name, secret: secret})
	} else if secret {
		d.variables[at].secret = true
	}
	return fmt.Sprintf("${ env(%s, %s) }", template.Quote(name), template.Quote(otherwise))
}

// VariableFor is the name of the environment for a secret.
func VariableFor(name string) string {
	word := strings.Trim(regexp.MustCompile(`[^A-Z0-9]+`).ReplaceAllString(strings.ToUpper(name), "_"), "_")
	return "LOADGATE_" + cmp.Or(word, "SECRET")
}

// UnusedName is a name that is valid, and not taken yet.
func UnusedName(base string, taken func(string) bool) string {
	base = regexp.MustCompile(`[^A-Za-z0-9_]+`).ReplaceAllString(base, "_")
	if !expr.ValidName(base) {
		base = "id_" + base
	}
	name := base
	for i := 2; taken(name) || expr.Reserved(name) || !expr.ValidName(name); i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	return name
}
