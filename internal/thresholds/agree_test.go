package thresholds_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
	"pgregory.net/rapid"
)

// Units are spelled twice, in patterns for the schema and in the parsers of
// package unit. Whatever the loader takes the schema takes, and a text that
// only the loader refuses is out of range, not misspelled.
func TestSpellingsAgree(t *testing.T) {
	schema := compiled(t)
	alphabet := []rune("0123456789.smhdinyuµKMGiBkx/%<>=+-e ")
	for _, c := range []struct{ key, old, new string }{
		{"duration", "duration: 2m", "duration: %q"},
		{"wait", "wait: 1s..3s", "wait: %q"},
		{"spawn_rate", "spawn_rate: 5/s", "spawn_rate: %q"},
		{"p95", "p95: 200ms", "p95: %q"},
		{"success", "p95: 200ms", "success: %q"},
		{"throughput", "p95: 200ms", "throughput: %q"},
		{"max_body", "timeout: 2s", "max_body: %q"},
		{"extend", "timeout: 2s}", "timeout: 2s}\njudge: {extend: %q}"},
	} {
		t.Run(c.key, func(t *testing.T) {
			usual := rapid.SampledFrom([]string{
				"1s", "1.5s", "+1s", ".5s", "1.s", "1h1m", "0x1s",
				"1e3s", "1µs", "1μs", "1 s", "0", "1s..2s", "1s .. 2s", "1s...2s",
				"5/s", "5 /min", "5/ min", "5/h", "5/day", "5/d",
				"5/sec", "99%", "99 %", "99.5%", "%", "<1s", "< 1s", "<=1s", ">1s", ">=99%", "> 99%", "==1s",
				"1B", "1KB", "1KiB", "1 MiB", "1kiB", "1kB", "1MB", "2x", "2 x", "2.5x", "x", "1_000ms", "١s",
			})
			rapid.Check(t, func(t *rapid.T) {
				text := rapid.OneOf(usual, rapid.StringOfN(rapid.RuneFrom(alphabet), 0, 8, -1)).Draw(t, "text")
				file := strings.Replace("version: 1\ntarget: {url: http://localhost, timeout: 2s}"+rest,
					c.old, fmt.Sprintf(c.new, text), 1)
				_, err := thresholds.Decode([]byte(file), "", thresholds.Options{})
				refused := schema.Validate(documentOf(file)) != nil
				switch {
				case err == nil && refused:
					t.Errorf("%s: %q: the loader takes it, the schema does not", c.key, text)
				case err != nil && !refused && !outOfRange(err.Error()):
					t.Errorf("%s: %q: the schema takes it, the loader says %v", c.key, text, err)
				}
			})
		})
	}
}

// outOfRange says whether a mistake is about a value and not its spelling.
func outOfRange(message string) bool {
	for _, words := range []string{"out of range", "too short",
		"too long", "backwards", "cannot be", "is too low", "is outside", "leave nothing"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}

// Every object of the schema is closed, and every key that the grammar names
// is described.
func TestSchemaIsClosed(t *testing.T) {
	text, err := thresholds.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	if root["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("$schema = %v, want draft 2020-12", root["$schema"])
	}
	objects := 0
	var visit func(path string, v any)
	visit = func(path string, v any) {
		switch v := v.(type) {
		case []any:
			for i, item := range v {
				visit(fmt.Sprint(path, "/", i), item)
			}
		case map[string]any:
			properties, _ := v["properties"].(map[string]any)
			if v["type"] == "object" {
				objects++
				if properties != nil && v["additionalProperties"] != false {
					t.Errorf("%s is not closed", path)
				}
			}
			for key, property := range properties {
				if described, _ := property.(map[string]any); described["description"] == nil {
					t.Errorf("%s has no description of %s", path, key)
				}
			}
			for key, item := range v {
				visit(path+"/"+key, item)
			}
		}
	}
	visit("", root)
	if objects < 10 {
		t.Errorf("the schema has %d objects, want those of the grammar", objects)
	}
}
