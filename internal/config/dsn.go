package config

import (
	"net/url"
	"strings"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// DSNFiles returns the settings of a connection to PostgreSQL that name a file, or
// an entry of one.
func DSNFiles() []string {
	return []string{"passfile", "servicefile", "service", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir"}
}

// dsnFiles refuses a DSN that names files: a file must not have another user's
// passwords read. What the environment holds is the caller's own, and may name any.
func (b *builder) dsnFiles(v *grammar.Value) {
	// Each variable is a word here, so that only what the file says is left.
	scope := expr.NewScope(func(name string) (string, bool) { return "x", true }, b.allowed)
	text := v.Text
	if t, err := scope.Template(text); err == nil {
		if fixed, ok := t.Static(); ok {
			text = fixed
		}
	}
	given := settings(text)
	for _, key := range DSNFiles() {
		if value := given[key]; value != "" && value != "system" {
			b.Add(v.Pos, v.Path,
				"%s names a file, which thresholds.yaml may not; set PG%s in the environment, or write the whole DSN "+
					"as an env()", key, strings.ToUpper(key))
		}
	}
}

// settings takes a DSN apart: key=value, 'quoted' or not, and what follows the ?
// of a URL. One that begins with a variable may be of either form.
func settings(dsn string) map[string]string {
	all := map[string]string{}
	_, query, _ := strings.Cut(dsn, "?")
	for _, pair := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == '#' || r == ';' }) {
		key, value, _ := strings.Cut(pair, "=")
		all[strings.ToLower(unescaped(key))] = unescaped(value)
	}
	for rest := strings.TrimSpace(dsn); rest != ""; rest = strings.TrimSpace(rest) {
		key, after, ok := strings.Cut(rest, "=")
		if !ok {
			break
		}
		var value string
		value, rest = setting(strings.TrimLeft(after, " \t\r\n"))
		all[strings.ToLower(strings.TrimSpace(key))] = value
	}
	return all
}

// setting reads one value of key=value; a backslash takes the next character as
// it is.
func setting(text string) (value, rest string) {
	quoted := strings.HasPrefix(text, "'")
	text = strings.TrimPrefix(text, "'")
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case quoted && c == '\'', !quoted && strings.IndexByte(" \t\r\n", c) >= 0:
			return b.String(), text[i+1:]
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

func unescaped(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return plain
}
