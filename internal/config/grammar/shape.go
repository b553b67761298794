package grammar

import (
	"regexp"
	"slices"
	"strings"
)

// Kind is what a shape is made of.
type Kind uint8

const (
	ScalarKind Kind = iota
	ObjectKind      // fixed keys
	mapKind         // names that the writer chooses
	ListKind
	treeKind   // any JSON, with ${ } in its strings
	choiceKind // one of several shapes, distinguished by their YAML kind
)

// shape says what is allowed in one place of the file. The table in grammar.go is made
// of shapes; the strict reader, the JSON Schema and the documentation follow only it.
type shape struct {
	kind    Kind
	name    string // what messages, schema and documentation call it: "step"
	scalar  *scalar
	fields  []field        // of an object
	rest    *field         // of an object: further keys, by pattern
	pattern *regexp.Regexp // of the keys of rest
	one     []string       // of an object: exactly one of these keys
	most    []string       // of an object: at most one of these keys
	key     *scalar        // of a map
	item    *shape         // of a map or list
	choices []*shape
	mark    string // of an object among several to choose from: the key that identifies it
	sample  string // of an object: how it is written, for messages; "": its keys say enough
}

// declares says whether its keys are names that expressions use.
func (s *shape) declares() bool { return s.kind == mapKind && s.key == identText }

// optional lets keys of an object be absent.
func (s *shape) optional(keys ...string) {
	for i := range s.fields {
		if slices.Contains(keys, s.fields[i].key) {
			s.fields[i].required = false
		}
	}
}

// field is one key of an object.
type field struct {
	key      string
	shape    *shape
	required bool
	doc      string
	def      string // the default, as documentation prints it; "" when there is none
	example  string // as written in the file
}

// scalar is one way to write a single value.
type scalar struct {
	name     string // "duration"
	json     string // type in JSON: string, integer, number, boolean
	unit     string // as documentation prints it
	example  string
	pattern  *regexp.Regexp // of the whole text; nil: any
	enum     []string       // the only texts; nil: any
	bare     bool           // texts of enum that are numbers need no quotes
	word     string         // allowed instead; its value is that string
	min, max string         // of numbers, for the schema; "" none
	over     string         // exclusive minimum
	parse    func(text string) (any, error)
}

func scalarOf(s *scalar) *shape { return &shape{kind: ScalarKind, name: s.name, scalar: s} }

func listOf(item *shape) *shape {
	return &shape{kind: ListKind, name: "list of " + item.name, item: item}
}

func mapOf(key *scalar, item *shape) *shape {
	return &shape{kind: mapKind, name: "map of " + key.name + " to " + item.name, key: key, item: item}
}

func choice(name string, choices ...*shape) *shape {
	return &shape{kind: choiceKind, name: name, choices: choices}
}

// treeShape is any JSON.
func treeShape() *shape { return &shape{kind: treeKind, name: "value"} }

// oneOrMore is a list that may be written without brackets when it has one
// item.
func oneOrMore(item *shape) *shape {
	return choice(item.name+" or list of them", item, listOf(item))
}

// keys lists the fixed keys of an object.
func (s *shape) keys() []string {
	keys := make([]string, len(s.fields))
	for i, f := range s.fields {
		keys[i] = f.key
	}
	return keys
}

// find returns the field of a key; nil when the object has none of that name.
func (s *shape) find(key string) *field {
	for i := range s.fields {
		if s.fields[i].key == key {
			return &s.fields[i]
		}
	}
	if s.rest != nil && s.pattern.MatchString(key) {
		return s.rest
	}
	return nil
}

// wholeText compiles a pattern that must match a whole text.
func wholeText(pattern string) *regexp.Regexp {
	return regexp.MustCompile("^(?:" + pattern + ")$")
}

// wants is the shape in words, for messages.
func (s *shape) wants() string {
	switch {
	case s.sample != "":
		return s.sample
	case s.kind == ListKind && s.item.sample != "":
		return "a list of such"
	}
	switch s.kind {
	case ObjectKind:
		return "keys: " + strings.Join(s.keys(), ", ")
	case mapKind:
		return "keys and values: " + s.key.example + ": …"
	case ListKind:
		return "a list: [" + s.item.short() + "]"
	case choiceKind:
		words := make([]string, len(s.choices))
		for i, c := range s.choices {
			words[i] = c.wants()
		}
		return strings.Join(words, ", or ")
	case ScalarKind:
		return article(s.scalar.name) + " " + s.scalar.name + " such as " + s.scalar.example
	}
	return "a value"
}

func (s *shape) short() string {
	if s.kind == ScalarKind {
		return s.scalar.example
	}
	return "…"
}

// article is the indefinite one before a word.
func article(word string) string {
	if word != "" && strings.IndexByte("aeio", word[0]) >= 0 {
		return "an"
	}
	return "a"
}
