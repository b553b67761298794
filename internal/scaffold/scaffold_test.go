package scaffold_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/openapi"
	"github.com/loadgate/loadgate/internal/thresholds"
)

var update = flag.Bool("update", false, "write the golden files")

func encoded(t *testing.T, d *draft.Draft, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// golden holds a file against the one in testdata.
func fromOpenAPI(text []byte, o draft.Options) (*draft.Draft, error) {
	return openapi.Draft(input.File{Text: text}, o)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func source(t *testing.T, elements ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "testdata", "corpus"}, elements...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A service written with FastAPI: its token is a start step, what is made is
// what is read and deleted, and what nobody can guess is a comment.
func TestFastAPI(t *testing.T) {
	d, err := fromOpenAPI(source(t, "openapi", "fastapi.json"), draft.Options{})
	golden(t, "init-fastapi.yaml", encoded(t, d, err))
	if looks := strings.Join(d.Looks(), "\n"); !strings.Contains(looks,
		"GET /secrets/{code} (a comment in the file): which code are there?") {
		t.Errorf("it does not say what to look at:\n%s", looks)
	}
}

const head = `{"openapi": "3.1.0", "info": {"title": "a service", "version": "1"}, "paths": {`

// swagger begins one in Swagger 2.0.
const swagger = `{"swagger": "2.0", "info": {"title": "a service", "version": "1"}, "paths": {`

// twelve are properties that refer to what they are of.
func twelve() string {
	var all []string
	for _, name := range "abcdefghjklm" {
		all = append(all, `"`+string(name)+`": {"$ref": "#/components/schemas/N"}`)
	}
	return strings.Join(all, ", ")
}

// What becomes of one description.
func TestOpenAPI(t *testing.T) {
	schema := func(s string) string {
		return head +
			`"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object", ` +
			`"required": ["v"], "properties": {"v": ` + s + `}}}}}, "responses": {}}}}}`
	}
	parameter := func(s string) string {
		return head + `"/a/{id}": {"get": {"parameters": [{"name": "id", "in": "path", "required": true, ` +
			s + `}], "responses": {}}}, "/b": {"get": {"responses": {}}}}}`
	}
	one := func(name, schema string) string {
		sent := map[string]string{"R": "R", "Base": "Made"}[name]
		return head +
			`"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": ` +
			`"#/components/schemas/` + sent + `"}}}}, "responses": {}}}}, "components": {"schemas": {"` +
			name + `": ` + schema + `,
			"Boat": {"type": "object", "required": ["masts", "type"], "properties": {"masts": {"type": "integer"}, "type": {"type": "string"}}},
			"Car": {"type": "object"}, "Made": {"allOf": [{"$ref": "#/components/schemas/` + name + `"}, {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}]}}}}`
	}
	for _, test := range []struct{ name, src, want string }{
		{"bounds", schema(`{"type": "integer", "minimum": 3, "maximum": 9}`), `json: {v: '${ int(3, 9) }'}`},
		{"exclusive bounds of 3.1", schema(`{"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 9}`),
			`json: {v: '${ int(4, 8) }'}`},
		{"one value", schema(`{"type": "integer", "minimum": 3, "maximum": 3}`), `json: {v: 3}`},
		{"an id of somebody else may stay away", head +
			`"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object", ` +
			`"properties": {"tutor_id": {"type": "integer"}}}}}}, "responses": {}}}}}`,
			"request: POST /a\n        json: {}"},
		{"nullable of 3.1", schema(`{"anyOf": [{"type": "null"}, {"type": "boolean"}]}`),
			`json: {v: '${ chance(0.5) }'}`},
		{"several types", schema(`{"type": ["null", "string"], "format": "uuid"}`), `json: {v: '${ uuid() }'}`},
		{"enum without null", schema(`{"enum": [null, "a", "b"]}`), `json: {v: '${ pick("a", "b") }'}`},
		{"enum of one", schema(`{"enum": ["a"]}`), `json: {v: a}`},
		{"example", schema(`{"type": "string", "example": "it costs ${ x }"}`), `json: {v: 'it costs $${ x }'}`},
		{"examples of 3.1", schema(`{"type": "string", "examples": ["yes"]}`), `json: {v: 'yes'}`},
		{"time", schema(`{"type": "string", "format": "date-time"}`), `json: {v: '${ now() }'}`},
		{"length", schema(`{"type": "string", "minLength": 10, "maxLength": 12}`), `json: {v: loadgate loa}`},
		{"password", head +
			`"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object", ` +
			`"properties": {"password": {"type": "string"}}}}}}, "responses": {}}}}}`,
			`password: '${ env("LOADGATE_PASSWORD", "change-me") }'`},
		{"all of",
			schema(
				`{"allOf": [{"type": "object", "required": ["x"], "properties": {"x": {"type": "boolean"}}}, ` +
					`{"required": ["z"], "properties": {"z": {"const": 1}}}]}`), `v: {x: '${ chance(0.5) }', z: 1}`},
		{"list", schema(`{"type": "array", "minItems": 2, "items": {"const": "a"}}`), `v: [a, a]`},
		{"what is read only", head +
			`"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object", ` +
			`"properties": {"id": {"type": "integer", "readOnly": true}, "x": {"const": 1}}}}}}, "responses": {}}}}}`,
			`json: {x: 1}`},
		{"without end", head +
			`"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": ` +
			`"#/components/schemas/N"}}}}, "responses": {}}}}, "components": {"schemas": {"N": {"type": "object", ` +
			`"required": ["a", "b", "c", "d", "e", "f", "g", "h", "j", "k", "l", "m"], "properties": {` +
			twelve() + `}}}}}`, `a: {}`},
		{"example in a path", parameter(`"schema": {"type": "string", "examples": ["a b"]}`),
			"- request: 'GET /a/a%20b'\n        name: 'GET /a/{id}'"},
		{"number in a path", parameter(`"schema": {"type": "integer"}`),
			"# look: which id are there?\n      - request: 'GET /a/${ int(1, 10) }'"},
		{"text in a path", parameter(`"schema": {"type": "string"}`),
			"# look: group a is a comment: none of its " +
				"requests can be sent unchanged\n  # look: GET /a/{id}: which id are there?\n  # a:\n" +
				"  #   wait: 1s..5s\n  #  " +
				" steps:\n  #     - request: GET /a/loadgate"},
		{"query", head +
			`"/a": {"get": {"parameters": [{"name": "q", "in": "query", "required": true, "schema": {"enum": ["x", ` +
			`"y"]}}, {"name": "r", "in": "query", "schema": {"type": "string"}}], "responses": {}}}}}`,
			"- request: 'GET /a?q=${ pick(\"x\", \"y\") }'\n        name: 'GET /a?q={q}'"},
		{"header", head +
			`"/a": {"get": {"parameters": [{"name": "X-Tenant", "in": "header", "required": true, "schema": {"enum": ` +
			`["acme"]}}], "responses": {}}}}}`, "headers: {X-Tenant: acme}"},
		{"file", head +
			`"/a": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": {}}}}, "responses": {}}}, ` +
			`"/b": {"get": {"responses": {}}}}}`,
			"POST /a: its body is multipart/form-data: write text, file or multipart"},
		{"basic", head +
			`"/a": {"get": {"responses": {}, "security": [{"b": []}]}}}, "components": {"securitySchemes": {"b": ` +
			`{"type": "http", "scheme": "basic"}}}}`, "basic:"},
		{"key", head +
			`"/a": {"get": {"responses": {}}}}, "security": [{"k": []}], "components": {"securitySchemes": {"k": ` +
			`{"type": "apiKey", "in": "header", "name": "X-Key"}}}}`,
			`headers: {X-Key: '${ env("LOADGATE_API_KEY", "change-me") }'}`},
		{"key in the query", head +
			`"/a": {"get": {"responses": {}, "security": [{"k": []}]}}}, "components": {"securitySchemes": {"k": ` +
			`{"type": "apiKey", "in": "query", "name": "key"}}}}`,
			`'GET /a?key=${ env("LOADGATE_API_KEY", "change-me") }'`},
		{"token of nowhere", head +
			`"/a": {"get": {"responses": {}, "security": [{"k": []}]}}}, "components": {"securitySchemes": {"k": ` +
			`{"type": "http", "scheme": "bearer"}}}}`,
			`Authorization: 'Bearer ${ env("LOADGATE_TOKEN", "change-me") }'`},
		{"anybody may", head +
			`"/a": {"get": {"responses": {}, "security": [{}, {"k": []}]}}}, "components": {"securitySchemes": {"k": ` +
			`{"type": "http", "scheme": "bearer"}}}}`, "a:\n    wait: 1s..5s\n    steps:\n      - GET /a"},
		{"one of several that a value tells apart",
			one("R",
				`{"oneOf": [{"$ref": "#/components/schemas/Boat"}], "discriminator": {"propertyName": "type", `+
					`"mapping": {"a": "#/components/schemas/Car", "b": "#/components/schemas/Boat"}}}`),
			`json: {masts: '${ int(1, 100) }', type: b}`},
		{"one of several that its name tells apart",
			one("R", `{"anyOf": [{"$ref": "#/components/schemas/Boat"}], "discriminator": {"propertyName": "type"}}`),
			`json: {masts: '${ int(1, 100) }', type: Boat}`},
		{"what is made of another",
			one("Base",
				`{"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}, `+
					`"discriminator": {"propertyName": "type", "mapping": {"m": "#/components/schemas/Made"}}}`),
			`json: {'n': '${ int(1, 100) }', type: m}`},
		{"server", head + `"/a": {"get": {"responses": {}}}}, "servers": [{"url": "https://api.example.com/v1"}]}`,
			"url: 'https://api.example.com/v1'\n  # look: it is not this machine: is it yours to load?\n  allow: " +
				"[api.example.com]"},
		{"words that are no names",
			`{"openapi": "3.0.3", "info": {"title": "a\n# b: c", "version": "1"}, "paths": {"/a": {"get": {"tags": ` +
				`["x: 'y'\n\u0000"], "responses": {}}}}}`, "name: 'a # b: c'"},
		{"what a part says of a value",
			schema(`{"allOf": [{"type": "integer", "minimum": 3, "maximum": 9}], "description": "x"}`),
			`json: {v: '${ int(3, 9) }'}`},
		{"what is beside alternatives", schema(`{"type": "object", "required": ["a"], "properties": ` +
			`{"a": {"const": 1}}, "oneOf": [{"required": ["b"], "properties": {"b": {"const": 2}}}]}`),
			`v: {a: 1, b: 2}`},
		{"a narrow number", schema(`{"type": "number", "exclusiveMinimum": 0, "maximum": 1}`),
			`json: {v: '${ float(0.01, 1) }'}`},
		{"a number of cents", schema(`{"type": "number", "minimum": 0, "maximum": 5, "multipleOf": 0.01}`),
			`json: {v: '${ int(0, 500) / 100 }'}`},
		{"a header that OpenAPI ignores", head +
			`"/a": {"get": {"parameters": [{"name": "Accept", "in": "header", "required": true, "schema": {"enum": ` +
			`["a"]}}], "responses": {}}}}}`, "steps:\n      - GET /a\n"},
		{"a parameter that overrides that of its path", head +
			`"/a": {"parameters": [{"name": "X-T", "in": "header", "required": true, "schema": {"enum": ["p"]}}], ` +
			`"get": {"parameters": [{"name": "X-T", "in": "header", "required": true, "schema": {"enum": ["o"]}}], ` +
			`"responses": {}}}}}`, "headers: {X-T: o}"},
		{"two schemes for one header", head +
			`"/a": {"get": {"responses": {}, "security": [{"b": []}]}}, "/a/c": {"get": {"responses": {}, ` +
			`"security": [{"k": []}]}}}, "components": {"securitySchemes": {"b": {"type": "http", "scheme": ` +
			`"basic"}, "k": {"type": "http", "scheme": "bearer"}}}}`,
			"# look: some of its requests need k instead: split the group, or give them headers of their own\n  a:"},
		{"two tokens", head +
			`"/a": {"get": {"responses": {}, "security": [{"k": []}]}}, "/a/c": {"get": {"responses": {}, ` +
			`"security": [{"o": []}]}}}, "components": {"securitySchemes": {"o": {"type": "http", "scheme": ` +
			`"bearer"}, "k": {"type": "http", "scheme": "bearer"}}}}`, "steps:\n      - GET /a\n      - GET /a/c\n"},
		{"YAML", "openapi: 3.0.3\ninfo: {title: y, version: '1'}\npaths:\n  /a:\n    get: {responses: {}}\n",
			"- GET /a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromOpenAPI([]byte(test.src), draft.Options{})
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// A path that the description's server has is below where it was found, or
// where it is asked for.
// One request that no file can hold is a comment, and costs no other its place.
func TestTooLargeForAFile(t *testing.T) {
	large := strings.Repeat("word ", 1<<18)
	d, err := fromOpenAPI([]byte(`{"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {
		"/notes": {"post": {"requestBody": {"content": {"application/json": {"example": {"text": "`+large+`"}}}}}},
		"/shelves": {"get": {}}, "/tutors": {"get": {}}}}`), draft.Options{})
	text := encoded(t, d, err)
	if got := sent(t, text); !slices.Equal(got, []string{"GET /shelves", "GET /tutors"}) {
		t.Errorf("sends %v in\n%s", got, text)
	}
	if !strings.Contains(text, "# look: POST /notes: thresholds.yaml could not be read with it") {
		t.Errorf("the large request is not a comment:\n%s", text)
	}
}

func TestOpenAPIServers(t *testing.T) {
	for _, test := range []struct{ server, url, want string }{
		{"/v1", "", "url: 'http://localhost:8000/v1'"},
		{"/v1", "http+unix:///run/app.sock", "url: 'http+unix:///run/app.sock:/v1'"},
		{"/v1", "http://127.0.0.1:9000", "url: 'http://127.0.0.1:9000/v1'"},
		{"/v1", "http://127.0.0.1:9000/v2", "url: 'http://127.0.0.1:9000/v2'"},
		{"https://api.example.com/v1", "http://127.0.0.1:9000", "url: 'http://127.0.0.1:9000/v1'"},
		{"https://{region}.example.com", "", "url: 'http://localhost:8000'"},
		{"https://{region}.example.com", "",
			"# look: the description's server https://{region}.example.com is not an address: is target.url right?"},
		{
			`https://{a}.example.com/{b}", "variables": {"a": {"default": "live"}, "b": {"enum": ["v2"], "default": ` +
				`"v2"}}, "x-a": "`, "", "url: 'https://live.example.com/v2'"},
		{`https://{a}.example.com/{b}", "variables": {"a": {"default": "live"}, "b": {"default": "v2"}}, "x-a": "`,
			"", "# look: target.url has the defaults of the description's server: a live, b v2"},
		{`https://{a}.example.com/{b}", "variables": {"a": {"default": "live"}, "b": {"default": "v2"}}, "x-a": "`,
			"http://127.0.0.1:9000", "url: 'http://127.0.0.1:9000/v2'"},
	} {
		d, err := fromOpenAPI([]byte(head+`"/a": {"get": {"responses": {}}}}, "servers": [{"url": "`+
			test.server+`"}]}`), draft.Options{URL: test.url})
		if got := encoded(t, d, err); !strings.Contains(got, test.want+"\n") {
			t.Errorf("%s at %s: want %s in\n%s", test.server, test.url, test.want, got)
		}
	}
}

// What cannot be made a file of says why.
func TestOpenAPIRefuses(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"empty", ``, "read OpenAPI"},
		{"another version", `{"openapi": "4.0", "info": {"title": "x", "version": "1"}, "paths": {}}`,
			"only versions 2.0 (Swagger), 3.0 and 3.1 are known"},
		{"nothing to send", head + `}}`, "it has no request that can be sent unchanged"},
		{"external", head + `"/a": {"$ref": "file:///etc/passwd"}}}`, "external"},
		{"external schema", head +
			`"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": ` +
			`"http://127.0.0.1:9/x.json"}}}}, "responses": {}}}}}`, "external"},
		{"external in Swagger", swagger + `"/b": {"get": {"responses": {}}}, "/a": {"$ref": "other.json#/x"}}}`,
			"it refers to other.json#/x, and what is external to it is not read"},
		{"nowhere", head + `"/b": {"get": {"responses": {}}}, "/a": {"$ref": "#/x-none"}}}`,
			"it refers to #/x-none, which is not in it"},
		{"nowhere in Swagger", swagger + `"/b": {"get": {"responses": {}}}, "/a": {"$ref": "#/x-none"}}}`,
			"it refers to #/x-none, which is not in it"},
		{"behind a list", swagger + `"/b": {"get": {"responses": {}}}, "/a": {"$ref": "#/x-a/1"}}, "x-a": [{}]}`,
			"it refers to #/x-a/1, which is not in it"},
		{"the whole", swagger + `"/b": {"get": {"responses": {}}}, "/a": {"$ref": "#"}}}`,
			"it refers to #, which is not in it"},
		{"no path", swagger + `"/b": {"get": {"responses": {}}}, "/a": {"$ref": "#/paths"}}}`,
			"it refers to #/paths, which is no path"},
		{"a text", swagger + `"/b": {"get": {"responses": {}}}, "/a": {"$ref": "#/info/title"}}}`,
			"it refers to #/info/title, which is not what is needed there"},
		{"a circle", head + `"/b": {"get": {"responses": {}}}, "/a": {"$ref": "#/paths/~1c"}, "/c": {"$ref": ` +
			`"#/paths/~1a"}}}`, "it refers to #/paths/~1c, which leads back to itself"},
		{"a parameter that holds itself", swagger + `"/a": {"get": {"parameters": [{"$ref": "#/paths/~1a"}], ` +
			`"responses": {}}}}}`, "it refers to #/paths/~1a, which is not what is needed there"},
	} {
		if _, err := fromOpenAPI([]byte(test.src), draft.Options{}); err == nil ||
			!strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// Whatever a description says, the file that comes of it is read back, or
// there is an error of the description.
func FuzzOpenAPI(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "corpus", "openapi", "fastapi.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(head +
		`"/a/{b}": {"get": {"tags": ["${ x }"], "parameters": [{"name": "b", "in": "path", "required": true, ` +
		`"example": "${ y }", "schema": {}}], "responses": {}}}}}`))
	f.Add([]byte(head +
		`"/a/{b}/{c}.{d}": {"post": {"tags": ["- x"], "requestBody": {"content": {"application/json": {"example": ` +
		`{"a: b": "\u2028"}}}}, "responses": {}}}}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := fromOpenAPI(src, draft.Options{})
		if err != nil {
			if strings.Contains(err.Error(), "cannot be read back") {
				t.Fatal(err)
			}
			return
		}
		text, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := thresholds.Decode(text, "thresholds.yaml", thresholds.Options{}); err != nil {
			t.Fatal(err)
		}
	})
}

// A draft loads one host: a pattern of hosts, which some descriptions have as their server, is no address.
func TestServerIsOneHost(t *testing.T) {
	_, err := fromOpenAPI(described("GET /a"), draft.Options{URL: "https://*.preview.example.com"})
	if err == nil || !strings.Contains(err.Error(), "has a *; write the name of one host") {
		t.Errorf("a draft for a pattern of hosts: %v", err)
	}
}
