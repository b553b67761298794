package thresholds_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

// A wrong value of a key that takes a few words lists them all, and the one that was
// meant: of every such key of the grammar, wherever it stands.
func TestEveryChoiceListsItsWords(t *testing.T) {
	text, err := thresholds.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{} // by path
	var walk func(node any, path string)
	walk = func(node any, path string) {
		n, ok := node.(map[string]any)
		if !ok {
			return
		}
		for _, word := range list(n["enum"]) {
			if word, ok := word.(string); ok && !slices.Contains(found[path], word) {
				found[path] = append(found[path], word)
			}
		}
		for _, choice := range list(n["anyOf"]) {
			walk(choice, path)
		}
		walk(n["items"], path+"[0]")
		walk(n["additionalProperties"], path+".x")
		properties, _ := n["properties"].(map[string]any)
		for key, value := range properties {
			walk(value, strings.TrimPrefix(path+"."+key, "."))
		}
	}
	walk(schema, "")
	if len(found) < 20 {
		t.Fatalf("%d keys take a few words, want 20 at least: %v", len(found), found)
	}
	for path, words := range found {
		t.Run(path, func(t *testing.T) {
			long := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
			for _, wrong := range []string{"no such word", long + "x"} {
				_, err := thresholds.Decode([]byte(nested(path, wrong)), "thresholds.yaml", thresholds.Options{})
				var mistakes thresholds.Errors
				if !errors.As(err, &mistakes) {
					t.Fatalf("Decode: %v", err)
				}
				at := slices.IndexFunc(mistakes, func(e *thresholds.Error) bool { return e.Path == path })
				if at < 0 {
					t.Fatalf("no mistake at %s: %v", path, err)
				}
				message := mistakes[at].Message
				for _, word := range words {
					if !strings.Contains(message, word) {
						t.Errorf("%q: %s; want %s in it", wrong, message, word)
					}
				}
				if near := "did you mean " + long + "?"; wrong != "no such word" &&
					len(words) > 1 && !strings.Contains(message, near) {
					t.Errorf("%q: %s; want %s", wrong, message, near)
				}
			}
		})
	}
}

func list(v any) []any {
	items, _ := v.([]any)
	return items
}

// nested is a file, in JSON, that has one value at a path.
func nested(path, value string) string {
	text := fmt.Sprintf("%q", value)
	keys := strings.Split(path, ".")
	for i, key := range slices.Backward(keys) {
		name, items := strings.CutSuffix(key, "[0]")
		if items {
			text = "[" + text + "]"
		}
		if i > 0 && keys[i-1] == key { // steps in a step are a transaction's
			text = fmt.Sprintf(`{"transaction": "buy", %q: %s}`, name, text)
			continue
		}
		text = fmt.Sprintf("{%q: %s}", name, text)
	}
	return text
}
