package recording

import (
	"net/url"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// mostQueries is how many queries a path has before they are taken for values that are drawn.
const mostQueries = 4

// shapes numbers the requests of users: those have the same number that differ in ids alone, or in the values of
// their queries where these are many.
func shapes(users []user) (traces [][]int) {
	queries := map[string]map[string]bool{}
	for _, u := range users {
		for _, e := range u {
			path, query, _ := shapeOf(e)
			if queries[path] == nil {
				queries[path] = map[string]bool{}
			}
			if len(queries[path]) <= mostQueries {
				queries[path][query] = true
			}
		}
	}
	numbers := map[string]int{}
	for _, u := range users {
		trace := make([]int, len(u))
		for i, e := range u {
			path, query, names := shapeOf(e)
			shape := path + query
			if len(queries[path]) > mostQueries {
				shape = path + names
			}
			n, known := numbers[shape]
			if !known {
				n = len(numbers)
				numbers[shape] = n
			}
			trace[i] = n
		}
		traces = append(traces, trace)
	}
	return traces
}

// shapeOf is a request without the ids in it: its method with its path, its query, and the names of its query
// alone.
func shapeOf(e *entry) (path, query, names string) {
	parts := strings.Split(e.url.EscapedPath(), "/")
	before := ""
	for i, part := range parts {
		raw, err := url.PathUnescape(part)
		if err == nil && (isAnID(raw) || secrets.InPath(before, raw)) {
			parts[i] = "{id}"
		}
		before = part
	}
	var pairs, alone []string
	if e.url.RawQuery != "" {
		for _, pair := range strings.Split(e.url.RawQuery, "&") {
			key, v, _ := strings.Cut(pair, "=")
			alone = append(alone, key)
			if findsThing(unescaped(key), unescaped(v)) || secrets.Is(unescaped(key), unescaped(v)) {
				pair = key + "={id}"
			}
			pairs = append(pairs, pair)
		}
	}
	return e.Request.Method + " " + strings.Join(parts, "/") + operation(e), "?" + strings.Join(pairs, "&"),
		"?" + strings.Join(alone, "&")
}

// operation is the operation of GraphQL that a request sends, behind a space: all have one path. Empty: it sends none.
func operation(e *entry) string {
	b := e.Request.Body
	if b == nil || !gjson.Valid(b.Text) {
		return ""
	}
	sent := gjson.Parse(b.Text)
	if !sent.IsObject() || sent.Get("query").Type != gjson.String {
		return ""
	}
	if name, _, ok := draft.Operation(sent.Get("query").Str, sent.Get("operationName").Str); ok {
		return " " + name
	}
	return ""
}

// isAnID says whether a part of a path is an id, or has one in it.
func isAnID(raw string) bool {
	_, within := idsWithin(raw)
	return naming.IsIDPart(raw) || within != nil
}
