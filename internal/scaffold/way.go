package scaffold

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// idLike is a part of a path that is one of many, by its form.
var idLike = regexp.MustCompile(`^([0-9]+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{24,28}|[0-9a-fA-F]{16,})$`)

// isIDPart says whether a part of a path is an id: a number, or chance in it.
// Words with lines between them are none.
func isIDPart(part string) bool {
	if idLike.MatchString(part) {
		return strings.ContainsAny(part, "0123456789")
	}
	for _, word := range alnumRuns(part) {
		if len(word) >= 10 && drawn(word) || len(word) >= 6 &&
			strings.ContainsAny(word, "0123456789") && strings.Trim(word, "0123456789") == "" {
			return true
		}
	}
	return false
}

// path gives a step the path of a request with captured ids, and its name where
// ids are in it that no answer had. What is no id is as it was recorded.
func (s *session) path(st *step, e *entryHAR) {
	parts := strings.Split("/"+strings.TrimLeft(e.url.EscapedPath(), "/"), "/") // two slashes would begin a host
	plain, named := slices.Clone(parts), slices.Clone(parts)
	hidden := false
	for i, part := range parts {
		bare, matrix, _ := strings.Cut(part, ";")
		raw, err := url.PathUnescape(bare)
		if err != nil {
			continue
		}
		before := ""
		if i > 0 {
			before, _, _ = strings.Cut(parts[i-1], ";")
		}
		of := singular(before) + "_id"
		switch id, ok := s.captured(raw, of); {
		case ok:
			s.places[strings.Join(parts[:i], "/")] = true
			parts[i] = variableText(id)
			named[i] = "{" + id + "}"
			s.refer(id, true)
		case redacted(before, raw), aFeed(plain[:i+1]):
			parts[i], named[i], hidden = s.draft.secretFor(of), "{id}", true
			s.redact(st, of)
			s.aim.addForeign(of)
		case isIDPart(raw):
			parts[i], named[i] = escaped(bare), "{id}"
			s.loose[st] = append(s.loose[st], loose{i, raw})
			s.aim.addForeign(oneLine(raw))
		default:
			parts[i], named[i] = escaped(bare), bare
			if name, ids := within(raw); ids != nil {
				named[i], hidden = name, true
				s.guess(st, ids...)
				s.aim.addForeign(oneLine(ids[0]))
			} else if writes(st.method) && belongsElse(plain, i, s.places[strings.Join(parts[:i], "/")]) {
				s.aim.addForeign(oneLine(raw))
			}
		}
		if matrix != "" {
			kept, name := s.matrix(st, matrix)
			parts[i], named[i], hidden = parts[i]+kept, named[i]+name, hidden || kept != name
		}
	}
	query, nameOfQuery, ids := s.query(st, e)
	st.path = strings.Join(parts, "/") + query
	if len(s.loose[st]) > 0 || hidden || ids {
		st.name = oneLine(e.Request.Method + " " + strings.Join(named, "/") + nameOfQuery)
	}
}

// matrix are the parameters of a part of a path, and their name. Those of a session
// are left out: cookies say the same.
func (s *session) matrix(st *step, text string) (kept, name string) {
	for _, p := range strings.Split(text, ";") {
		key, v, has := strings.Cut(p, "=")
		raw, err := url.PathUnescape(v)
		plain, keyErr := url.PathUnescape(key)
		switch {
		case err != nil || keyErr != nil:
		case isSecret(plain, raw) || opens(plain):
			s.group.look("left out: " + oneLine(plain) + " in a path, which may hold a session")
		case has && (namesThing(plain) || isIDPart(raw) && !counting.MatchString(plain)):
			s.guess(st, raw)
			s.aim.addForeign(oneLine(plain))
			kept, name = kept+";"+escaped(p), name+";"+escaped(key)+"={id}"
		default:
			kept, name = kept+";"+escaped(p), name+";"+escaped(p)
		}
	}
	return kept, name
}

// guess says of recorded ids that nobody knows whether they are there.
func (s *session) guess(st *step, ids ...string) {
	for _, id := range ids {
		if aPerson.MatchString(id) {
			st.look(oneLine(id) + " was recorded: is it there, and may it be in this file?")
		} else {
			st.look(oneLine(id) + " was recorded: is it there?")
		}
	}
}

// refer notes what the captured value is of: something that was made, or there.
func (s *session) refer(key string, inPath bool) {
	switch {
	case s.hit.noun != "":
		s.aim.own = true
	case inPath || namesThing(key) || namesThing(s.hit.key):
		s.aim.addForeign(key)
	}
}

