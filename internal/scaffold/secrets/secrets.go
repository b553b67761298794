// Package secrets recognizes what must not be in a file: passwords, tokens, keys, and what
// pays, by name and by form. Where it is unsure, it takes a value for a secret.
package secrets

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Is says whether a value is a secret, by its name or its form.
func Is(name, v string) bool {
	named := InName(name) || IsHeader(name) && !noSecret.MatchString(name)
	return named && !naming.IsNo(v) || IsRandom(name, v) || InValue(v)
}

// InValue says whether a text is a secret by its form: a token, a key, or a word so
// random that it was generated.
func InValue(v string) bool {
	if webToken.MatchString(v) || serviceKey.MatchString(v) || IsPayment(v) || showsPassword(v) {
		return true
	}
	if begin := strings.TrimSpace(v); strings.HasPrefix(begin, "{") || strings.HasPrefix(begin, "[") { // JSON in a text
		if gjson.Valid(begin) {
			return Mentioned(begin) || anyInValue(gjson.Parse(begin))
		}
	}
	if strings.ContainsAny(v, " \t\n") && len(v) > 60 || naming.IsUUID(v) {
		return false
	}
	for _, word := range naming.AlphanumericRuns(v) {
		if len(word) >= 16 && naming.LooksRandom(word) {
			return true
		}
	}
	return false
}

func anyInValue(v gjson.Result) (found bool) {
	if !v.IsObject() && !v.IsArray() {
		return v.Type == gjson.String && InValue(v.Str)
	}
	v.ForEach(func(_, child gjson.Result) bool {
		found = anyInValue(child)
		return !found
	})
	return found
}

// Mentioned says whether a text says anywhere that it holds a password or token.
func Mentioned(text string) bool {
	return mentions.MatchString(text) || slices.ContainsFunc(naming.Words(text), secretWord.MatchString) ||
		secretPart.MatchString(strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(text)))
}

// Mask is a text as a template in which the secrets that have a name in
// it are those of the environment, and the names; none: there are none. Secret is the template for
// the value of a name.
func Mask(v string, secret func(name, value string) string) (text string, names []string) {
	var out strings.Builder
	at := 0
	for _, m := range inlineValue.FindAllStringSubmatchIndex(v, 200) {
		name, value := v[m[2]:m[3]], v[m[4]:m[5]]
		if value == "" || strings.HasPrefix(value, "$") || !Is(name, value) {
			continue
		}
		out.WriteString(template.Escape(v[at:m[4]]) + secret(name, value))
		at = m[5]
		names = append(names, name)
	}
	out.WriteString(template.Escape(v[at:]))
	return out.String(), names
}

// inlineValue is a value within a text, as GraphQL and JSON write it: its name, and
// its text between quotes.
var inlineValue = regexp.MustCompile(`([\pL_][\pL\pN_-]*)\\?["']?\s*[:=]\s*\\?["']((?:[^"'\\]|\\[^"'])*)\\?["']`)

// mentions matches a text that mentions a password or token.
var mentions = regexp.MustCompile(`(?i)token|session|cookie|eyJ[A-Za-z0-9_-]{8}`)

// IsName says whether a name is a secret itself: many names change between small and
// capital letters, few have digits all over.
func IsName(name string) bool {
	digits := len(regexp.MustCompile(`[0-9]+`).FindAllString(name, -1))
	return webToken.MatchString(name) || serviceKey.MatchString(name) ||
		IsPayment(name) || showsPassword(name) || digits > 1 && InValue(name)
}
