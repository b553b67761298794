package expr

import (
	"encoding/json"
	"unicode/utf8"
)

// locate returns the JSON of the one value at a path of names and indices in
// text, which must be valid JSON. ok is false when the path leads nowhere. Of
// members with one name the last counts, as it does for encoding/json.
//
// An answer is read for one or two of its values, on the hot path of a load
// generator. Building maps of all the others costs ten times as much as
// stepping over them; validating and decoding stay with encoding/json.
func locate(text []byte, path []any) (raw []byte, ok bool) {
	raw = text
	for _, key := range path {
		raw = raw[skipSpace(raw, 0):]
		switch k := key.(type) {
		case string:
			raw, ok = memberOf(raw, k)
		case int:
			raw, ok = itemOf(raw, k)
		}
		if !ok {
			return nil, false
		}
	}
	return raw, true
}

// memberOf returns the value of a member of the object that text is.
func memberOf(text []byte, name string) (raw []byte, ok bool) {
	if text[0] != '{' {
		return nil, false
	}
	for i := skipSpace(text, 1); text[i] != '}'; {
		key := text[i:skipValue(text, i)]
		i = skipSpace(text, i+len(key)) + 1 // the colon
		i = skipSpace(text, i)
		end := skipValue(text, i)
		if isName(key, name) {
			raw, ok = text[i:end], true
		}
		i = skipComma(text, end)
	}
	return raw, ok
}

// itemOf returns an item of the array that text is.
func itemOf(text []byte, index int) (raw []byte, ok bool) {
	if text[0] != '[' {
		return nil, false
	}
	for i := skipSpace(text, 1); text[i] != ']'; index-- {
		end := skipValue(text, i)
		if index == 0 {
			return text[i:end], true
		}
		i = skipComma(text, end)
	}
	return nil, false
}

// isName compares a quoted key with a name.
func isName(key []byte, name string) bool {
	if isPlain(key) {
		return string(key[1:len(key)-1]) == name
	}
	var unquoted string
	return json.Unmarshal(key, &unquoted) == nil && unquoted == name
}

// isPlain says whether a quoted text stands for its own bytes.
func isPlain(quoted []byte) bool {
	for _, c := range quoted {
		if c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// skipValue returns the offset behind the value that begins at i.
func skipValue(text []byte, i int) int {
	switch text[i] {
	case '"':
		return skipQuoted(text, i)
	case '{', '[':
		for depth := 0; ; i++ {
			switch text[i] {
			case '"':
				i = skipQuoted(text, i) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	for ; i < len(text); i++ {
		switch text[i] {
		case ',', '}', ']', ' ', '\t', '\r', '\n':
			return i
		}
	}
	return i
}

func skipQuoted(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// skipComma returns where the next member or the closing bracket begins.
func skipComma(text []byte, i int) int {
	i = skipSpace(text, i)
	if text[i] == ',' {
		i = skipSpace(text, i+1)
	}
	return i
}

func skipSpace(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r') {
		i++
	}
	return i
}
