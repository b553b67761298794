package jmeter

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// mark takes the place of a reference while a body is read as JSON; its text is in no body.
const mark = "\u0001"

// jsonOf is a body in JSON as a tree, with references in its texts and in place of its values; nil: it is
// no JSON.
func jsonOf(text string, in *reading) *node.Value {
	var held []string
	var out strings.Builder
	inText := false
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "${") && referenceEnd(text[i:]) > 0:
			end := referenceEnd(text[i:])
			m := fmt.Sprintf("%s%d%s", mark, len(held), mark)
			held = append(held, text[i:i+end])
			if !inText {
				m = `"` + mark + m + `"` // a value by itself keeps its type
			}
			out.WriteString(strings.ReplaceAll(m, mark, `\u0001`))
			i += end - 1
			continue
		case text[i] == '\\' && inText && i+1 < len(text):
			out.WriteByte(text[i])
			i++
		case text[i] == '"':
			inText = !inText
		}
		out.WriteByte(text[i])
	}
	marked := strings.TrimSpace(out.String())
	if !strings.HasPrefix(marked, "{") && !strings.HasPrefix(marked, "[") || !gjson.Valid(marked) {
		return nil
	}
	b := jsonBody{held: held, in: in}
	return b.value(gjson.Parse(marked), 0)
}

// jsonBody restores the references of a body.
type jsonBody struct {
	held []string
	in   *reading
}

// deepestJSON is how deep a body may be nested to be read.
const deepestJSON = 40

func (b jsonBody) value(v gjson.Result, depth int) *node.Value {
	switch {
	case depth > deepestJSON:
		b.in.refuse("has a body that is nested too deep: write text")
	case v.IsObject():
		m := node.Map()
		seen := map[string]bool{}
		v.ForEach(func(k, child gjson.Result) bool {
			name, _ := b.restored(k.Str)
			if !seen[name] {
				node.Set(m, name, b.value(child, depth+1))
			}
			seen[name] = true
			return true
		})
		return m
	case v.IsArray():
		l := node.List()
		for _, child := range v.Array() {
			l.Content = append(l.Content, b.value(child, depth+1))
		}
		return l
	case v.Type == gjson.String:
		text, alone := b.restored(v.Str)
		t := b.in.text("a body", text)
		if !alone && isDraw(t) { // a number in quotes is a text
			t = "${ string(" + strings.TrimSuffix(strings.TrimPrefix(t, "${ "), " }") + ") }"
		}
		return node.Text(t)
	case v.Type == gjson.Number:
		if _, err := strconv.ParseInt(v.Raw, 10, 64); err == nil {
			return node.Scalar("!!int", v.Raw)
		}
		return node.Scalar("!!float", v.Raw)
	case v.Type == gjson.True, v.Type == gjson.False:
		return node.Bool(v.Bool())
	}
	return node.Scalar("!!null", "null")
}

// isDraw says whether a template is a number that is drawn.
func isDraw(t string) bool {
	return strings.HasPrefix(t, "${ int(") && strings.Count(t, "${") == 1 && strings.HasSuffix(t, ") }") ||
		t == "${ seq() }" || t == "${ epochMs(now()) }" || t == "${ epoch(now()) }"
}

// restored is a text with its references; alone says that it was one without quotes.
func (b jsonBody) restored(text string) (restored string, alone bool) {
	if rest, ok := strings.CutPrefix(text, mark+mark); ok {
		text, alone = mark+rest, true
	}
	parts := strings.Split(text, mark)
	for i := 1; i < len(parts); i += 2 {
		if at, err := strconv.Atoi(parts[i]); err == nil && at < len(b.held) {
			parts[i] = b.held[at]
		}
	}
	return strings.Join(parts, ""), alone
}
