package recording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

const (
	// Bounds of what is remembered of answers.
	mostFound   = 20_000
	deepestFind = 8
	mostItems   = 200 // of one list
)

// remember keeps the values of an answer that a later request may show: ids,
// tokens and the like, by their names or because such a text must be generated.
func (s *session) remember(st *draft.Step, e *entry) {
	for _, h := range e.Answer.Headers {
		if secrets.IsHeader(h.Name) && !strings.EqualFold(h.Name, "set-cookie") &&
			naming.IsHeader(h.Name) && len(h.Value) >= 8 {
			s.found = append(s.found,
				answerValue{step: st, where: "headers[" + template.Quote(h.Name) + "]", key: h.Name, value: h.Value})
		}
	}
	if body := e.Answer.Text; gjson.Valid(body) {
		known := len(s.found)
		s.walk(st, gjson.Parse(body), "body", "", 0)
		s.markCreated(st, e, known)
	}
}

// markCreated says of the values of an answer, which are found from a place on, which is
// the id of what the request made.
func (s *session) markCreated(st *draft.Step, e *entry, from int) {
	parts := naming.PathParts(e.url.Path)
	for len(parts) > 0 && creationPart.MatchString(parts[len(parts)-1]) {
		parts = parts[:len(parts)-1]
	}
	made, isNew := slices.Contains([]int{200, 201, 202}, e.Answer.Status), e.Answer.Status == 201
	if st.Method != "POST" || !made || len(parts) == 0 || harm.Reads(parts[len(parts)-1]) {
		return
	}
	noun := naming.Singular(strings.ToLower(parts[len(parts)-1]))
	at := regexp.MustCompile(`^body(\.(data|result|item|` + regexp.QuoteMeta(noun) + `))?\.[A-Za-z_]+$`)
	for i, f := range slices.Clone(s.found[from:]) {
		own := isPlainID(f.key) || slices.Contains([]string{"uuid", "guid", "pk"}, strings.ToLower(f.key)) ||
			naming.NamesThing(f.key) && related(noun, f.key)
		known := slices.ContainsFunc(s.found[:from], func(old answerValue) bool {
			return old.value == f.value && !(isNew && old.isOfAnother(noun))
		})
		if !own || !at.MatchString(f.where) || known {
			continue
		}
		s.found[from+i].noun = noun
	}
}

// isOfAnother says whether a value is a number that a thing of another kind has: numbers repeat from one
// collection to the next, and other ids do not.
func (f answerValue) isOfAnother(noun string) bool {
	path, _, _ := strings.Cut(f.step.Path, "?")
	return len(f.value) < 12 && strings.Trim(f.value, "0123456789") == "" &&
		!related(noun, path) && !related(noun, f.key) && !related(noun, f.where)
}

// creationPart are parts of a path after the name of what is created.
var creationPart = regexp.MustCompile(`(?i)^(new|create|add|register|signup|start|open|v[0-9]+|[0-9]+)$`)

func (s *session) walk(st *draft.Step, v gjson.Result, where, key string, depth int) {
	if depth > deepestFind || len(s.found) >= mostFound {
		return
	}
	switch {
	case v.IsObject():
		v.ForEach(func(k, child gjson.Result) bool {
			at := where + "[" + template.Quote(k.Str) + "]"
			if expr.ValidName(k.Str) && !expr.Reserved(k.Str) {
				at = where + "." + k.Str
			}
			s.walk(st, child, at, k.Str, depth+1)
			return true
		})
	case v.IsArray():
		for i, child := range v.Array() {
			if i == mostItems {
				return
			}
			s.walk(st, child, fmt.Sprintf("%s[%d]", where, i), naming.Singular(key), depth+1)
		}
	case v.Type == gjson.Number && naming.IsID(key), v.Type == gjson.String && v.Str != "" && mayBeReused(key, v.Str):
		s.found = append(s.found, answerValue{step: st, where: where, key: key, value: v.String()})
	}
}

// mayBeReused says whether a text may be one that a later request shows.
func mayBeReused(key, v string) bool {
	return naming.IsID(key) || secrets.IsHeader(key) || strings.EqualFold(key, "uuid") ||
		strings.EqualFold(key, "slug") || secrets.IsLong(v)
}

// capture is the variable of a value that an earlier answer had, captured
// there from now on: of that of the request which made it, else of the last one.
func (s *session) capture(v, key string) (string, bool) {
	if v == "" {
		return "", false
	}
	best := s.createdValue(v, key) // what was made is what is read, changed and deleted
	if best < 0 {
		if s.variety.values[v] { // it was another one each time
			return "", false
		}
		if best = s.nearestValue(v, key); best < 0 {
			return "", false
		}
	}
	f := s.found[best]
	s.lastCaptured = f
	if at := slices.IndexFunc(f.step.Captures, func(c draft.Pair) bool { return c.Text == f.where }); at >= 0 {
		return f.step.Captures[at].Name, true // it is captured already
	}
	base := f.key
	if isPlainID(base) && key != "" {
		base = key // tutor_id says more than id
	}
	name := draft.UnusedName(strings.ToLower(strings.ReplaceAll(base, "-", "_")),
		func(n string) bool { return s.names[n] })
	s.names[name] = true
	f.step.Captures = append(f.step.Captures, draft.Pair{Name: name, Text: f.where})
	if secrets.IsHeader(f.key) {
		f.step.Secret = true
	}
	return name, true
}

// createdValue is the value that an earlier request created and that a name refers to; -1:
// none. A number may be the id of two things.
func (s *session) createdValue(v, key string) int {
	for i, f := range slices.Backward(s.found) {
		if f.value == v && f.madeAs(key) {
			return i
		}
	}
	return -1
}

// madeAs says whether a value is the id of a thing that its step created, and that a name refers to.
func (f answerValue) madeAs(name string) bool {
	return f.noun != "" && (related(f.noun, name) || len(f.value) >= 12 && naming.IsIDPart(f.value))
}

// nearestValue is the value of the last answer that had it, of several in it the one
// whose name is nearest; -1: there is none.
func (s *session) nearestValue(v, key string) int {
	best := -1
	for i, f := range slices.Backward(s.found) {
		if f.value != v || len(v) < 2 && !related(f.key, key) && !related(f.where, key) {
			continue
		}
		if slices.ContainsFunc(f.step.Captures, func(c draft.Pair) bool { return c.Text == f.where }) {
			return i // it is captured already
		}
		if best < 0 {
			best = i
		}
		if f.step == s.found[best].step && strings.EqualFold(f.key, key) && !strings.EqualFold(s.found[best].key, key) {
			best = i
		}
	}
	return best
}

func isPlainID(key string) bool { return strings.EqualFold(strings.TrimLeft(key, "_"), "id") }

// related says whether two names share a word that is more than id.
func related(a, b string) bool {
	for _, word := range regexp.MustCompile(`[A-Za-z]{3,}`).FindAllString(strings.ToLower(b), -1) {
		if strings.Contains(strings.ToLower(a), word) || strings.Contains(strings.ToLower(a), naming.Singular(word)) {
			return true
		}
	}
	return false
}
