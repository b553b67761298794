package recording

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// query is the query of a request, how that is named, and whether ids are in it
// that no answer had.
func (s *session) query(st *draft.Step, e *entry) (query, name string, ids bool) {
	if e.url.RawQuery == "" {
		return "", "", false
	}
	var parts, named []string
	for _, part := range strings.Split(e.url.RawQuery, "&") {
		key, v, has := strings.Cut(part, "=")
		raw, plainKey := unescaped(v), unescaped(key)
		before := len(parts)
		id, ok := "", false
		if !counts(plainKey, raw) { // fifty a page are not the fiftieth tutor
			id, ok = s.capture(raw, plainKey)
		}
		switch {
		case !has && (secrets.InValue(plainKey) || secrets.IsRandom("code", plainKey) && len(plainKey) >= 16):
			parts = append(parts, s.secret("query", plainKey, st))
		case !has:
			parts = append(parts, template.Escape(url.QueryEscape(plainKey)))
		case ok:
			s.noteCaptured(plainKey, false)
			parts = append(parts, template.Escape(url.QueryEscape(plainKey))+"="+template.Variable(id))
		case raw != "" && (secrets.Is(plainKey, raw) || secrets.AsksToLogIn(e.url.Path) &&
			secrets.AtLogin(plainKey, raw)):
			parts = append(parts, template.Escape(url.QueryEscape(plainKey))+"="+s.secret(plainKey, raw, st))
		case s.variety.query[plainKey] != nil:
			if naming.NamesThing(plainKey) {
				s.target.AddForeign(naming.Line(plainKey))
			}
			name := template.Escape(url.QueryEscape(plainKey))
			parts = append(parts, name+"="+pick(st, s.variety.query[plainKey], "value"))
			named, ids = append(named, name+"={}"), true
		default:
			if naming.NamesThing(plainKey) {
				s.target.AddForeign(naming.Line(plainKey))
			}
			parts = append(parts, template.Escape(url.QueryEscape(plainKey))+
				"="+template.Escape(template.EscapeQuery(raw)))
			if raw != "" && findsThing(plainKey, raw) {
				s.askIfThere(st, raw)
				named, ids = append(named, template.Escape(url.QueryEscape(plainKey))+"={id}"), true
			}
		}
		if len(named) < len(parts) && len(parts) > before {
			named = append(named, expression.ReplaceAllString(parts[before], "{}"))
		}
	}
	return "?" + strings.Join(parts, "&"), "?" + strings.Join(named, "&"), ids
}

// unescaped is a part of a query or a form. A browser sends a lone % as it is.
func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

var expression = regexp.MustCompile(`\$\{[^}]*\}`)

// counts says whether a value of a query is a number that is no id.
func counts(key, v string) bool {
	return counting.MatchString(key) && strings.Trim(v, "0123456789") == ""
}

// findsThing says whether a value of a query finds one thing or person.
func findsThing(key, v string) bool {
	if naming.NamesThing(key) || findingKey.MatchString(key) || personalAddress.MatchString(v) {
		return true
	}
	lettered := strings.ContainsFunc(v, func(r rune) bool { return r > '9' })
	return !counting.MatchString(key) && (naming.IsUUID(v) || wordAndNumber.MatchString(v) && lettered && len(v) >= 5)
}

// findingKey are names of values by which one thing or person is found.
var findingKey = regexp.MustCompile(`(?i)(^|[_-])(sku|ean|isbn|slug|ref|reference|email|mail|phone|tel|mobile|` +
	`user(_?name)?|account|login|customer|serial|iban|vin|plate|(order|invoice|article|item|case)_?(no|nr|` +
	`number))$`)

var (
	// counting are names of numbers that are no ids.
	counting = regexp.MustCompile(`(?i)^(v|ver|version|rev|page|p|limit|offset|size|per_?page|count|from|to|start|` +
		`end|skip|top|year|month|day|date|time|timestamp|ts|_|t|x|y|z|w|h|width|height|q|lang|sort|lat|lon|lng|zoom)$`)
	// personalAddress is an address of mail or a number of a phone.
	personalAddress = regexp.MustCompile(`^[^@\s/]+@[^@\s/]+\.[^@\s/]+$|^(tel:)?\+[0-9][0-9 ()/-]{6,}$`)
	// wordAndNumber is a word and a number, as ORD-1001, u~12345 and ada-1990.
	wordAndNumber = regexp.MustCompile(`^([\pL_]+[-_~.:])*[\pL_]*[-_~.:]?[0-9]{3,}([-_~.:][\pL\pN]+)*$`)
)
