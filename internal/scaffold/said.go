package scaffold

import (
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"
)

// Bounds of what is read of a body to find out what it says.
const (
	deepestSaid = 40
	mostSaid    = 20_000
)

// said is a body as names and values, by what it is and not by what its content
// type says: JSON, lines of JSON, a form, XML, else the text alone.
func said(text string) *value {
	plain := strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	switch {
	case isJSON(plain):
		return saidJSON(gjson.Parse(plain), 0)
	case jsonLines(plain) != nil:
		all := list()
		for _, line := range jsonLines(plain) {
			all.Content = append(all.Content, saidJSON(gjson.Parse(line), 0))
		}
		return all
	case isForm(plain):
		return saidForm(formOf(plain, nil))
	case strings.HasPrefix(plain, "<"):
		if v := saidXML(plain); v != nil {
			return v
		}
	}
	return literal(text)
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

func saidForm(fields []namedHAR) *value {
	form := object()
	for _, f := range fields {
		v := literal(f.Value)
		if isJSON(f.Value) {
			v = saidJSON(gjson.Parse(f.Value), 1)
		}
		set(form, f.Name, v)
	}
	return form
}

func saidJSON(v gjson.Result, depth int) *value {
	switch {
	case depth > deepestSaid:
	case v.IsObject():
		m := object()
		v.ForEach(func(k, child gjson.Result) bool {
			set(m, k.Str, saidJSON(child, depth+1))
			return true
		})
		return m
	case v.IsArray():
		l := list()
		for _, child := range v.Array() {
			l.Content = append(l.Content, saidJSON(child, depth+1))
		}
		return l
	case v.Type == gjson.String && isJSON(v.Str): // JSON in a text
		return saidJSON(gjson.Parse(v.Str), depth+1)
	case v.Type == gjson.String:
		return literal(v.Str)
	}
	return scalar("!!float", v.Raw)
}

// saidXML is a document as names and what they hold; nil: it is none. The name of an
// element that holds nothing is an order, too, as in a call of SOAP.
func saidXML(text string) *value {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	root := object()
	open, names := []*value{root}, []string{""}
	var words strings.Builder
	for n := 0; ; n++ {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && n > 0 {
			return root
		}
		if err != nil || n > mostSaid || len(open) > 1000 {
			return nil
		}
		switch t := token.(type) {
		case xml.StartElement:
			one := object()
			set(open[len(open)-1], t.Name.Local, one)
			for _, a := range t.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					set(one, a.Name.Local, literal(a.Value))
				}
			}
			open, names = append(open, one), append(names, t.Name.Local)
			words.Reset()
		case xml.CharData:
			words.Write(t)
		case xml.EndElement:
			if content := strings.TrimSpace(words.String()); content != "" {
				set(open[len(open)-1], names[len(names)-1], literal(content))
			}
			if len(open) > 1 {
				open, names = open[:len(open)-1], names[:len(names)-1]
			}
			words.Reset()
		}
	}
}

// actionOf is the action that a content type of SOAP says.
func actionOf(contentType string) string {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		if _, after, ok := strings.Cut(contentType, "action="); ok {
			return after
		}
	}
	return parameters["action"]
}
