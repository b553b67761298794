package config

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/safetext"
)

// value is a part of the file that keeps the grammar: what the strict reader
// hands to those who build a Config from it. Parts with a mistake in them are
// missing. All methods may be called on nil, which is an absent part.
type value struct {
	pos  mistake.Pos
	path string
	at   func(offset int) mistake.Pos // place of a byte of a scalar's text
	text string                       // of a scalar or a string of a tree, as read
	hint string                       // for a mistake that a comment behind the scalar may explain

	// of a scalar: what its parser made of it; of a tree's leaf: nil, bool, int64, float64,
	// json.Number or string
	data   any
	fields []member // of an object, a map or a tree's object, in file order
	items  []*value // of a list or a tree's array
	kind   kind     // of the shape that was chosen
}

// member is one key of an object or map.
type member struct {
	key  string
	data any // what the key's parser made of it
	pos  mistake.Pos
	*value
}

// get returns the value of a key, nil when it is absent.
func (v *value) get(key string) *value {
	for _, m := range v.members() {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

func (v *value) members() []member {
	if v == nil {
		return nil
	}
	return v.fields
}

func (v *value) list() []*value {
	if v == nil {
		return nil
	}
	if v.kind == scalarKind {
		return []*value{v} // a list of one, written without brackets
	}
	return v.items
}

// texts returns the strings of a list.
func (v *value) texts() []string {
	var texts []string
	for _, item := range v.list() {
		texts = append(texts, item.text)
	}
	return texts
}

// or returns what the parser of a scalar made of it, and def when the value
// is absent.
func or[T any](v *value, def T) T {
	if v == nil {
		return def
	}
	if data, ok := v.data.(T); ok {
		return data
	}
	return def
}

// join appends a key to a path; keys that could be mistaken for two are
// quoted.
func join(path, key string) string {
	key = safetext.Brief(key, mistake.LongestShown)
	if key == "" || strings.ContainsAny(key, ".[]\"\n\t:") {
		key = fmt.Sprintf("%q", key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// canonical writes a tree as JSON with its keys in file order, for the
// digest.
func (v *value) canonical(dst []byte) []byte {
	switch {
	case v == nil:
		return append(dst, "null"...)
	case v.kind == objectKind:
		dst = append(dst, '{')
		for i, m := range v.fields {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendJSON(dst, m.key), ':')
			dst = m.value.canonical(dst)
		}
		return append(dst, '}')
	case v.kind == listKind:
		dst = append(dst, '[')
		for i, item := range v.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.canonical(dst)
		}
		return append(dst, ']')
	}
	return appendJSON(dst, v.data)
}

func appendJSON(dst []byte, data any) []byte {
	text, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("config: value that is no JSON: %v", err)) // the reader makes only JSON values
	}
	return append(dst, text...)
}
