package locustfile

import (
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

func textMethod(s *scope, of value, attr string, n *syntax.Node) value {
	switch attr {
	case "format":
		return braces(s, of.text, n)
	case "lower":
		return textOf(strings.ToLower(of.text))
	case "upper":
		return textOf(strings.ToUpper(of.text))
	case "strip", "encode":
		return of
	case "rstrip":
		if cut := s.eval(args0(n.Lists["args"])); cut.kind == text {
			return textOf(strings.TrimRight(of.text, cut.text))
		}
	case "split":
		if sep := s.eval(args0(n.Lists["args"])); sep.kind == text && sep.text != "" {
			var items []value
			for _, part := range strings.Split(of.text, sep.text) {
				items = append(items, textOf(part))
			}
			return several(list, items, n)
		}
	}
	return unknown(n)
}

func momentMethod(of value, attr string, s *scope, n *syntax.Node) value {
	switch attr {
	case "isoformat":
		return of
	case "timestamp":
		return call("epoch(%s)", of.text)
	case "strftime":
		if format := s.eval(args0(n.Lists["args"])); format.kind == text {
			return call("format(%s, %s)", template.Quote(format.text), of.text)
		}
	}
	return unknown(n)
}

// entry is an item of a list or dict that is known.
func entry(s *scope, of, key value, n *syntax.Node) value {
	if of.kind == dict && key.kind == text {
		for i, k := range of.keys {
			if k == key.text {
				return s.masked(k, of.items[i]).named(k)
			}
		}
	}
	if at, err := strconv.Atoi(key.text); of.kind == list && key.kind == number && err == nil {
		if at < 0 {
			at += len(of.items)
		}
		if at >= 0 && at < len(of.items) {
			return of.items[at]
		}
	}
	return unknown(n)
}

// member is a field or an item of an answer.
func member(s *scope, of value, key *syntax.Node, n *syntax.Node) value {
	k := s.eval(key)
	switch {
	case of.word == "text" || k.kind != text && k.kind != number || strings.HasPrefix(k.text, "-"):
		return unknown(n)
	case k.kind == text && secrets.IsName(k.text):
		s.look(n, "the name of a field may be a secret, and is not here")
		return unknown(n)
	case k.kind == number:
		of.text += "[" + k.text + "]"
		of.negation = ""
		return of
	}
	of.text, of.negation, of.word = of.field(k.text), "", k.text
	return of
}

// field is the expression for a field of a value of an answer.
func (v value) field(name string) string {
	if expr.ValidName(name) && !expr.Reserved(name) && v.text != "headers" {
		return v.text + "." + name
	}
	return v.text + "[" + template.Quote(name) + "]"
}

// percent is a text with % and values.
func percent(s *scope, format string, v value, n *syntax.Node) value {
	args := []value{v}
	if v.kind == list {
		args = v.items
	}
	var parts []value
	for format != "" {
		before, after, found := strings.Cut(format, "%")
		parts = append(parts, textOf(before))
		if !found {
			break
		}
		if after == "" {
			return unknown(n)
		}
		verb := after[0]
		format = after[1:]
		switch {
		case verb == '%':
			parts = append(parts, textOf("%"))
		case (verb == 's' || verb == 'd' || verb == 'i') && len(args) > 0:
			parts, args = append(parts, args[0]), args[1:]
		default:
			return unknown(n)
		}
	}
	if len(args) > 0 {
		return unknown(n)
	}
	return join(parts, n)
}

// braces is a text with {} and values: text.format(…).
func braces(s *scope, format string, n *syntax.Node) value {
	var parts []value
	next := 0
	args := n.Lists["args"]
	for format != "" {
		before, after, found := strings.Cut(format, "{")
		parts = append(parts, textOf(strings.ReplaceAll(before, "}}", "}")))
		if !found {
			break
		}
		if strings.HasPrefix(after, "{") {
			parts, format = append(parts, textOf("{")), after[1:]
			continue
		}
		field, rest, closed := strings.Cut(after, "}")
		if !closed {
			return unknown(n)
		}
		format = rest
		arg := n.Keyword(field)
		if at, err := strconv.Atoi(field); err == nil || field == "" {
			if field == "" {
				at = next
				next++
			}
			if at < 0 || at >= len(args) {
				return unknown(n)
			}
			arg = args[at]
		}
		if arg == syntax.None {
			return unknown(n)
		}
		v := s.eval(arg)
		if v.kind == answered {
			v = s.captured(v, n)
		}
		parts = append(parts, v)
	}
	return join(parts, n)
}
