package recording

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/node"
)

const (
	// Bounds of what is read of a body to find out what it says.
	deepestContent = 40
	mostTokens     = 20_000
)

// content is a body as names and values, by what it is and not by what its content
// type says: JSON, lines of JSON, a form, XML, else the text alone.
func content(text string) *node.Value {
	plain := strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	switch {
	case isJSON(plain):
		return jsonContent(gjson.Parse(plain), 0)
	case jsonLines(plain) != nil:
		all := node.List()
		for _, line := range jsonLines(plain) {
			all.Content = append(all.Content, jsonContent(gjson.Parse(line), 0))
		}
		return all
	case isForm(plain):
		return formContent(formOf(plain, nil))
	case strings.HasPrefix(plain, "<"):
		if v := xmlContent(plain); v != nil {
			return v
		}
	}
	return node.Literal(text)
}

// isJSON says whether a text is an object or a list.
func isJSON(text string) bool {
	text = strings.TrimSpace(text)
	return (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) && gjson.Valid(text)
}

// jsonLines are the lines of a text of which each is JSON; nil: it is none.
func jsonLines(text string) (lines []string) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if !isJSON(line) {
			return nil
		}
		lines = append(lines, line)
	}
	return lines
}

// formText is a form as a browser encodes it: names of few signs, each with a value.
var formText = regexp.MustCompile(`^[\w.\[\]%+*~-]+=[^\s&<>{}"]*(&[\w.\[\]%+*~-]+=[^\s&<>{}"]*)*&?$`)

func isForm(text string) bool { return formText.MatchString(text) }

func formOf(text string, params []NameValue) []NameValue {
	if len(params) > 0 && text == "" {
		return params
	}
	var found []NameValue
	for _, part := range strings.Split(text, "&") {
		key, v, _ := strings.Cut(part, "=")
		if k := unescaped(key); k != "" {
			found = append(found, NameValue{k, unescaped(v)})
		}
	}
	return found
}

func formContent(fields []NameValue) *node.Value {
	form := node.Map()
	for _, f := range fields {
		v := node.Literal(f.Value)
		if isJSON(f.Value) {
			v = jsonContent(gjson.Parse(f.Value), 1)
		}
		node.Set(form, f.Name, v)
	}
	return form
}

func jsonContent(v gjson.Result, depth int) *node.Value {
	switch {
	case depth > deepestContent:
	case v.IsObject():
		m := node.Map()
		v.ForEach(func(k, child gjson.Result) bool {
			node.Set(m, k.Str, jsonContent(child, depth+1))
			return true
		})
		return m
	case v.IsArray():
		l := node.List()
		for _, child := range v.Array() {
			l.Content = append(l.Content, jsonContent(child, depth+1))
		}
		return l
	case v.Type == gjson.String && isJSON(v.Str): // JSON in a text
		return jsonContent(gjson.Parse(v.Str), depth+1)
	case v.Type == gjson.String:
		return node.Literal(v.Str)
	}
	return node.Scalar("!!float", v.Raw)
}

// xmlContent is a document as names and what they hold; nil: it is none. The name of an
// element that holds nothing is an order, too, as in a call of SOAP.
func xmlContent(text string) *node.Value {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	root := node.Map()
	open, names := []*node.Value{root}, []string{""}
	var words strings.Builder
	for n := 0; ; n++ {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && n > 0 {
			return root
		}
		if err != nil || n > mostTokens || len(open) > 1000 {
			return nil
		}
		switch t := token.(type) {
		case xml.StartElement:
			one := node.Map()
			node.Set(open[len(open)-1], t.Name.Local, one)
			for _, a := range t.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					node.Set(one, a.Name.Local, node.Literal(a.Value))
				}
			}
			open, names = append(open, one), append(names, t.Name.Local)
			words.Reset()
		case xml.CharData:
			words.Write(t)
		case xml.EndElement:
			if content := strings.TrimSpace(words.String()); content != "" {
				node.Set(open[len(open)-1], names[len(names)-1], node.Literal(content))
			}
			if len(open) > 1 {
				open, names = open[:len(open)-1], names[:len(names)-1]
			}
			words.Reset()
		}
	}
}
