package verdictjson

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
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
