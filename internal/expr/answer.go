package expr

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

// answer is what a service answered, parsed when somebody asks.
type answer struct {
	header func(name string) string
	body   []byte
	value  any          // the body as a value
	parsed bool         // value is known
	whole  gjson.Result // the body when it is JSON; known when looked
	looked bool
}

// content returns the body's JSON value, or its text when it is not JSON; nil
// without an answer or with an empty one.
func (a *answer) content() any {
	if a.parsed || len(a.body) == 0 {
		return a.value
	}
	a.parsed = true
	value, ok := parseJSON(a.body)
	if !ok {
		value = string(a.body)
	}
	a.value = value
	return value
}

// at returns the value at a path of names and indices, nil when there is none.
// It decodes that value alone, unless the whole body is known already.
func (a *answer) at(path []any) any {
	if a.parsed {
		value := a.value
		for _, key := range path {
			value = member(value, key)
		}
		return value
	}
	if !a.looked {
		a.looked = true
		if !tooDeep(a.body) && gjson.ValidBytes(a.body) {
			a.whole = gjson.ParseBytes(a.body)
		}
	}
	value, ok := locate(a.whole, path)
	if !ok {
		return nil
	}
	return decoded(value)
}

// decoded returns a value as the parsed whole would hold it. Nearly all texts
// stand for their own bytes; they are copied, lest a capture keep a body alive.
func decoded(value gjson.Result) any {
	if value.Type == gjson.String && !strings.Contains(value.Raw, `\`) && utf8.ValidString(value.Str) {
		return strings.Clone(value.Str)
	}
	parsed, _ := parseJSON([]byte(value.Raw))
	return parsed
}

// parseJSON reads one JSON value; ok is false when text is none, holds more
// than one or nests too deep.
func parseJSON(text []byte) (value any, ok bool) {
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
