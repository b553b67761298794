package thresholds_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write what is now into the golden files")

// corpus is where the files of the tests live. The first comment of a bad
// file says what kind of mistake it holds: syntax (no YAML), file (YAML that
// JSON cannot say, or that is refused before any shape), shape (the schema
// must refuse it too) or meaning (the schema cannot know).
const corpus = "../../testdata/config"

func files(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(corpus, folder, "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	return names
}

// open reads a file of the corpus and what kind its first comment names.
func open(t *testing.T, name string) (src []byte, kind string, o thresholds.Options) {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	kind, _, _ = strings.Cut(strings.TrimPrefix(string(src), "# "), ":")
	return src, kind, thresholds.Options{Files: os.DirFS(filepath.Dir(name))}
}

func TestBadFiles(t *testing.T) {
	for _, name := range files(t, "bad") {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".yaml"), func(t *testing.T) {
			src, _, o := open(t, name)
			_, err := thresholds.Decode(src, "thresholds.yaml", o)
			if err == nil {
				t.Fatal("Decode() = no error, want mistakes")
			}
			golden(t, strings.TrimSuffix(name, ".yaml")+".txt", []byte(err.Error()+"\n"))
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func TestGoodFiles(t *testing.T) {
	for _, name := range append(files(t, "good"), "../../thresholds.yaml") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			src, _, o := open(t, name)
			if _, err := thresholds.Decode(src, "thresholds.yaml", o); err != nil {
				t.Errorf("Decode() = %v, want no error", err)
			}
		})
	}
}

// Schema and loader agree: both take every good file, both refuse mistakes of
// shape, and the schema lets through what it cannot know.
func TestSchemaAgrees(t *testing.T) {
	schema := compiled(t)
	for _, name := range append(append(files(t, "good"), files(t, "bad")...), "../../thresholds.yaml") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			src, kind, _ := open(t, name)
			if kind == "syntax" || kind == "file" {
				return // no JSON document to hold against the schema
			}
			doc := documentOf(string(src))
			if err, ok := doc.(error); ok {
				t.Fatal(err)
			}
			err := schema.Validate(doc)
			if refused, want := err != nil, kind == "shape"; refused != want {
				t.Errorf("schema refuses it = %v, want %v: %v", refused, want, err)
			}
		})
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := thresholds.Schema()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// midnight is what this reader of YAML makes of a date, which editors take as it
// is written.
var midnight = regexp.MustCompile(`"(\d{4}-\d{2}-\d{2})T00:00:00Z"`)

// documentOf is a YAML file as the JSON document that an editor holds against
// the schema.
func documentOf(src string) any {
	var v any
	if err := yaml.Unmarshal([]byte(src), &v); err != nil {
		return err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	text = midnight.ReplaceAll(text, []byte(`"$1"`))
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return doc
}
