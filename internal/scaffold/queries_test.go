package scaffold_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// Lists and objects of a query are written as OpenAPI's styles say.
func TestQueryStyles(t *testing.T) {
	const tree = `"schema": {"type": "object", "properties": {"color": {"type": "string"}, "size": {"type": ` +
		`"integer"}}}, "example": {"color": "red", "size": 3}`
	const words = `"schema": {"type": "array", "items": {"type": "string"}}, "example": ["a", "b c"]`
	for _, test := range []struct{ more, want string }{
		{`"style": "deepObject", "explode": true, ` + tree, "/a?f[color]=red&f[size]=3"},
		{`"style": "deepObject", ` + tree, "/a?f[color]=red&f[size]=3"},
		{tree, "/a?color=red&size=3"},
		{`"explode": false, ` + tree, "/a?f=color,red,size,3"},
		{words, "/a?f=a&f=b+c"},
		{`"explode": false, ` + words, "/a?f=a,b+c"},
		{`"style": "spaceDelimited", "explode": false, ` + words, "/a?f=a%20b+c"},
		{`"style": "pipeDelimited", "explode": false, ` + words, "/a?f=a%7Cb+c"},
		{`"style": "pipeDelimited", "explode": true, ` + words, "/a?f=a&f=b+c"},
		{`"content": {"application/json": {` + tree + `}}`, "/a?f=%7B%22color%22%3A%22red%22%2C%22size%22%3A3%7D"},
		{
			`"content": {"application/json": {"schema": {"type": "object", "required": ["n"], "properties": {"n": ` +
				`{"type": "integer", "minimum": 1, "maximum": 4}}}}}`,
			"/a?f=%7B%22n%22%3A${ int(1, 4) }%7D"},
		{
			`"style": "deepObject", "schema": {"type": "object", "required": ["n"], "properties": {"n": {"type": ` +
				`"integer", "minimum": 1, "maximum": 4}}}`,
			"/a?f[n]=${ int(1, 4) }"},
		{`"schema": {"type": "string"}, "example": "x"`, "/a?f=x"},
	} {
		src := head +
			fmt.Sprintf(
				`"/a": {"get": {"parameters": [{"name": "f", "in": "query", "required": true, %s}], `+
					`"responses": {}}}}}`, test.more)
		d, err := fromOpenAPI([]byte(src), draft.Options{})
		if got := encoded(t, d, err); !strings.Contains(got, "GET "+test.want+"'") {
			t.Errorf("%s: want %s in\n%s", test.more, test.want, got)
		}
	}
}
