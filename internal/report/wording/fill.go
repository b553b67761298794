package wording

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
)

// fill puts arguments into a template:
//
//	{name}           the argument as its type is written: 1,234; 350ms; 99.5%; a, b
//	{name:format}    in a format of formatted, or else counted: {n:request} is 1,234 requests
//	{name:beside x}  a quantity with as many digits as tell it from the argument x
//	[text {name}]    left out as a whole where an argument in it is missing or empty
//	[text {name}|x]  x instead
//
// An argument that is missing elsewhere shows as its placeholder, for a reader to see.
func fill(template string, args reason.Args) string {
	var text strings.Builder
	for template != "" {
		at := strings.IndexAny(template, "{[")
		if at < 0 {
			text.WriteString(template)
			break
		}
		text.WriteString(template[:at])
		end := at + closing(template[at:])
		inner := template[at+1 : end]
		if template[at] == '[' {
			optional, otherwise := alternatives(inner)
			if !complete(optional, args) {
				optional = otherwise
			}
			text.WriteString(fill(optional, args))
		} else if written, ok := argument(inner, args); ok {
			text.WriteString(written)
		} else {
			text.WriteString("{" + inner + "}")
		}
		template = template[end+1:]
	}
	return text.String()
}

// closing is where the brace or bracket that a text begins with is closed.
func closing(text string) int {
	depth := 0
	for at, c := range text {
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at
			}
		}
	}
	return len(text) - 1
}

// alternatives are the two sides of a bar outside of braces and brackets.
func alternatives(template string) (first, second string) {
	depth := 0
	for at, c := range template {
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '|':
			if depth == 0 {
				return template[:at], template[at+1:]
			}
		}
	}
	return template, ""
}

// complete says whether the arguments of an optional part are all there, but for
// those of optional parts within it.
func complete(template string, args reason.Args) bool {
	for {
		at := strings.IndexAny(template, "{[")
		if at < 0 {
			return true
		}
		end := at + closing(template[at:])
		if template[at] == '{' {
			if text, ok := argument(template[at+1:end], args); !ok || text == "" {
				return false
			}
		}
		template = template[end+1:]
	}
}

// argument is an argument in its format; false: there is none of this name.
func argument(inner string, args reason.Args) (string, bool) {
	name, format, _ := strings.Cut(inner, ":")
	value, ok := args[name]
	if !ok {
		return "", false
	}
	if other, found := strings.CutPrefix(format, "beside "); found {
		q, isQuantity := value.(unit.Quantity)
		limit, isLimit := args[other].(unit.Quantity)
		if isQuantity && isLimit {
			return unit.Apart(q, limit), true
		}
		return byType(value), true
	}
	if text, known := formatted(format, value); known {
		return text, true
	}
	if n, counts := integer(value); counts && format != "" {
		return unit.Counted(int(n), format), true
	}
	return byType(value), true
}

// formatted writes an argument otherwise than its type is written by itself; false: there is
// no such format.
func formatted(format string, value any) (string, bool) {
	switch format {
	case "compact": // 5m, 1h30m
		d, _ := value.(time.Duration)
		return unit.Compact(d), true
	case "clock": // 0:45 since the start
		d, _ := value.(time.Duration)
		return unit.Clock(d), true
	case "exact": // as a file has it
		q, _ := value.(unit.Quantity)
		return q.Exact(), true
	case "share": // of 1, in percent
		share, _ := value.(float64)
		return unit.Quantity{Value: share, Unit: unit.Ratio}.String(), true
	case "rise": // a change as a share of what was, to a tenth of a percent
		share, _ := value.(float64)
		return unit.Quantity{Value: math.Round(1000*share) / 1000, Unit: unit.Ratio}.String(), true
	case "expected": // a number of requests that may be a part of one
		n, _ := value.(float64)
		if n >= 10 {
			return unit.Grouped(int64(math.Round(n))), true
		}
		return strconv.FormatFloat(math.Round(10*n)/10, 'f', -1, 64), true
	case "named": // the first of some names
		return firstAndMore(value), true
	case "and":
		names, _ := value.([]string)
		return strings.Join(names, " and "), true
	case "list": // points of a list, each a reason
		reasons, _ := value.([]reason.Reason)
		return strings.Join(texts(reasons), ", "), true
	case "title": // of a reason, or of several
		return titles(value), true
	case "brief": // of a reason
		r, _ := value.(reason.Reason)
		return Brief(r), true
	case "holds", "breaks": // a load that does so
		load, _ := value.(reason.Reason)
		return does(load, format), true
	case "quoted":
		return strconv.Quote(byType(value)), true
	case "date":
		t, _ := value.(time.Time)
		return t.UTC().Format(time.DateOnly), true
	case "digits": // a number without separators
		n, _ := integer(value)
		return strconv.FormatInt(n, 10), true
	}
	return "", false
}

