// Package harm says why a request is no load although it could be sent: it deletes, acts on
// what others made, moves money or reaches people. It judges by words; where it is unsure,
// it holds the request back. It does not know where the request comes from.
package harm

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// safe are the methods that IANA registers as those that only read.
var safe = []string{"GET", "HEAD", "OPTIONS", "PROPFIND", "QUERY", "REPORT", "SEARCH", "TRACE"}

// Writes says whether a request of a method may change something.
func Writes(method string) bool { return !slices.Contains(safe, method) }

// changes says whether a request of a method may be about something that is there: any that writes, but POST.
func changes(method string) bool { return Writes(method) && method != "POST" }

// ownSession is a path that ends the sender's session, and names no other.
var ownSession = regexp.MustCompile(`(?i)^(/([a-z_-]+|v[0-9]+))*/(log|sign)[-_]?(out|off)/?$`)

// EndsOwnSession says whether a request does nothing but end the session of its sender: what users do when they leave,
// and in a round would end all that follows.
func EndsOwnSession(path string) bool { return ownSession.MatchString(path) }

// Request says why a request is no load although it could be sent: by the words of
// its path, of its query, which is not decoded, and of its names in a description.
// Empty: nothing speaks against it.
func Request(method, path, query string, names ...string) string {
	parts := naming.PathParts(path)
	if why := ofQuery(method, query); why != "" {
		return why
	}
	if !Writes(method) { // by HTTP it reads; some do not
		for _, part := range parts {
			if word := irreversible(part, false); word != "" {
				return fmt.Sprintf("its path says %q", word)
			}
		}
		if last := path[strings.LastIndex(path, "/")+1:]; !strings.Contains(last, "{") {
			if words := naming.Words(last); len(words) > 0 && actingVerbs.MatchString(words[0]) {
				return fmt.Sprintf("its path says %q", words[0])
			}
		}
		if word := ofGet(path, query); word != "" {
			return fmt.Sprintf("its path says %q", word)
		}
		for _, name := range names {
			if word := irreversible(firstWord(name), false); word != "" {
				return fmt.Sprintf("its name says %q", word)
			}
		}
		return ""
	}
	for _, part := range parts {
		if word := WritingWord(part); word != "" {
			return fmt.Sprintf("its path says %q", word)
		}
		if ownAccount.MatchString(part) {
			return fmt.Sprintf("it writes to the account that it is sent with (%s)", part)
		}
	}
	if own := accountPart(path); own != "" {
		return fmt.Sprintf("it writes to the account that it is sent with (%s)", own)
	}
	if len(parts) > 0 && endingVerbs.MatchString(strings.ToLower(parts[len(parts)-1])) {
		return fmt.Sprintf("its path says %q", parts[len(parts)-1])
	}
	if method == "DELETE" {
		return "" // its names say so, too
	}
	if len(parts) > 0 && method == "POST" && singletons.MatchString(parts[len(parts)-1]) {
		return fmt.Sprintf("it writes to what is there once (%s)", parts[len(parts)-1])
	}
	for _, name := range names {
		if word := WritingWord(name); word != "" {
			return fmt.Sprintf("its name says %q", word)
		}
	}
	return ""
}

// ofQuery says why the query of a request is no load: it orders what the path does
// not say.
func ofQuery(method, query string) string {
	for _, part := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' }) {
		key, v, has := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(key); err == nil {
			key = plain
		}
		if plain, err := url.QueryUnescape(v); err == nil {
			v = plain
		}
		if v := strings.TrimLeft(v, "/"); routeKeys.MatchString(key) && strings.Contains(v, "/") && Writes(method) {
			if why := Request(method, "/"+v, ""); why != "" {
				return why
			}
		}
		if says := ofCommand(key, v, Writes(method)); says != "" {
			return fmt.Sprintf("its query says %q", naming.Line(says))
		}
		if key == "query" && mutation.MatchString(v) {
			return "it is a mutation"
		}
		if word := irreversible(v, Writes(method)); word != "" {
			return fmt.Sprintf("its query says %q", word)
		}
		if word := irreversible(key, Writes(method)); word != "" && (!has || !naming.IsNo(v)) {
			return fmt.Sprintf("its query says %q", word)
		}
		if statement.MatchString(v) {
			return "its query holds a statement that changes a database"
		}
		if Writes(method) {
			continue
		}
		if word := ofGetQuery(key, v); word != "" {
			return fmt.Sprintf("its query says %q", word)
		}
	}
	return ""
}

// firstWord is the first word of a name or the verb of a sentence.
func firstWord(name string) string {
	if words := naming.Words(name); len(words) > 0 {
		return words[0]
	}
	return ""
}
