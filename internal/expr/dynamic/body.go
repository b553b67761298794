package dynamic

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// maxDepth is how deep lists and maps of an answer may nest. Deeper JSON is
// treated as text: no scenario reads it, and recursion over it is a way to
// take a process down.
const maxDepth = 256

// Body is the body of an answer, parsed when somebody asks. The zero value is empty. It is
// for one goroutine.
type Body struct {
	text   []byte
	value  any          // the body as a value
	parsed bool         // value is known
	whole  gjson.Result // the body when it is JSON; known when looked
	looked bool
}

// NewBody is a body, which is kept as it is.
func NewBody(text []byte) Body { return Body{text: text} }

// Size is the length of the body in bytes.
func (b *Body) Size() int { return len(b.text) }

// Content returns the body's JSON value, or its text when it is not JSON; nil
// without an answer or with an empty one.
func (b *Body) Content() any {
	if b.parsed || len(b.text) == 0 {
		return b.value
	}
	b.parsed = true
	value, ok := ParseJSON(b.text)
	if !ok {
		value = string(b.text)
	}
	b.value = value
	return value
}

// At returns the value at a path of names and indices, nil when there is none.
// It decodes that value alone, unless the whole body is known already.
func (b *Body) At(path []any) any {
	if b.parsed {
		value := b.value
		for _, key := range path {
			value = Lookup(value, key)
		}
		return value
	}
	value, ok := locate(b.look(), path)
	if !ok {
		return nil
	}
	return decoded(value)
}

// look is the body when it is JSON, of which nothing is decoded.
func (b *Body) look() gjson.Result {
	if !b.looked {
		b.looked = true
		if !tooDeep(b.text) && gjson.ValidBytes(b.text) {
			b.whole = gjson.ParseBytes(b.text)
		}
	}
	return b.whole
}

// HasMember says whether the body is an object with a member of that name that is not null, without decoding it.
func (b *Body) HasMember(name string) bool {
	value, ok := memberOf(b.look(), name)
	return ok && value.Type != gjson.Null
}

// decoded returns a value as the parsed whole would hold it. Nearly all texts need
// no decoding; they are copied, so that a capture does not keep a body alive.
func decoded(value gjson.Result) any {
	if value.Type == gjson.String && !strings.Contains(value.Raw, `\`) && utf8.ValidString(value.Str) {
		return strings.Clone(value.Str)
	}
	parsed, _ := ParseJSON([]byte(value.Raw))
	return parsed
}

// ParseJSON reads one JSON value; ok is false when text is none, holds more
// than one or nests too deep.
func ParseJSON(text []byte) (value any, ok bool) {
	if tooDeep(text) {
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil, false
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, false
	}
	return nativeNumbers(value), true
}

// tooDeep says whether brackets nest deeper than maxDepth, without reading
// anything else of the text.
func tooDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			quoted = !quoted
		case '\\':
			if quoted {
				i++
			}
		case '{', '[':
			if !quoted {
				depth++
			}
		case '}', ']':
			if !quoted {
				depth--
			}
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}

// nativeNumbers replaces, in place, every json.Number that int or float64
// would write with the same digits.
func nativeNumbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, exact := exactNumber(v); exact {
			return n
		}
	case []any:
		for i, item := range v {
			v[i] = nativeNumbers(item)
		}
	case map[string]any:
		for key, item := range v {
			if n := item; isContainerOrNumber(n) {
				v[key] = nativeNumbers(n)
			}
		}
	}
	return value
}

func isContainerOrNumber(value any) bool {
	switch value.(type) {
	case json.Number, []any, map[string]any:
		return true
	}
	return false
}
