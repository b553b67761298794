package walk

import (
	"strconv"

	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// value is what an expression of the script is, as far as its text says it: one of the types
// below. Nil is undefined.
type value any

type (
	// text is a text, in parts. Computed says that it is one value of any type.
	text struct {
		parts    written.Text
		computed bool
	}
	// null is null.
	null struct{}
	// object is an object with its keys in their order.
	object struct {
		keys   []string
		values map[string]value
	}
	// array is a list.
	array struct{ items []value }
	// function is one of the script.
	function struct {
		name       string
		parameters *ast.ParameterList
		body       ast.Node // a block or an expression
		scope      *scope
	}
	// foreign is something of a module that is not read.
	foreign struct{ module, name string }
	// builtin is something of k6 or of the language, by its name.
	builtin string
	// response is the answer to a request.
	response struct{ of *Call }
	// answer is a value of an answer.
	answer struct {
		of    *Call
		where string
		key   string
		name  string
		text  bool // it is the text of the body, not read as JSON
	}
	// random is a number drawn evenly from low to low+width.
	random struct {
		low, width float64
		draw       *written.Draw
	}
	// whole is a whole number drawn evenly from low to high.
	whole struct {
		low, high int64
		draw      *written.Draw
	}
	// drawn is one of some values.
	drawn struct {
		from []value
		draw *written.Draw
	}
	// chance is true with a probability.
	chance struct {
		p float64
		// within is what the draw is from where it is true, and without where it is not.
		draw            *written.Draw
		within, without span
	}
	// good is true where an answer is as the script wants it; bad where it is not.
	good struct{ not bool }
	// json is what JSON.stringify makes of a value.
	json struct{ of value }
	// lost is what the text does not say.
	lost struct{ why string }
)

// span is a part of what a number is drawn from.
type span struct{ low, high float64 }

func newObject() *object { return &object{values: map[string]value{}} }

func (o *object) set(key string, v value) {
	if _, has := o.values[key]; !has {
		o.keys = append(o.keys, key)
	}
	o.values[key] = v
}

// get is a value of an object; nil: it has none, or v is no object.
func get(v value, key string) value {
	if o, ok := v.(*object); ok {
		return o.values[key]
	}
	return nil
}

func plain(s string) text { return text{parts: written.Plain(s)} }

func code(expression string, draw *written.Draw) text {
	return text{parts: written.Text{{Code: expression, Draw: draw}}, computed: true}
}

// draw is one draw of the script. What is drawn outside of every function is drawn once by each user.
func (w *walk) draw() *written.Draw { return &written.Draw{Per: w.per} }

// drawOf is the draw that a value is of; nil: of none, or of several.
func drawOf(v value) *written.Draw {
	switch v := v.(type) {
	case random:
		return v.draw
	case whole:
		return v.draw
	case drawn:
		return v.draw
	case text:
		if len(v.parts) == 1 {
			return v.parts[0].Draw
		}
	}
	return nil
}

// known is a text that is known as a whole.
func known(v value) (string, bool) {
	t, ok := v.(text)
	if !ok || t.computed {
		return "", false
	}
	return t.parts.Literal()
}

func numberText(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// truth is whether a value is true in a condition; known is false where that is not known.
func truth(v value) (is, known bool) {
	switch v := v.(type) {
	case nil, null:
		return false, true
	case bool:
		return v, true
	case float64:
		return v != 0 && v == v, true
	case text:
		s, known := v.parts.Literal()
		return s != "", known && !v.computed
	case *object, *array, *function, builtin, *response:
		return true, true
	}
	return false, false
}

// textOf is a value as a part of a text.
func textOf(v value) written.Text {
	switch v := v.(type) {
	case text:
		return v.parts
	case float64:
		return written.Plain(numberText(v))
	case bool:
		return written.Plain(strconv.FormatBool(v))
	case null:
		return written.Plain("null")
	case nil:
		return written.Text{{Lost: "it shows a value that is not defined"}}
	case answer:
		return written.Text{{Answer: v.part()}}
	case random:
		return written.Text{{Code: v.code(), Draw: v.draw}}
	case whole:
		return written.Text{{Code: v.code(), Draw: v.draw}}
	case drawn:
		return v.text()
	case json:
		return v.text()
	case lost:
		return written.Text{{Lost: v.why}}
	case foreign:
		return written.Text{{Lost: v.why()}}
	}
	return written.Text{{Lost: "it shows a value that init does not read"}}
}

func (a answer) part() *written.Answer {
	return &written.Answer{Of: a.of.Request, Where: a.where, Key: a.key, Name: a.name}
}

func (r random) code() string {
	return "float(" + numberText(r.low) + ", " + numberText(r.low+r.width) + ")"
}

func (w whole) code() string {
	return "int(" + strconv.FormatInt(w.low, 10) + ", " + strconv.FormatInt(w.high, 10) + ")"
}

// text is one of the values that are drawn from.
func (d drawn) text() written.Text {
	if len(d.from) > mostDrawn {
		return written.Text{{Lost: "it draws from a long list: write it into a file, and data"}}
	}
	arguments := ""
	for i, v := range d.from {
		var one string
		switch v := v.(type) {
		case float64:
			one = numberText(v)
		case text:
			s, ok := known(v)
			if !ok {
				return written.Text{{Lost: "it draws from values that are not known"}}
			}
			one = strconv.Quote(s)
		default:
			return written.Text{{Lost: "it draws a row of a list: write the rows into a file, and data"}}
		}
		if i > 0 {
			arguments += ", "
		}
		arguments += one
	}
	return written.Text{{Code: "pick(" + arguments + ")", Draw: d.draw}}
}

// mostDrawn is how many values a file draws from.
const mostDrawn = 50

// text is JSON within another text, which init does not write.
func (json) text() written.Text { return written.Text{{Lost: "it writes JSON into a text"}} }

const (
	// Bounds of a value that becomes JSON. An object may hold itself.
	deepest    = 30
	mostValues = 5000
)

// jsonWriter makes JSON of values.
type jsonWriter struct{ values int }

// jsonValue is a value as JSON.
func jsonValue(v value) *written.Value {
	var j jsonWriter
	return j.value(v, 0)
}

func (j *jsonWriter) value(v value, depth int) *written.Value {
	if j.values++; depth > deepest || j.values > mostValues {
		v = lost{"it shows a value that is too large or nested too deep"}
	}
	switch v := v.(type) {
	case null:
		return &written.Value{Kind: written.Null}
	case bool:
		return &written.Value{Kind: written.Bool, Raw: strconv.FormatBool(v)}
	case float64:
		return &written.Value{Kind: written.Number, Raw: numberText(v)}
	case text:
		if v.computed {
			return &written.Value{Kind: written.Computed, Text: v.parts}
		}
		return &written.Value{Kind: written.String, Text: v.parts}
	case *array:
		out := &written.Value{Kind: written.List}
		for _, one := range v.items {
			if j.values <= mostValues {
				out.Items = append(out.Items, j.value(one, depth+1))
			}
		}
		return out
	case *object:
		out := &written.Value{Kind: written.Map}
		for _, key := range v.keys {
			if v.values[key] != nil && j.values <= mostValues { // JSON.stringify leaves out what is not defined
				out.Keys, out.Items = append(out.Keys, key), append(out.Items, j.value(v.values[key], depth+1))
			}
		}
		return out
	}
	return &written.Value{Kind: written.Computed, Text: textOf(v)}
}

// bound is a method of a value.
type bound struct {
	of   value
	name string
}

// joined is a text whose neighbours that are known are one.
func joined(parts written.Text) text {
	var out written.Text
	length := 0
	for _, p := range parts {
		length += len(p.Literal)
		if last := len(out) - 1; last >= 0 && out[last].Literal != "" && p.Literal != "" {
			out[last].Literal += p.Literal
			continue
		}
		if p != (written.Part{}) {
			out = append(out, p)
		}
	}
	if len(out) > mostParts || length > longestText {
		return text{parts: written.Text{{Lost: "it shows a text that is too long to be read"}}}
	}
	return text{parts: out}
}

const (
	// Bounds of a text.
	mostParts   = 200
	longestText = 256 << 10
)
