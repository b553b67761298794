package written

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// TextBody is a body that was written as a text: JSON where it is an object or a list of that,
// whatever the parts that are not known turn out to be.
func TextBody(t Text) *Body {
	if v := parseJSON(t); v != nil && (v.Kind == Map || v.Kind == List) {
		return &Body{JSON: v}
	}
	return &Body{Text: t}
}

// The marks around the number of a part that is not known; no text of people has them.
const begin, end = "\ue000", "\ue001"

// parseJSON is a text of JSON as a value; nil: it is none, or too deep. A part that is not known
// is a text between quotes, and any value without.
func parseJSON(t Text) *Value {
	var src strings.Builder
	quoted, escaped := false, false
	for i, p := range t {
		if p.Literal == "" && p != (Part{}) {
			mark := begin + strconv.Itoa(i) + end
			if !quoted {
				mark = `"` + begin + mark + `"`
			}
			src.WriteString(mark)
			continue
		}
		if strings.ContainsAny(p.Literal, begin+end) {
			return nil
		}
		for j := range len(p.Literal) {
			switch {
			case escaped:
				escaped = false
			case quoted && p.Literal[j] == '\\':
				escaped = true
			case p.Literal[j] == '"':
				quoted = !quoted
			}
		}
		src.WriteString(p.Literal)
	}
	if !gjson.Valid(src.String()) {
		return nil
	}
	r := jsonReader{parts: t}
	return r.value(gjson.Parse(src.String()), 0)
}

// jsonReader makes values of a JSON text with marks.
type jsonReader struct{ parts Text }

func (r jsonReader) value(v gjson.Result, depth int) *Value {
	if depth > deepest {
		return nil
	}
	out := &Value{}
	switch {
	case v.IsObject() || v.IsArray():
		return r.tree(v, depth)
	case v.Type == gjson.String:
		out.Kind, out.Text = String, r.text(v.Str)
		if computed, is := strings.CutPrefix(v.Str, begin+begin); is {
			out.Kind, out.Text = Computed, r.text(begin+computed)
		}
	case v.Type == gjson.Number:
		out.Kind, out.Raw = Number, v.Raw
	case v.Type == gjson.True || v.Type == gjson.False:
		out.Kind, out.Raw = Bool, v.Raw
	}
	return out
}

func (r jsonReader) tree(v gjson.Result, depth int) *Value {
	out := &Value{Kind: List}
	if v.IsObject() {
		out.Kind = Map
	}
	ok := true
	v.ForEach(func(k, child gjson.Result) bool {
		one := r.value(child, depth+1)
		if ok = one != nil && !strings.ContainsAny(k.Str, begin+end); ok {
			out.Items = append(out.Items, one)
			if out.Kind == Map {
				out.Keys = append(out.Keys, k.Str)
			}
		}
		return ok
	})
	if !ok {
		return nil
	}
	return out
}

// text is a text with marks as a text in parts.
func (r jsonReader) text(s string) (t Text) {
	for s != "" {
		before, after, has := strings.Cut(s, begin)
		t = append(t, Plain(before)...)
		if !has {
			break
		}
		number, rest, _ := strings.Cut(after, end)
		if i, err := strconv.Atoi(number); err == nil && i < len(r.parts) {
			t = append(t, r.parts[i])
		}
		s = rest
	}
	return t
}
