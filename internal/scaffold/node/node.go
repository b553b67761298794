// Package node builds the values of a thresholds.yaml as nodes of YAML, in the quotes that
// they need. It does not know the keys of the file.
package node

import (
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Value is a part of the file: a tree of text, numbers, lists and maps.
type Value = yaml.Node

// Scalar is one value in the words of YAML.
func Scalar(tag, text string) *Value {
	return &Value{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}

// oldBool is what readers of older YAML take for true or false.
var oldBool = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off)$`)

// breaks are what YAML takes for the end of a line: a text with one is on one line only where it is escaped.
const breaks = "\n\r\u0085\u2028\u2029"

// needsNoQuotes says whether a text may stand without quotes in the file.
func needsNoQuotes(text string) bool {
	if text == "" || strings.TrimSpace(text) != text || strings.ContainsAny(text, "?{}[]*>@!#%&:,\"'`|\\\t"+breaks) ||
		strings.HasPrefix(text, "-") {
		return false
	}
	if oldBool.MatchString(text) {
		return false
	}
	var back any // as YAML takes it: true, null, numbers and times are not text
	return yaml.Unmarshal([]byte(text), &back) == nil && back == any(text)
}

// Text is a text in the quotes that it needs.
func Text(s string) *Value {
	s = strings.ToValidUTF8(s, "\ufffd") // of other encodings
	n := Scalar("!!str", s)
	switch {
	case needsNoQuotes(s):
	case strings.ContainsAny(s, "\t'"+breaks) ||
		strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\ufeff' }):
		n.Style = yaml.DoubleQuotedStyle
	default:
		n.Style = yaml.SingleQuotedStyle
	}
	return n
}

// Literal is a text in which nothing is an expression.
func Literal(s string) *Value { return Text(template.Escape(s)) }

// Number is a whole number or one with a fraction.
func Number(f float64) *Value {
	if f == float64(int64(f)) {
		return Scalar("!!int", strconv.FormatInt(int64(f), 10))
	}
	return Scalar("!!float", strconv.FormatFloat(f, 'f', -1, 64))
}

func Bool(b bool) *Value { return Scalar("!!bool", strconv.FormatBool(b)) }

func Decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
