package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/loadgate/loadgate/internal/expr"
)

// quoted is a text in the quotes that both languages have: those of JSON, with
// everything in it as escapes that an editor would hide.
func quoted(s string) string {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return `""` // a text is always written
	}
	var out strings.Builder
	for _, r := range strings.TrimSuffix(text.String(), "\n") {
		if r >= 0x7f && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Z, r)) &&
			r <= 0xffff {
			fmt.Fprintf(&out, `\u%04x`, r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func encoded(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// common is the notation that both languages share. Functions belong to a helper
// called gate; used remembers which ones a script needs.
type common struct{ used map[string]bool }

func (c common) Text(s string) string       { return quoted(s) }
func (c common) List(items []string) string { return "[" + strings.Join(items, ", ") + "]" }
func (c common) Item() string               { return "it" }

func (c common) Call(function string, args []string) string {
	c.used[function] = true
	return "gate." + function + "(" + strings.Join(args, ", ") + ")"
}

// escapes are the values of a template as parts of an address: of its path,
// then of its query.
func (c common) escapes(pieces []expr.Piece) []expr.Piece {
	function := "part"
	out := make([]expr.Piece, len(pieces))
	for i, p := range pieces {
		if p.Value == "" {
			if strings.Contains(p.Literal, "?") {
				function = "query"
			}
			out[i] = p
			continue
		}
		out[i] = expr.Piece{Value: c.Call(function, []string{p.Value})}
	}
	return out
}

// texts are the values of a template as texts.
func (c common) texts(pieces []expr.Piece) []expr.Piece {
	out := make([]expr.Piece, len(pieces))
	for i, p := range pieces {
		if p.Value != "" {
			p = expr.Piece{Value: c.Call("text", []string{p.Value})}
		}
		out[i] = p
	}
	return out
}

var (
	plainName = regexp.MustCompile(`^"[A-Za-z_][A-Za-z0-9_]*"$`)
	aLiteral  = regexp.MustCompile(`^("([^"\\]|\\.)*"|-?[0-9.]+|true|false)$`)
	ofTime    = regexp.MustCompile(`gate\.(now|days|hours|minutes|seconds)\(`)
)

// javascript is the notation of k6's scripts.
type javascript struct{ common }

func (javascript) Nil() string { return "null" }

func (javascript) Knows(function string) bool { return knows(k6Helpers, function) }

func (javascript) Bool(b bool) string { return fmt.Sprint(b) }

func (javascript) Map(keys, values []string) string {
	var parts []string
	for i, key := range keys {
		name := quoted(key)
		switch {
		case key == "__proto__":
			name = "[" + name + "]" // a key of its own, and not what the object inherits from
		case plainName.MatchString(name):
			name = key
		}
		parts = append(parts, name+": "+values[i])
	}
	if parts == nil {
		return "{}"
	}
	return "{ " + strings.Join(parts, ", ") + " }"
}

func (javascript) Name(name string) string   { return "u." + name }
func (javascript) Answer(name string) string { return "a." + name }
func (javascript) Header(name string) string { return "a.header(" + quoted(name) + ")" }

func (j javascript) Env(name, fallback string) string {
	if fallback == "" {
		return "__ENV." + name
	}
	return "(__ENV." + name + " || " + fallback + ")"
}

func (javascript) Each(predicate string) string { return "(it) => " + predicate }

// inherited are the names that every object of JavaScript has, and those of its
// lists and texts that answers have as keys too: of these only a value's own count.
var inherited = []string{
	"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
	"__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
	"length", "at", "concat", "entries", "every", "fill", "filter",
	"find", "flat", "includes", "indexOf", "join", "keys",
	"link", "map", "match", "normalize", "repeat", "replace", "reverse",
	"search", "slice", "some", "sort", "split", "sub",
	"trim", "values",
}

func (j javascript) Member(of, key string) string {
	name, text := strings.CutPrefix(key, `"`)
	switch {
	case text && slices.Contains(inherited, strings.TrimSuffix(name, `"`)):
		return j.Call("own", []string{of, key})
	case plainName.MatchString(key):
		return of + "?." + strings.Trim(key, `"`)
	case strings.HasPrefix(key, "-"):
		return of + "?.at(" + key + ")"
	case text, key[0] >= '0' && key[0] <= '9':
		return of + "?.[" + key + "]"
	}
	return j.Call("own", []string{of, key}) // the key is known only at run time
}

func (javascript) Slice(of, from, to string) string {
	if from == "" {
		from = "0"
	}
	if to != "" {
		to = ", " + to
	}
	return of + ".slice(" + from + to + ")"
}

func (javascript) Unary(operator, x string) string {
	if operator == "not" {
		operator = "!"
	}
	return operator + "(" + x + ")"
}

func (j javascript) Binary(operator, a, b string) string {
	switch operator {
	case "==", "!=":
		not := map[string]string{"==": "", "!=": "!"}[operator]
		switch {
		case a == "null" || b == "null":
			return "(" + a + " " + operator + " " + b + ")"
		case aLiteral.MatchString(a) || aLiteral.MatchString(b):
			return "(" + a + " " + operator + "= " + b + ")"
		}
		return not + j.Call("equal", []string{a, b})
	case "and":
		operator = "&&"
	case "or":
		operator = "||"
	case "in":
		return j.Call("within", []string{a, b})
	case "contains":
		return a + ".includes(" + b + ")"
	case "startsWith":
		return a + ".startsWith(" + b + ")"
	case "endsWith":
		return a + ".endsWith(" + b + ")"
	case "matches":
		return "new RegExp(" + b + ").test(" + a + ")"
	case "..":
		return j.Call("range", []string{a, b})
	case "^":
		operator = "**"
	case "+", "-":
		if ofTime.MatchString(a + b) {
			return j.Call("later", []string{a, strings.TrimPrefix(operator, "+") + b})
		}
	}
	return "(" + a + " " + operator + " " + b + ")"
}

func (javascript) Choice(condition, yes, no string) string {
	return "(" + condition + " ? " + yes + " : " + no + ")"
}

func (j javascript) Join(pieces []expr.Piece) string { return j.template(j.texts(pieces)) }

func (j javascript) Address(pieces []expr.Piece) string { return j.template(j.escapes(pieces)) }

// template is a text with values in it.
func (javascript) template(pieces []expr.Piece) string {
	var out strings.Builder
	values := false
	for _, p := range pieces {
		if p.Value != "" {
			values = true
			out.WriteString("${" + p.Value + "}")
			continue
		}
		inside := quoted(p.Literal)
		inside = strings.ReplaceAll(inside[1:len(inside)-1], `\"`, `"`)
		out.WriteString(strings.NewReplacer("`", "\\`", "${", "\\${").Replace(inside))
	}
	if !values {
		whole := ""
		for _, p := range pieces {
			whole += p.Literal
		}
		return quoted(whole)
	}
	return "`" + out.String() + "`"
}

// python is the notation of locustfiles.
type python struct{ common }

func (python) Nil() string { return "None" }

func (python) Bool(b bool) string {
	if b {
		return "True"
	}
	return "False"
}

func (python) Map(keys, values []string) string {
	var parts []string
	for i, key := range keys {
		parts = append(parts, quoted(key)+": "+values[i])
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (python) Knows(function string) bool { return knows(locustHelpers, function) }

func (python) Name(name string) string   { return "u.get(" + quoted(name) + ")" }
func (python) Answer(name string) string { return "a." + name }
func (python) Header(name string) string { return "a.headers.get(" + quoted(name) + ")" }

func (python) Env(name, fallback string) string {
	if fallback == "" {
		return "os.environ[" + quoted(name) + "]"
	}
	return "(os.environ.get(" + quoted(name) + ") or " + fallback + ")"
}

func (python) Each(predicate string) string { return "lambda it: " + predicate }

func (p python) Member(of, key string) string { return p.Call("get", []string{of, key}) }

func (python) Slice(of, from, to string) string { return of + "[" + from + ":" + to + "]" }

func (python) Unary(operator, x string) string {
	if operator == "!" || operator == "not" {
		return "(not " + x + ")"
	}
	return operator + "(" + x + ")"
}

func (p python) Binary(operator, a, b string) string {
	switch operator {
	case "==", "!=":
		if a == "None" || b == "None" {
			operator = map[string]string{"==": "is", "!=": "is not"}[operator]
		}
	case "&&":
		operator = "and"
	case "||":
		operator = "or"
	case "??":
		return p.Call("either", []string{a, "lambda: " + b})
	case "contains":
		return "(" + b + " in " + a + ")"
	case "startsWith":
		return a + ".startswith(" + b + ")"
	case "endsWith":
		return a + ".endswith(" + b + ")"
	case "matches":
		return "(re.search(" + b + ", " + a + ") is not None)"
	case "..":
		return p.Call("range", []string{a, b})
	case "^":
		operator = "**"
	}
	return "(" + a + " " + operator + " " + b + ")"
}

func (python) Choice(condition, yes, no string) string {
	return "(" + yes + " if " + condition + " else " + no + ")"
}

func (p python) Join(pieces []expr.Piece) string { return sum(p.texts(pieces)) }

func (p python) Address(pieces []expr.Piece) string { return sum(p.escapes(pieces)) }

// sum joins texts.
func sum(pieces []expr.Piece) string {
	var parts []string
	for _, p := range pieces {
		if p.Value != "" {
			parts = append(parts, p.Value)
		} else {
			parts = append(parts, quoted(p.Literal))
		}
	}
	if parts == nil {
		return `""`
	}
	return strings.Join(parts, " + ")
}
