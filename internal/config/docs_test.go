package config

import (
	gocmp "cmp"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/config/yamlfix"
)

const page = "../../docs/thresholds.md"

// marked is a table of docs/thresholds.md that this test compares with the
// grammar, and writes with -update.
var (
	marked = regexp.MustCompile(`(?s)<!-- keys: ([a-z ]+) -->\n(.*?)<!-- end -->`)
	probed = regexp.MustCompile(`(?s)<!-- gauges -->\n(.*?)<!-- end -->`)
)

// The documentation names every key of the grammar with its type, unit,
// default and example.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]*shape{}
	collect(grammar(), objects)
	var documented []string
	want := marked.ReplaceAllStringFunc(string(text), func(old string) string {
		name := marked.FindStringSubmatch(old)[1]
		object, ok := objects[name]
		if !ok {
			t.Errorf("docs/thresholds.md has a table of %q, which the grammar has not", name)
			return old
		}
		documented = append(documented, name)
		return "<!-- keys: " + name + " -->\n" + table(t, object) + "<!-- end -->"
	})
	want = probed.ReplaceAllLiteralString(want, "<!-- gauges -->\n"+gaugeTable()+"<!-- end -->")
	for name := range objects {
		same := strings.HasSuffix(name, " limits") // one stands for ratio and rate too
		if !same && !slices.Contains(documented, name) {
			t.Errorf("docs/thresholds.md has no table of %q", name)
		}
	}
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("docs/thresholds.md differs from the grammar; go test ./internal/config -update writes it (-want "+
			"+got):\n%s", diff)
	}
}

// Every example of the grammar can be read where it is said to stand.
func TestExamples(t *testing.T) {
	objects := map[string]*shape{}
	collect(grammar(), objects)
	for name, object := range objects {
		for _, f := range fields(object) {
			t.Run(name+"."+f.key, func(t *testing.T) {
				m := &mistake.List{}
				node, text, ok := yamlfix.Parse([]byte(f.example), "example", m, misfits)
				if !ok {
					t.Fatalf("example %q: %v", f.example, m.All)
				}
				alone := *object
				alone.one, alone.fields = nil, slices.Clone(object.fields)
				for i := range alone.fields {
					alone.fields[i].required = false
				}
				newWalker(text, m).walk(&alone, node, "")
				if err := m.Err((&Config{}).Mask); err != nil {
					t.Errorf("example %q is wrong: %v", f.example, err)
				}
			})
		}
	}
}

func collect(s *shape, objects map[string]*shape) {
	if s == nil {
		return
	}
	if s.kind == objectKind {
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

func table(t *testing.T, s *shape) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| key | type | unit | default | example | meaning |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, f := range fields(s) {
		def := f.def
		if f.required {
			def = "required"
		}
		if def == "" || f.doc == "" || f.example == "" || f.shape.name == "" {
			t.Errorf("%s.%s has no default, meaning, example or type", s.name, f.key)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | `%s` | %s |\n", f.key, f.shape.name, units(f.shape), def,
			strings.ReplaceAll(f.example, "|", `\|`), f.doc)
	}
	return b.String()
}

// gaugeTable lists what can be watched.
func gaugeTable() string {
	var b strings.Builder
	b.WriteString("| from | what it is | reads | its own keys |\n| --- | --- | --- | --- |\n")
	for _, g := range gauges() {
		var reads []string
		for _, r := range g.reads {
			reads = append(reads, fmt.Sprintf("`%s`: %s", r.name, r.doc))
		}
		keys := "–"
		if len(g.keys) > 0 {
			keys = "`" + strings.Join(g.keys, "` `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", g.from, g.doc, gocmp.Or(strings.Join(reads, "; "), "–"), keys)
	}
	return b.String()
}

// units lists the units of a shape's values.
func units(s *shape) string {
	switch {
	case s.kind == scalarKind && s.scalar.unit != "":
		return s.scalar.unit
	case s.kind == choiceKind:
		return units(s.choices[0])
	}
	return "–"
}
