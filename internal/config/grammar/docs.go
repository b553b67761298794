package grammar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Tables returns the tables of docs/thresholds.md in Markdown: the keys of each object, by the
// object's name, such as group.
func Tables() map[string]string {
	all := map[string]string{}
	for name, object := range objects() {
		all[name] = table(object)
	}
	return all
}

// Example is how a key of an object is written in the file; "" if the object has no such
// key.
func Example(object, key string) string {
	s := objects()[object]
	if s == nil {
		return ""
	}
	if f := s.find(key); f != nil {
		return f.example
	}
	return ""
}

// objects are the objects of the grammar by name.
func objects() map[string]*shape {
	found := map[string]*shape{}
	collect(grammar(), found)
	return found
}

func collect(s *shape, objects map[string]*shape) {
	if s == nil {
		return
	}
	if s.kind == ObjectKind {
		objects[s.name] = s
	}
	collect(s.item, objects)
	for _, f := range fields(s) {
		collect(f.shape, objects)
	}
	for _, c := range s.choices {
		collect(c, objects)
	}
}

func fields(s *shape) []field {
	if s.rest == nil {
		return s.fields
	}
	return append(slices.Clone(s.fields), *s.rest)
}

func table(s *shape) string {
	var b strings.Builder
	b.WriteString("| key | type | unit | default | example | meaning |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, f := range fields(s) {
		def := f.def
		if f.required {
			def = "required"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | `%s` | %s |\n", f.key, f.shape.name, units(f.shape), def,
			strings.ReplaceAll(f.example, "|", `\|`), f.doc)
	}
	return b.String()
}

// GaugeTable lists what can be watched, in Markdown.
func GaugeTable() string {
	var b strings.Builder
	b.WriteString("| from | what it is | reads | its own keys |\n| --- | --- | --- | --- |\n")
	for _, g := range Gauges() {
		var reads []string
		for _, r := range g.Reads {
			reads = append(reads, fmt.Sprintf("`%s`: %s", r.Name, r.doc))
		}
		keys := "–"
		if len(g.Keys) > 0 {
			keys = "`" + strings.Join(g.Keys, "` `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", g.From, g.doc, cmp.Or(strings.Join(reads, "; "), "–"), keys)
	}
	return b.String()
}

// units lists the units of a shape's values.
func units(s *shape) string {
	switch {
	case s.kind == ScalarKind && s.scalar.unit != "":
		return s.scalar.unit
	case s.kind == choiceKind:
		return units(s.choices[0])
	}
	return "–"
}
