// Package template writes the templates of thresholds.yaml: texts with ${ … } in them, and
// addresses made of such. It evaluates none.
package template

import (
	"regexp"
	"strconv"
	"strings"
)

// Escape is a text as a template writes it.
func Escape(s string) string { return strings.ReplaceAll(s, "${", "$${") }

// Quote is a text as an expression writes it.
func Quote(s string) string { return strconv.Quote(s) }

// Variable is the template that holds a variable.
func Variable(name string) string { return "${ " + name + " }" }

var (
	expression   = regexp.MustCompile(`\$\{ (.*?) \}`)
	variableName = regexp.MustCompile(`^[a-z_0-9]+$`)
)

// VariablesOnly says whether the values of a path are variables, whose names
// name the endpoint.
func VariablesOnly(path string) bool {
	all := expression.FindAllStringSubmatch(path, -1)
	for _, m := range all {
		if !variableName.MatchString(m[1]) {
			return false
		}
	}
	return len(all) > 0
}

// Placeholders are a path with {name} for each variable and {id} for other expressions.
func Placeholders(path string) string {
	return expression.ReplaceAllStringFunc(path, func(e string) string {
		if m := expression.FindStringSubmatch(e); variableName.MatchString(m[1]) {
			return "{" + m[1] + "}"
		}
		return "{id}"
	})
}

// HasExpression says whether something of a template is an expression.
func HasExpression(text string) bool {
	return expression.MatchString(strings.ReplaceAll(text, "$${", ""))
}
