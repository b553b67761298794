package expr

import (
	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

import "strings"

// Value is a tree of constants and templates, as JSON bodies and vars are. It
// is immutable and safe for concurrent use.
type Value struct {
	kind     kind
	constant any       // of a leaf
	text     *Template // of a leaf; nil: constant
	members  []Member  // of an object
	items    []*Value  // of an array
	pieces   []piece   // the JSON text, for AppendJSON
}

type kind uint8

const (
	leaf kind = iota
	object
	array
)

// Member is one name and value of an object.
type Member struct {
	Key   string
	Value *Value
}

// piece is a stretch of JSON text: fixed, or the value of a template.
type piece struct {
	fixed []byte
	text  *Template // nil: fixed
	err   error     // a constant that JSON does not have
}

// TextValue returns the value of a template. A template that is exactly one
// ${ } keeps the type of its expression.
func TextValue(t *Template) *Value {
	v := &Value{text: t}
	switch p := t.single(); {
	case p == nil && t.static:
		v.pieces = []piece{{fixed: dynamic.AppendQuoted(nil, t.text)}}
	case p != nil && p.constant:
		value, _ := p.direct(nil)
		v.pieces = []piece{constantPiece(value)}
		if err := v.pieces[0].err; err != nil {
			v.pieces[0].err = t.failed(0, err)
		}
	default:
		v.pieces = []piece{{text: t}}
	}
	return v
}

// Const returns a fixed value: nil, bool, a Go number, string or json.Number.
func Const(value any) *Value {
	value = dynamic.Native(value)
	return &Value{constant: value, pieces: []piece{constantPiece(value)}}
}

func constantPiece(value any) piece {
	fixed, err := dynamic.AppendJSON(nil, value)
	return piece{fixed: fixed, err: err}
}

// Object returns an object whose members keep their order. It keeps members.
func Object(members []Member) *Value {
	v := &Value{kind: object, members: members}
	v.fixed("{")
	for i, m := range members {
		if i > 0 {
			v.fixed(",")
		}
		v.fixed(string(dynamic.AppendQuoted(nil, m.Key)) + ":")
		v.join(m.Value)
	}
	v.fixed("}")
	return v
}

// Array returns a list. It keeps items.
func Array(items []*Value) *Value {
	v := &Value{kind: array, items: items}
	v.fixed("[")
	for i, item := range items {
		if i > 0 {
			v.fixed(",")
		}
		v.join(item)
	}
	v.fixed("]")
	return v
}

// fixed appends fixed text to the pieces, joining it to fixed text before it.
func (v *Value) fixed(text string) {
	if last := len(v.pieces) - 1; last >= 0 && v.pieces[last].text == nil && v.pieces[last].err == nil {
		v.pieces[last].fixed = append(v.pieces[last].fixed, text...)
		return
	}
	v.pieces = append(v.pieces, piece{fixed: []byte(text)})
}

func (v *Value) join(child *Value) {
	for _, p := range child.pieces {
		if p.text == nil && p.err == nil {
			v.fixed(string(p.fixed))
		} else {
			v.pieces = append(v.pieces, p)
		}
	}
}

// Static says whether the value is always the same.
func (v *Value) Static() bool {
	for _, p := range v.pieces {
		if p.text != nil {
			return false
		}
	}
	return true
}

// Type returns what is known of the value.
func (v *Value) Type() Type {
	switch {
	case v.kind == object:
		return Map
	case v.kind == array:
		return List
	case v.text != nil:
		return v.text.Type()
	}
	switch v.constant.(type) {
	case bool:
		return Bool
	case int:
		return Int
	case float64:
		return Float
	case string:
		return String
	}
	return Any
}

// UsesBody says whether an expression reads the body of an answer.
func (v *Value) UsesBody() bool {
	for _, p := range v.pieces {
		if p.text != nil && p.text.UsesBody() {
			return true
		}
	}
	return false
}

// Uses says whether an expression reads name, a var, a capture or a record.
func (v *Value) Uses(name string) bool {
	for _, p := range v.pieces {
		if p.text != nil && p.text.Uses(name) {
			return true
		}
	}
	return false
}

// Eval computes the value as Program.Eval does.
func (v *Value) Eval(env *Env) (any, error) {
	switch v.kind {
	case object:
		members := make(map[string]any, len(v.members))
		for _, m := range v.members {
			value, err := m.Value.Eval(env)
			if err != nil {
				return nil, err
			}
			members[m.Key] = value
		}
		return members, nil
	case array:
		items := make([]any, len(v.items))
		for i, item := range v.items {
			value, err := item.Eval(env)
			if err != nil {
				return nil, err
			}
			items[i] = value
		}
		return items, nil
	}
	if v.text != nil {
		return v.text.Value(env)
	}
	return v.constant, nil
}

// AppendJSON appends the value as JSON without HTML escaping. A template that
// is exactly one ${ } writes the JSON type of its value: 2, not "2"; nil is
// null. Numbers of answers keep their digits. Not-a-number and nil inside text
// are errors, and what dst holds then beyond its former length has no meaning.
func (v *Value) AppendJSON(dst []byte, env *Env) ([]byte, error) {
	for i := range v.pieces {
		p := &v.pieces[i]
		if p.err != nil {
			return dst, p.err
		}
		if p.text == nil {
			dst = append(dst, p.fixed...)
			continue
		}
		var err error
		if dst, err = p.text.appendJSON(dst, env); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// appendJSON appends the template's value as JSON.
func (t *Template) appendJSON(dst []byte, env *Env) ([]byte, error) {
	if p := t.single(); p != nil {
		value, err := p.Eval(env)
		if err == nil {
			dst, err = dynamic.AppendJSON(dst, value)
		}
		if err != nil {
			return dst, t.failed(0, err)
		}
		return dst, nil
	}
	start := len(dst)
	dst, err := t.Append(append(dst, '"'), env)
	if err != nil {
		return dst, err
	}
	if written := dst[start+1:]; dynamic.NeedsEscape(string(written)) {
		return dynamic.AppendQuoted(dst[:start], strings.Clone(string(written))), nil
	}
	return append(dst, '"'), nil
}
