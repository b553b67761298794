package scaffold_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/har"
	"github.com/loadgate/loadgate/internal/scaffold/input"
)

// several is a description that has several of what a draft takes one: contents,
// addresses of tokens, ways to say who one is, examples.
const several = head + `"/a": {"get": {"responses": {"200": {"description": "ok", "content": {
"application/vnd.b+json": {"schema": {"type": "object", "properties": {"b_id": {"type": "integer"}}}},
"application/json": {"schema": {"type": "object", "properties": {"id": {"type": "integer"}}}},
"application/hal+json": {"schema": {"type": "object", "properties": {"c_id": {"type": "integer"}}}}}}}},
"post": {"requestBody": {"content": {"application/hal+json": {"example": {"hal": 1}}, "*/*": {"example": {"any": 1}},
"application/json": {"example": {"own": 1}}, "application/a+json": {"example": {"a": 1}}}}, "responses": {}}}},
"security": [{"one": [], "two": [], "three": []}],
"components": {"securitySchemes": {
"one": {"type": "oauth2", "flows": {"password": {"tokenUrl": "/one", "scopes": {}}}},
"two": {"type": "oauth2", "flows": {"password": {"tokenUrl": "/two", "scopes": {}}}},
"three": {"type": "apiKey", "in": "header", "name": "X-Three"}}}}`

// One source makes one draft, each time, though Go shuffles maps.
func TestSameDraftEachTime(t *testing.T) {
	sources := map[string]func() (*draft.Draft, error){
		"several": func() (*draft.Draft, error) { return fromOpenAPI([]byte(several), draft.Options{}) },
	}
	for _, name := range k6Scripts {
		text, err := os.ReadFile(filepath.Join("k6script", "testdata", name+".js"))
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = func() (*draft.Draft, error) { return fromK6(string(text)) }
	}
	sources["shop"] = func() (*draft.Draft, error) { return fromPostman(shop(t)) }
	for _, name := range []string{"one", "two", "three", "four"} {
		text := recording(t, generated(rand.New(rand.NewPCG(uint64(len(name)), uint64(name[0]))))...)
		sources[name] = func() (*draft.Draft, error) {
			return har.Draft([]input.File{{Name: "r", Text: text}},
				draft.Options{URL: "https://h.example.com"})
		}
	}
	for name, source := range sources {
		d, err := source()
		first := encoded(t, d, err)
		for range 15 {
			d, err := source()
			if again := encoded(t, d, err); again != first {
				t.Errorf("%s: the draft is\n%s\nand the next time\n%s", name, first, again)
				break
			}
		}
		if name == "several" && !strings.Contains(first, "own") {
			t.Errorf("the body is not the one of application/json:\n%s", first)
		}
	}
}