// query is the query of a request, how that is named, and whether ids are in it
// that no answer had.
func (s *session) query(st *step, e *entryHAR) (query, name string, ids bool) {
	if e.url.RawQuery == "" {
		return "", "", false
	}
	var parts, named []string
	for _, part := range strings.Split(e.url.RawQuery, "&") {
		key, v, has := strings.Cut(part, "=")
		raw, err := url.QueryUnescape(v)
		plainKey, keyErr := url.QueryUnescape(key)
		if err != nil || keyErr != nil {
			continue
		}
		before := len(parts)
		switch id, ok := s.captured(raw, plainKey); {
		case !has && (opens(plainKey) || chance("code", plainKey) && len(plainKey) >= 16):
			s.redact(st, "query")
			parts = append(parts, s.draft.secretFor("query"))
		case !has:
			parts = append(parts, escaped(url.QueryEscape(plainKey)))
		case ok:
			s.refer(plainKey, false)
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"="+variableText(id))
		case raw != "" && (isSecret(plainKey, raw) || asksFor(e.url.Path) && entrance(plainKey, raw)):
			s.redact(st, plainKey)
			parts = append(parts, escaped(url.QueryEscape(plainKey))+
				"="+s.draft.secretFor(plainKey))
		default:
			if namesThing(plainKey) {
				s.aim.addForeign(oneLine(plainKey))
			}
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"="+escaped(queryEscape(raw)))
			if raw != "" && isRecorded(plainKey, raw) {
				s.guess(st, raw)
				named, ids = append(named, escaped(url.QueryEscape(plainKey))+"={id}"), true
			}
		}
		if len(named) < len(parts) && len(parts) > before {
			named = append(named, valueOf.ReplaceAllString(parts[before], "{}"))
		}
	}
	return "?" + strings.Join(parts, "&"), "?" + strings.Join(named, "&"), ids
}

var valueOf = regexp.MustCompile(`\$\{[^}]*\}`)

var (
	// aPerson is an address of mail or a number of a phone.
	aPerson = regexp.MustCompile(`^[^@\s/]+@[^@\s/]+\.[^@\s/]+$|^(tel:)?\+[0-9][0-9 ()/-]{6,}$`)
	// numbered is a word and a number, as ORD-1001, u~12345 and ada-1990.
	numbered = regexp.MustCompile(`^([\pL_]+[-_~.:])*[\pL_]*[-_~.:]?[0-9]{3,}([-_~.:][\pL\pN]+)*$`)
	// keyed is the key of a thing in parentheses, as OData writes it.
	keyed = regexp.MustCompile(`\(([^()]+)\)`)
	// counting are names of numbers that are no ids.
	counting = regexp.MustCompile(`(?i)^(v|ver|version|rev|page|p|limit|offset|size|per_?page|count|from|to|start|` +
		`end|skip|top|year|month|day|date|time|timestamp|ts|_|t|x|y|z|w|h|width|height|q|lang|sort|lat|lon|lng|zoom)$`)
	// findsOne are names of values by which one thing or person is found.
	findsOne = regexp.MustCompile(`(?i)(^|[_-])(sku|ean|isbn|slug|ref|reference|email|mail|phone|tel|mobile|` +
		`user(_?name)?|account|login|customer|serial|iban|vin|plate|(order|invoice|article|item|case)_?(no|nr|` +
		`number))$`)
)

// asWritten are signs that a path may hold as they are.
var asWritten = strings.NewReplacer("%28", "(", "%29", ")", "%27", "'", "%2C", ",")

// within is the name of a part of a path with ids that are only a part of it, and
// the ids; nil: there is none.
func within(raw string) (name string, ids []string) {
	switch at := keyed.FindAllStringSubmatchIndex(raw, -1); {
	case aPerson.MatchString(raw):
		return "{id}", []string{raw}
	case numbered.MatchString(raw) && len(raw) >= 5:
		return "{id}", []string{raw}
	case at != nil:
		last := 0
		var out strings.Builder
		for _, m := range at {
			ids = append(ids, raw[m[2]:m[3]])
			out.WriteString(asWritten.Replace(url.PathEscape(raw[last:m[2]])) + "{id}")
			last = m[3]
		}
		return out.String() + asWritten.Replace(url.PathEscape(raw[last:])), ids
	}
	return "", nil
}

// isRecorded says whether a value of a query finds one thing or person.
func isRecorded(key, v string) bool {
	if namesThing(key) || findsOne.MatchString(key) || aPerson.MatchString(v) {
		return true
	}
	lettered := strings.ContainsFunc(v, func(r rune) bool { return r > '9' })
	return !counting.MatchString(key) && (isUUID(v) || numbered.MatchString(v) && lettered && len(v) >= 5)
}
