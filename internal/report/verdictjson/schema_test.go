package verdictjson

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

type object = map[string]any

// schemaOf is the JSON Schema of a type of verdict.json. What is a pointer may
// be null, and every field of our own types is always there. A key that is not
// told of is allowed: later ones may be added.
func schemaOf(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[map[string]any]():
		return object{"type": "object"}
	case reflect.TypeFor[verdict.Outcome]():
		return object{"enum": []any{"pass", "warn", "inconclusive", "fail"}}
	case reflect.TypeFor[result.End]():
		return object{"enum": ends()}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return object{"anyOf": []any{schemaOf(t.Elem()), object{"type": "null"}}}
	case reflect.Slice:
		return object{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Struct:
		properties, required := object{}, []any{}
		for _, field := range reflect.VisibleFields(t) {
			if field.Anonymous { // its fields are visible too
				continue
			}
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			properties[name] = schemaOf(field.Type)
			if options == "" {
				required = append(required, name)
			}
		}
		return object{"type": "object", "properties": properties, "required": required}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	}
	panic("no schema of " + t.String())
}

func ends() []any {
	var names []any
	for e := result.End(0); ; e++ {
		var back result.End
		if text, err := e.MarshalText(); err != nil || back.UnmarshalText(text) != nil {
			return names
		}
		names = append(names, e.String())
	}
}

var update = flag.Bool("update", false, "write docs/verdict.schema.json anew")

// result.md has a row for every key, and lists those that may be missing.
func TestKeysOfThePage(t *testing.T) {
	_, text, _ := strings.Cut(page(t, "result.md"), "\n## verdict.json\n")
	text, _, _ = strings.Cut(text, "\n## ")
	tables := strings.Split(text, "| key | type | meaning |")
	missing := map[string]bool{} // that may be
	for _, part := range []struct {
		of     reflect.Type
		path   string
		within string
	}{
		{reflect.TypeFor[document](), "", firstCells(tables[1])},
		{reflect.TypeFor[run](), "run.", rowOf(tables[1], "run")},
		{reflect.TypeFor[cause](), "diagnosis[].", rowOf(tables[1], "diagnosis")},
		{reflect.TypeFor[excepted](), "excepted[].", rowOf(tables[1], "excepted")},
		{reflect.TypeFor[scaling](), "scaling.", rowOf(tables[1], "scaling")},
		{reflect.TypeFor[scalingObject](), "scaling.objects[].", rowOf(tables[1], "scaling")},
		{reflect.TypeFor[check](), "checks[].", firstCells(tables[2])},
		{reflect.TypeFor[traced](), "checks[].trace.", rowOf(tables[2], "trace")},
		{reflect.TypeFor[comparison](), "checks[].comparison.", firstCells(tables[3])},
		{reflect.TypeFor[stage](), "stages[].", firstCells(tables[4])},
	} {
		for name, options := range keysOf(part.of) {
			if !strings.Contains(part.within, "`"+name+"`") {
				t.Errorf("result.md has no %s%s", part.path, name)
			}
			if options != "" {
				missing[part.path+name] = true
			}
		}
	}
	_, list, _ := strings.Cut(text, "do not apply:\n")
	list, _, _ = strings.Cut(list, ". ")
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(list, -1) {
		listed[m[1]] = true
	}
	if !maps.Equal(listed, missing) {
		t.Errorf("result.md lists as sometimes missing %v, want %v", listed, missing)
	}
}

// The command of reports.md picks keys that checks have.
func TestCommandOfThePage(t *testing.T) {
	m := regexp.MustCompile(`jq '\.checks\[\] \| \{(.*)\}'`).FindStringSubmatch(page(t, "reports.md"))
	if m == nil {
		t.Fatal("reports.md has no command with jq")
	}
	has := keysOf(reflect.TypeFor[check]())
	for key := range strings.SplitSeq(m[1], ", ") {
		if _, ok := has[key]; !ok {
			t.Errorf("reports.md picks %s, which no check has", key)
		}
	}
}

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// keysOf are the keys of a type with the options of each; "": it is always there.
func keysOf(of reflect.Type) map[string]string {
	keys := map[string]string{}
	for _, field := range reflect.VisibleFields(of) {
		if !field.Anonymous {
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			keys[name] = options
		}
	}
	return keys
}

// rowOf is the row of a key.
func rowOf(table, key string) string {
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "| `"+key+"` |") {
			return line
		}
	}
	return ""
}

// firstCells are the keys of a table.
func firstCells(table string) string {
	var b strings.Builder
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) > 2 {
			b.WriteString(cells[1])
		}
	}
	return b.String()
}

// The schema is that of the types, and what is written keeps to it.
func TestVerdictSchema(t *testing.T) {
	root := schemaOf(reflect.TypeFor[document]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://github.com/loadgate/loadgate/verdict.schema.json"
	root["title"] = "verdict.json of loadgate"
	root["properties"].(object)["schema"] = object{"const": Schema}
	want, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	path := filepath.Join("..", "..", "..", "docs", "verdict.schema.json")
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, want) {
		t.Errorf("%s is not that of the types: go test ./internal/report -update", path)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("verdict.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema := compiler.MustCompile("verdict.schema.json")
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "golden", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte(Schema)) {
			continue
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		value.(object)["outcome"] = "perhaps"
		if schema.Validate(value) == nil {
			t.Errorf("%s: an unknown outcome is let through", file)
		}
		held++
	}
	if held < 5 {
		t.Errorf("%d documents were held to the schema, want all", held)
	}
}
