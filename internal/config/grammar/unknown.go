package grammar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/loanword"
)

// unknown is the remedy for a key that an object does not have: what loadgate has for
// a word of another tool, where a key of this file belongs, the key that was
// probably meant, or all keys of the object. inPlaceOf is the key that was meant and is
// therefore not reported as missing; "": none.
func (s *shape) unknown(key string, n *yaml.Node) (remedy, inPlaceOf string) {
	if requestText.pattern.MatchString(key) {
		return "a request with a colon and a space in it means something else in YAML: put it in quotes", ""
	}
	if s.rest != nil && likePercentile.MatchString(key) {
		return "percentiles are between p0 and p100: write one such as p50, p95 or p99.9, or max for the slowest " +
			"request", ""
	}
	if s.misplaced(key) {
		return "it is an item of a transaction's steps, where it is measured, and of no other list; write " +
			"{transaction: NAME, steps: [{parallel: [GET /app.css, GET /app.js]}]}", ""
	}
	misspelt := s.misspelt(key, n)
	if misspelt == "" || misspelt != key+"s" && misspelt+"s" != key || !s.fits(misspelt, key, n) {
		if word, ok := loanword.FindIn(s.name, key); ok {
			return word.Remedy(), word.Instead
		}
		if all := homes(grammar(), key, ""); len(all) > 0 {
			return elsewhere(all), ""
		}
	}
	keys := s.keys()
	if s.rest != nil {
		keys = append(keys, strings.Split(strings.TrimSuffix(s.rest.key, ", …"), ", ")...)
	}
	return mistake.Suggest(key, keys, "the keys here are"), misspelt
}

// misplaced says whether a key of a step makes it a block of steps, which is none here.
func (s *shape) misplaced(key string) bool { return s.name == "step" && key == "parallel" }

// fits says whether the value of a key in n could be that of another key of the shape.
func (s *shape) fits(other, key string, n *yaml.Node) bool {
	at := slices.IndexFunc(n.Content, func(c *yaml.Node) bool { return c.Value == key })
	f := s.find(other)
	return f == nil || at < 0 || at+1 >= len(n.Content) || f.shape.takes(n.Content[at+1])
}

// likePercentile matches a key that was meant as a percentile and is not one.
var likePercentile = regexp.MustCompile(`^[pP][-+]?[0-9][0-9.,eE+-]*$`)

// isKey says whether a word is a key elsewhere, of this file or of another tool's.
func isKey(word string) bool {
	_, foreign := loanword.Find(loanword.Key, word)
	return foreign || len(homes(grammar(), word, "")) > 0
}

// misspelt is the key that an unknown one is a misspelling of; "" where none is
// near, or that one is there too.
func (s *shape) misspelt(key string, n *yaml.Node) string {
	var free []string
	for _, known := range s.keys() {
		if !slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return c.Value == known }) {
			free = append(free, known)
		}
	}
	word, _ := expr.Nearest(key, free)
	return word
}

// home is an object that has a key: its name, its place, and how the key is
// written there.
type home struct{ name, path, example string }

// wellKnown are the objects whose keys somebody may write elsewhere by mistake.
// Those of others, such as a resource's, are too much like anybody's words.
var wellKnown = []string{"file", "target", "profile", "stage", "group", "step", "rule", "judge"}

// homes are the well-known objects of a grammar that have a key, each once, in the order of
// the file.
func homes(s *shape, key, path string) (found []home) {
	if s == nil {
		return nil
	}
	add := func(more []home) {
		for _, h := range more {
			at := slices.IndexFunc(found, func(f home) bool { return f.name == h.name })
			switch {
			case at < 0:
				found = append(found, h)
			case len(h.path) < len(found[at].path):
				found[at] = h
			}
		}
	}
	if s.kind == mapKind {
		path = Join(path, "NAME")
	}
	add(homes(s.item, key, path))
	for _, c := range s.choices {
		add(homes(c, key, path))
	}
	for _, f := range s.fields {
		if f.key == key && slices.Contains(wellKnown, s.name) {
			add([]home{{s.name, path, f.example}})
		}
		// Steps are known best by those of a group.
		if !slices.Contains([]string{"start", "end", "logins", "setup", "teardown"}, f.key) {
			add(homes(f.shape, key, Join(path, f.key)))
		}
	}
	return found
}

// elsewhere says where a key belongs.
func elsewhere(all []home) string {
	var places []string
	for _, h := range all[:min(len(all), 2)] {
		place := "of a " + h.name + ", under " + h.path
		if h.path == "" {
			place = "of the file, at its left edge"
		}
		places = append(places, place)
	}
	return fmt.Sprintf("it is a key %s; write %s there", strings.Join(places, ", or "), all[0].example)
}

// takes says whether a node may be of the shape.
func (s *shape) takes(n *yaml.Node) bool {
	if s.kind == choiceKind {
		return slices.ContainsFunc(s.choices, func(c *shape) bool { return c.takes(n) })
	}
	return s.node() == n.Kind
}
