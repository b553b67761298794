package secrets

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// Placeholder is the value of a secret that is not known.
const Placeholder = "change-me"

// InExpression says whether an expression of thresholds.yaml, which is the value of a name, shows a
// secret: a text or a number in it is one by that name, by the name that it has in the expression or
// is compared with there, or by its form. An empty name says nothing. AtLogin says that the value is
// sent to be let in, where each text may be the secret. Names of variables, patterns of dates and
// letters to draw from are no values.
func InExpression(name, code string, atLogin bool) bool {
	for _, c := range constants(code) {
		switch {
		case c.text == "" || c.text == Placeholder:
		case c.isName:
			if IsName(c.text) {
				return true
			}
		case c.isNumber:
			if name != "" && IsNumber(name, c.text) ||
				slices.ContainsFunc(c.beside, func(of []string) bool { return IsNumber(of[len(of)-1], c.text) }) {
				return true
			}
		case InValue(c.text), name != "" && Is(name, c.text), slices.ContainsFunc(c.beside, c.isSecretOf),
			atLogin && len(c.beside) == 0 && AtLogin(name, c.text):
			return true
		}
	}
	return false
}

// isSecretOf says whether a text is a secret by the names of a value, from the outermost: by the last
// one, or by those around it.
func (c constant) isSecretOf(names []string) bool {
	last := names[len(names)-1]
	return Is(last, c.text) || !naming.IsNo(c.text) && !NamesUser(last) &&
		slices.ContainsFunc(names[:len(names)-1], holds)
}

// constant is a text or a number of an expression.
type constant struct {
	text     string
	isNumber bool
	isName   bool       // of a value, as in body["my id"]
	beside   [][]string // the names of the values that it has or is compared with
}

// constants are the texts and numbers of an expression, in their order. What one is compared with is
// in its part of the expression, between and, or.
func constants(code string) (all []constant) {
	tokens := tokensOf(code)
	place(tokens)
	for begin := 0; begin < len(tokens); {
		end := begin
		for end < len(tokens) && !tokens[end].divides {
			end++
		}
		part := tokens[begin:end]
		names := namesIn(part)
		for _, t := range part {
			if !t.isText && !t.isNumber && !t.isWord || t.isPlace() {
				continue
			}
			c := constant{text: t.text, isNumber: t.isNumber, isName: t.isName || t.isWord, beside: names}
			if t.key != "" {
				c.beside = append([][]string{{t.key}}, names...)
			}
			all = append(all, c)
		}
		begin = end + 1
	}
	return all
}

// place says of each token which call or map it is in.
func place(tokens []token) {
	type frame struct {
		open, call, key string
		argument        int
	}
	in := []frame{{}}
	for i := range tokens {
		t := &tokens[i]
		top := &in[len(in)-1]
		t.call, t.argument, t.key = top.call, top.argument, top.key
		switch {
		case t.isText || t.isWord:
			if top.open == "{" && i+1 < len(tokens) && tokens[i+1].is(":") && top.key == "" {
				top.key, t.isName = t.text, true
			}
		case t.is("(") || t.is("[") || t.is("{"):
			f := frame{open: t.text, key: top.key}
			if t.is("{") {
				f.key = ""
			}
			if t.is("(") && i > 0 && tokens[i-1].isWord {
				f.call = tokens[i-1].text
			}
			in = append(in, f)
		case t.is(")") || t.is("]") || t.is("}"):
			if len(in) > 1 {
				in = in[:len(in)-1]
			}
		case t.is(","):
			top.argument++
			if top.call == "env" && tokens[i-1].isText {
				top.key = tokens[i-1].text // its default is a value of that name
			} else if top.open == "{" {
				top.key = ""
			}
		}
	}
}

// namesIn are the names of the values in a part of an expression, each from the outermost, as in
// body.user.name and headers["Set-Cookie"]. A text that is a part of a name is marked.
func namesIn(part []token) (all [][]string) {
	for i := 0; i < len(part); i++ {
		if !part[i].isWord || part[i].isName || slices.Contains(keywords, part[i].text) || part[i].call == "len" {
			continue
		}
		names := []string{part[i].text}
		for i+1 < len(part) {
			switch {
			case part[i+1].is("?") && i+2 < len(part) && part[i+2].is("."):
				i++
				continue
			case part[i+1].is(".") && i+2 < len(part) && part[i+2].isWord:
				i += 2
				names = append(names, part[i].text)
				continue
			case part[i+1].is("[") && i+3 < len(part) && part[i+3].is("]"):
				if part[i+2].isText {
					part[i+2].isName = true
					names = append(names, part[i+2].text)
				}
				i += 3
				continue
			}
			break
		}
		if i+1 < len(part) && part[i+1].is("(") { // a function
			continue
		}
		all = append(all, names)
	}
	return all
}

// isPlace says whether a constant says how a value is made, and is none itself: the name of a
// variable, the pattern of a date, letters that are drawn from, a bound.
func (t token) isPlace() bool {
	switch t.call {
	case "env":
		return t.argument == 0
	case "format":
		return t.argument == 0 && t.isText
	case "split":
		return t.argument == 1 || !repeats(t.text)
	case "join":
		return t.argument == 1
	case "list":
		return t.argument == 0
	case "int", "float", "days", "hours", "minutes", "seconds", "len", "round", "seq":
		return t.isNumber
	}
	return false
}

// repeats says whether a text has a letter twice, which letters to draw from do not.
func repeats(text string) bool {
	seen := map[rune]bool{}
	return strings.ContainsFunc(text, func(r rune) bool {
		was := seen[r]
		seen[r] = true
		return was
	})
}
