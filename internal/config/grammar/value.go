package grammar

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/safetext"
)

// Value is a part of the file that keeps the grammar: what the strict reader
// hands to those who build a Config from it. Parts with a mistake in them are
// missing. All methods may be called on nil, which is an absent part.
type Value struct {
	Pos  mistake.Pos
	Path string
	At   func(offset int) mistake.Pos // place of a byte of a scalar's text
	Text string                       // of a scalar or a string of a tree, as read
	Hint string                       // for a mistake that a comment after the scalar may explain

	// of a scalar: the parsed value; of a tree's leaf: nil, bool, int64, float64,
	// json.Number or string
	Data   any
	Fields []Member // of an object, a map or a tree's object, in file order
	Items  []*Value // of a list or a tree's array
	Kind   Kind     // of the shape that was chosen

	// unread are the names that the parts which are left out may have declared, by their key in an object;
	// "": that is not known.
	unread map[string][]string
}

// Member is one key of an object or map.
type Member struct {
	Key  string
	Data any // the parsed key
	Pos  mistake.Pos
	*Value
}

// Get returns the value of a key, nil when it is absent.
func (v *Value) Get(key string) *Value {
	for _, m := range v.Members() {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// Members returns the keys of an object or map in the order of the file.
func (v *Value) Members() []Member {
	if v == nil {
		return nil
	}
	return v.Fields
}

// MayDeclare returns the names that an object declares under a key, as far as they were left out for a
// mistake: those that are not known elsewhere in the file are no mistakes of their own.
func (v *Value) MayDeclare(key string) []string {
	if v == nil {
		return nil
	}
	names := slices.Concat(v.unread[key], v.unread[""])
	if part := v.Get(key); part != nil {
		names = append(names, part.unread[""]...)
	}
	return names
}

// leaveOut keeps the names that a part which is left out may have declared.
func (v *Value) leaveOut(key string, names ...string) {
	if v.unread == nil {
		v.unread = map[string][]string{}
	}
	v.unread[key] = append(v.unread[key], names...)
}

// List returns the items of a list; a scalar is a list of one, written without brackets.
func (v *Value) List() []*Value {
	if v == nil {
		return nil
	}
	if v.Kind == ScalarKind {
		return []*Value{v} // a list of one, written without brackets
	}
	return v.Items
}

// Texts returns the strings of a list.
func (v *Value) Texts() []string {
	var texts []string
	for _, item := range v.List() {
		texts = append(texts, item.Text)
	}
	return texts
}

// Or returns the parsed value of a scalar, and def when the value is absent.
func Or[T any](v *Value, def T) T {
	if v == nil {
		return def
	}
	if data, ok := v.Data.(T); ok {
		return data
	}
	return def
}

// Join appends a key to a path; keys that could be mistaken for two are
// quoted.
func Join(path, key string) string {
	key = safetext.Brief(key, mistake.LongestShown)
	if key == "" || strings.ContainsAny(key, ".[]\"\n\t:") {
		key = fmt.Sprintf("%q", key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// Canonical writes a tree as JSON with its keys in file order, for the
// digest.
func (v *Value) Canonical(dst []byte) []byte {
	switch {
	case v == nil:
		return append(dst, "null"...)
	case v.Kind == ObjectKind:
		dst = append(dst, '{')
		for i, m := range v.Fields {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendJSON(dst, m.Key), ':')
			dst = m.Value.Canonical(dst)
		}
		return append(dst, '}')
	case v.Kind == ListKind:
		dst = append(dst, '[')
		for i, item := range v.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.Canonical(dst)
		}
		return append(dst, ']')
	}
	return appendJSON(dst, v.Data)
}

func appendJSON(dst []byte, data any) []byte {
	text, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("config: value that is no JSON: %v", err)) // the reader makes only JSON values
	}
	return append(dst, text...)
}
