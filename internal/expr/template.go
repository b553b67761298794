package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// Template is text with ${ } in it. It is immutable and safe for concurrent
// use.
type Template struct {
	source string
	parts  []part
	holes  []Hole
	static bool   // no part needs an Env, and every value has text
	text   string // of a static template
}

// part is literal text, or an expression whose value is written there.
type part struct {
	text    string   // literal text; of a hole its source, for messages
	program *Program // nil: literal
}

// Hole is one expression of a template. Name is the identifier when the
// expression is exactly one, else "". Start and End are the byte range of
// "${ … }" in the template.
type Hole struct {
	Source     string
	Name       string
	Start, End int
}

// Template compiles text with ${ } in it. "$${" writes "${". The error is an
// *Error whose offset counts in text.
func (s *Scope) Template(text string) (*Template, error) {
	t := &Template{source: text}
	var literal strings.Builder
	for rest := 0; rest < len(text); {
		switch {
		case strings.HasPrefix(text[rest:], "$${"):
			literal.WriteString("${")
			rest += len("$${")
		case strings.HasPrefix(text[rest:], "${"):
			end := holeEnd(text, rest+len("${"))
			if end < 0 {
				return nil, errorAt(rest,
					"${ is not closed; add the missing } or write $${ for the two characters themselves")
			}
			t.literal(&literal)
			if err := t.hole(s, rest, end); err != nil {
				return nil, err
			}
			rest = end
		default:
			literal.WriteByte(text[rest])
			rest++
		}
	}
	t.literal(&literal)
	if err := t.check(); err != nil {
		return nil, err
	}
	t.settle()
	return t, nil
}

// holeEnd returns the offset after the } that closes a hole whose expression
// begins at start, -1 when none does. Braces in quotes do not count.
func holeEnd(text string, start int) int {
	depth := 1
	for i := start; i < len(text); i++ {
		switch c := text[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'', '`':
			for i++; i < len(text) && text[i] != c; i++ {
				if text[i] == '\\' && c != '`' {
					i++
				}
			}
		}
	}
	return -1
}

func (t *Template) literal(text *strings.Builder) {
	if text.Len() > 0 {
		t.parts = append(t.parts, part{text: text.String()})
		text.Reset()
	}
}

func (t *Template) hole(s *Scope, start, end int) error {
	source := t.source[start+len("${") : end-len("}")]
	program, err := s.compile(source, start+len("${"))
	if err != nil {
		return err
	}
	trimmed := strings.TrimSpace(source)
	hole := Hole{Source: trimmed, Start: start, End: end}
	if ValidName(trimmed) && !slices.Contains(wordNames, trimmed) {
		hole.Name = trimmed
	}
	t.holes = append(t.holes, hole)
	t.parts = append(t.parts, part{text: trimmed, program: program})
	return nil
}

// check refuses values that can never stand where they are written.
func (t *Template) check() error {
	hole := 0
	for _, p := range t.parts {
		if p.program == nil {
			continue
		}
		at := t.holes[hole].Start
		hole++
		if p.program.static == durationType {
			return errorAt(at, "%s is a duration and cannot be written; add it to now()", p.text)
		}
		if len(t.parts) == 1 {
			continue
		}
		if kind := p.program.Type(); kind == List || kind == Map {
			return errorAt(at, "%s is %s and has no place inside text; write one item of it, or toJSON(%s)",
				p.text, describeType(p.program.static), p.text)
		}
		if p.program.constant {
			value, _ := p.program.direct(nil)
			if _, err := dynamic.AppendText(nil, value); err != nil {
				return errorAt(at, "%v and has no place inside text; write a value in quotes", err)
			}
		}
	}
	return nil
}

// settle finds out whether the template always gives the same text.
func (t *Template) settle() {
	text, ok := []byte(nil), true
	for _, p := range t.parts {
		if p.program == nil {
			text = append(text, p.text...)
			continue
		}
		if !p.program.constant {
			return
		}
		value, _ := p.program.direct(nil)
		var err error
		text, err = dynamic.AppendText(text, value)
		ok = ok && err == nil
	}
	if ok {
		t.static, t.text = true, string(text)
	}
}

// Static returns the text when it is always the same: no expression is left
// once constants and the environment are filled in.
func (t *Template) Static() (text string, ok bool) { return t.text, t.static }

// String returns the template as written.
func (t *Template) String() string { return t.source }

// Holes returns the expressions in their order.
func (t *Template) Holes() []Hole { return slices.Clone(t.holes) }

// UsesBody says whether an expression reads the body of an answer.
func (t *Template) UsesBody() bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return p.program != nil && p.program.usesBody })
}

// Uses says whether an expression reads name, a var, a capture or a record.
func (t *Template) Uses(name string) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return p.program != nil && p.program.Uses(name) })
}

// Type returns the type of the expression when the template is exactly one
// ${ }, else String.
func (t *Template) Type() Type {
	if p := t.single(); p != nil {
		return p.Type()
	}
	return String
}

// Value returns the value of the expression when the template is exactly one
// ${ }, else the text.
func (t *Template) Value(env *Env) (any, error) {
	if p := t.single(); p != nil {
		value, err := p.Eval(env)
		if err != nil {
			return nil, t.failed(0, err)
		}
		return value, nil
	}
	if t.static {
		return t.text, nil
	}
	text, err := t.Append(env.scratch[:0], env)
	env.scratch = text
	if err != nil {
		return nil, err
	}
	return string(text), nil
}

// single returns the program of a template that is exactly one ${ }.
func (t *Template) single() *Program {
	if len(t.parts) == 1 {
		return t.parts[0].program
	}
	return nil
}

// Append appends the text. A value that is nil, a list or a map is an error,
// and what dst holds then beyond its former length has no meaning.
func (t *Template) Append(dst []byte, env *Env) ([]byte, error) {
	if t.static {
		return append(dst, t.text...), nil
	}
	for i := range t.parts {
		p := &t.parts[i]
		if p.program == nil {
			dst = append(dst, p.text...)
			continue
		}
		value, err := p.program.Eval(env)
		if err == nil {
			dst, err = dynamic.AppendText(dst, value)
		}
		if err != nil {
			return dst, t.failed(i, err)
		}
	}
	return dst, nil
}

// failed names the expression of a part that has no value.
func (t *Template) failed(i int, err error) error {
	if errors.Is(err, errBudget) {
		return err
	}
	return fmt.Errorf("${ %s }: %w", t.parts[i].text, err)
}
