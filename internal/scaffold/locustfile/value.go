package locustfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// kind is what is known of the value of an expression of Python.
type kind int

const (
	unread     kind = iota // nothing, but where it is
	null                   // None
	boolean                // True or False
	number                 // as it is written
	text                   // a text that is known
	joined                 // texts and values one after the other
	expression             // what an expression of thresholds.yaml gives
	moment                 // a time, as such an expression
	span                   // a length of time, as such an expression
	list                   // also a tuple
	dict
	jsonText // the JSON of its only item
	self     // the user
	client   // its HTTP client
	headers  // the headers of that client
	response // the answer of a step
	answered // a value of such an answer
	function // a method or a function of the file
)

// value is the value of an expression of Python, as far as it is known without running it.
type value struct {
	kind     kind
	text     string // of a text, a number, an expression or a value of an answer
	negation string // the expression for the opposite, of a test; empty: it is no test
	keys     []string
	items    []value          // also the parts of what is joined
	step     *draft.Step      // whose answer it is of
	def      *syntax.Node     // of a function
	around   map[string]value // the local values of the function that a function is in; nil: it is in none
	line     int
	word     string // what the file calls it
	gathered bool   // the last of a list of captured values
	size     int    // how many values are in it
}

// largestValue is how many values one may hold.
const largestValue = 5_000

func unknown(at *syntax.Node) value { return value{kind: unread, line: at.Line} }

func textOf(s string) value { return value{kind: text, text: s, size: 1} }

// call is an expression of thresholds.yaml.
func call(format string, args ...any) value {
	return value{kind: expression, text: fmt.Sprintf(format, args...), size: 1}
}

// test is such an expression that is true or false, with its opposite.
func test(is, isNot string) value {
	return value{kind: expression, text: is, negation: isNot, size: 1}
}

// several is a list or what is joined.
func several(k kind, items []value, at *syntax.Node) value {
	size := 1
	for _, i := range items {
		if i.kind == unread && k != list {
			return i
		}
		size += i.size
	}
	if size > largestValue {
		return unknown(at)
	}
	return value{kind: k, items: items, size: size, line: at.Line}
}

// join is texts and values one after the other: neighbours that are known are one text.
func join(items []value, at *syntax.Node) value {
	var parts []value
	for _, i := range items {
		switch i.kind {
		case joined:
			parts = append(parts, i.items...)
			continue
		case number:
			i = textOf(i.text)
		case boolean:
			i = textOf(pythonBool(i))
		case null:
			i = textOf("None")
		}
		if last := len(parts) - 1; last >= 0 && i.kind == text && parts[last].kind == text {
			parts[last].text += i.text
			continue
		}
		parts = append(parts, i)
	}
	if len(parts) == 1 && parts[0].kind == text {
		return parts[0]
	}
	if len(parts) == 0 {
		return textOf("")
	}
	if len(parts) == 1 && parts[0].kind == expression { // which keeps its type where it is alone
		if !isText.MatchString(parts[0].text) {
			parts[0].text = "string(" + parts[0].text + ")"
		}
		return parts[0]
	}
	return several(joined, parts, at)
}

// isText is an expression that gives a text.
var isText = regexp.MustCompile(`^(pad|format|uuid|string|env)\([^()]*(\([^()]*\)[^()]*)*\)$`)

func pythonBool(v value) string {
	if v.text == "true" {
		return "True"
	}
	return "False"
}

// template is a value as a text with expressions in it; ok is false where it is none.
func (v value) template() (string, bool) {
	switch v.kind {
	case text:
		return template.Escape(v.text), true
	case number:
		return v.text, true
	case boolean:
		return pythonBool(v), true
	case expression, moment:
		return "${ " + v.text + " }", true
	case joined:
		var out strings.Builder
		for _, i := range v.items {
			part, ok := i.template()
			if !ok {
				return "", false
			}
			out.WriteString(part)
		}
		return out.String(), true
	}
	return "", false
}

// pattern is a value as a text with {words} in it for what is not known.
func (v value) pattern() string {
	switch v.kind {
	case text, number:
		return v.text
	case joined:
		var out strings.Builder
		for _, i := range v.items {
			out.WriteString(i.pattern())
		}
		return out.String()
	}
	if v.word != "" {
		return "{" + v.word + "}"
	}
	return "{id}"
}

// expr is a value as an expression of thresholds.yaml; ok is false where it is none.
func (v value) expr() (string, bool) {
	switch v.kind {
	case null:
		return "nil", true
	case text:
		return template.Quote(v.text), true
	case number, boolean, expression, moment, span:
		return v.text, true
	case joined:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			e, ok := item.expr()
			if !ok {
				return "", false
			}
			if item.kind != text && !isText.MatchString(e) {
				e = "string(" + e + ")"
			}
			parts[i] = e
		}
		return strings.Join(parts, " + "), true
	case list, dict:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			e, ok := item.expr()
			if !ok {
				return "", false
			}
			if v.kind == dict {
				e = template.Quote(v.keys[i]) + ": " + e
			}
			parts[i] = e
		}
		if v.kind == dict {
			return "{" + strings.Join(parts, ", ") + "}", true
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	}
	return "", false
}

// node is a value as a part of a body in JSON; ok is false where something of it is not known, and
// that has the words of the file then.
func (v value) node() (n *node.Value, ok bool) {
	switch v.kind {
	case null:
		return node.Scalar("!!null", "null"), true
	case boolean:
		return node.Bool(v.text == "true"), true
	case number:
		if strings.ContainsAny(v.text, ".e") {
			return node.Scalar("!!float", v.text), true
		}
		return node.Scalar("!!int", v.text), true
	case list:
		l := node.List()
		ok = true
		for _, i := range v.items {
			n, known := i.node()
			l.Content, ok = append(l.Content, n), ok && known
		}
		return l, ok
	case dict:
		m := node.Map()
		ok = true
		for i, item := range v.items {
			n, known := item.node()
			node.Set(m, v.keys[i], n)
			ok = ok && known
		}
		return m, ok
	}
	if t, known := v.template(); known {
		return node.Text(t), true
	}
	return node.Text(fmt.Sprintf("(line %d)", v.line)), false
}

// drawn matches what gives another value each time.
var drawn = regexp.MustCompile(`\b(int|float|pick|chance|uuid|list|seq)\(`)

// isDrawn says whether a value is another one each time that it is used.
func (v value) isDrawn() bool {
	if v.kind == expression && drawn.MatchString(v.text) {
		return true
	}
	for _, i := range v.items {
		if i.isDrawn() {
			return true
		}
	}
	return false
}

// named is a value under the name that the file has for it.
func (v value) named(word string) value {
	if v.word == "" || v.word == "id" {
		v.word = naming.Line(word)
	}
	return v
}

// wholeNumber is a number as an int; 0: it is none.
func wholeNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}