func titles(value any) string {
	switch v := value.(type) {
	case reason.Reason:
		return Title(v)
	case []reason.Reason:
		var all []string
		for _, r := range v {
			all = append(all, Title(r))
		}
		return strings.Join(all, " and ")
	}
	return ""
}

func firstAndMore(value any) string {
	switch names, _ := value.([]string); len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
	}
}

// byType writes a value as its type is written by itself.
func byType(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int, int64:
		n, _ := integer(v)
		return unit.Grouped(n)
	case float64:
		return unit.Quantity{Value: v, Unit: unit.Count}.String()
	case time.Duration:
		return unit.Of(v).String()
	case time.Time:
		return v.UTC().Format(time.DateTime)
	case []string:
		return strings.Join(v, ", ")
	case reason.Reason:
		return Text(v)
	case []reason.Reason:
		return strings.Join(texts(v), "; ")
	case fmt.Stringer: // a quantity, or a kind of failure
		return v.String()
	}
	return fmt.Sprint(value)
}

func integer(value any) (int64, bool) {
	switch n := value.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}

// Text is what a reason says; empty of none.
func Text(r reason.Reason) string { return fill(all[r.Code].says, r.Args) }

// Many is what a reason says of many checks at once; false where that takes the figures of one.
func Many(r reason.Reason) (text string, alike bool) {
	w := all[r.Code]
	args := maps.Clone(r.Args)
	alike = true
	for name, value := range args {
		switch v := value.(type) {
		case reason.Reason:
			inner, plain := Many(v)
			alike = alike && plain
			if all[v.Code].many != "" {
				args[name] = inner
			}
		case string, []string:
		default:
			alike = false
		}
	}
	return fill(cmp.Or(w.many, w.says), args), alike || w.many != ""
}

// Todo is what to do about a reason by itself; empty where nothing is to be done.
func Todo(r reason.Reason) string { return fill(all[r.Code].todo, r.Args) }

// Title is a few words for a reason that is a cause.
func Title(r reason.Reason) string { return fill(all[r.Code].title, r.Args) }

// Brief is what a reason says in a few words, for where there is no room for more.
func Brief(r reason.Reason) string {
	w := all[r.Code]
	return fill(cmp.Or(w.brief, firstClause(w.says, ";:")), r.Args)
}

// Next is the first clause of what to do about a reason, for a line that says what would decide.
func Next(r reason.Reason) string { return fill(firstClause(all[r.Code].todo, ";:,"), r.Args) }

// firstClause is a template up to the first sign that ends a clause, outside of braces and
// brackets.
func firstClause(template, ends string) string {
	depth := 0
	for at, c := range template {
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if depth == 0 && strings.ContainsRune(ends, c) {
			return template[:at]
		}
	}
	return template
}

// texts are what several reasons say, each once.
func texts(reasons []reason.Reason) []string { return distinct(reasons, Text) }

// todos are what to do about several reasons, each once.
func todos(reasons []reason.Reason) []string { return distinct(reasons, Todo) }

func distinct(reasons []reason.Reason, write func(reason.Reason) string) []string {
	var all []string
	for _, r := range reasons {
		if text := write(r); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// does is a load, as verdict.LoadOf gives it, and what it does; the verb is of one.
func does(load reason.Reason, verb string) string {
	if n, users := integer(load.Args["users"]); users && n != 1 {
		verb = strings.TrimSuffix(verb, "s")
	}
	return Text(load) + " " + verb
}
