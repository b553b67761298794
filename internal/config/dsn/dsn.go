// Package dsn takes the addresses of PostgreSQL apart, as far as it takes to know what they would read on this
// machine. It connects to nothing.
package dsn

import (
	"net/url"
	"strings"
)

// Files returns the settings of a connection to PostgreSQL that name a file, or
// an entry of one.
func Files() []string {
	return []string{"passfile", "servicefile", "service", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir"}
}

// Settings takes a DSN apart: key=value, 'quoted' or not, and what follows the ?
// of a URL. One that begins with a variable may be of either form.
func Settings(dsn string) map[string]string {
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
