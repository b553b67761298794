package scaffold_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// signIn is a description of POST /login, which answers so, and of a request that
// needs what was answered.
func signIn(answer, need string) string {
	return head + `"/login": {"post": {"security": [], "requestBody": {"content": {"application/json": {"schema": {
"type": "object", "required": ["email", "password"], "properties": {"email": {"type": "string"}, "password": {"type": "string"}}}}}},
"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": ` + answer + `}}}}}},
"/a": {"get": {` + need + `, "responses": {}}}}, "components": {"securitySchemes": {"k": {"type": "http", "scheme": "bearer"}}}}`
}

// A login is used wherever its answer holds the token, and for requests that
// describe the header instead of a scheme.
func TestLogins(t *testing.T) {
	object := func(properties string) string { return `{"type": "object", "properties": {` + properties + `}}` }
	const (
		scheme = `"security": [{"k": []}]`
		header = `"parameters": [{"name": "authorization", "in": "header", "required": true, "schema": {"type": ` +
			`"string"}}]`
		bearer = "Authorization: 'Bearer ${ token }'"
	)
	for _, tt := range []struct{ name, answer, need, want string }{
		{"flat", object(`"token": {"type": "string"}`), scheme, "token: body.token"},
		{"of Django", object(`"refresh": {"type": "string"}, "access": {"type": "string"}`),
			scheme, "token: body.access"},
		{"in data", object(`"data": ` +
			object(`"user": `+object(`"id": {"type": "integer"}`)+`, "accessToken": {"type": "string"}`)),
			scheme, "token: body.data.accessToken"},
		{"an object of that name",
			object(`"token": ` + object(`"value": {"type": "string"}, "jwt": {"type": "string"}`)), scheme,
			"token: body.token.jwt"},
		{"a token beside data",
			object(`"data": ` + object(`"token": {"type": "string"}`) + `, "jwt": {"type": "string"}`), scheme,
			"token: body.jwt"},
		{"a header", object(`"token": {"type": "string"}`), header, "token: body.token"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := fromOpenAPI([]byte(signIn(tt.answer, tt.need)), draft.Options{})
			got := encoded(t, d, err)
			for _, want := range []string{tt.want, bearer, "- request: POST /login"} {
				if !strings.Contains(got, want) {
					t.Errorf("want %s in\n%s", want, got)
				}
			}
		})
	}
	d, err := fromOpenAPI([]byte(head+`"/a": {"get": {`+header+`, "responses": {}}}}}`), draft.Options{})
	got := encoded(t, d, err)
	for _, want := range []string{`Authorization: 'Bearer ${ env("LOADGATE_TOKEN", "change-me") }'`,
		"its requests need a token (the header Authorization)"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
}

// A login whose description does not say what it requires shows the credentials.
func TestLoginWithoutRequired(t *testing.T) {
	text := strings.Replace(signIn(`{"type": "object", "properties": {"token": {"type": "string"}}}`,
		`"security": [{"k": []}]`), `"required": ["email", "password"], `, "", 1)
	d, err := fromOpenAPI([]byte(text), draft.Options{})
	got := encoded(t, d, err)
	for _, want := range []string{`email: '${ env("LOADGATE_USERNAME"`, `password: '${ env("LOADGATE_PASSWORD"`} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
}

// The address of a token is below that of the service, or another's.
func TestTokenAddresses(t *testing.T) {
	for _, test := range []struct{ address, want string }{
		{"https://api.example.com/v1/token", "- request: POST /token\n"},
		{"/v1/token/", "- request: POST /token/\n"},
		{"token", "- request: POST /token\n"},
		{"https://id.example.com/oauth/token", `Authorization: 'Bearer ${ env("LOADGATE_TOKEN", "change-me") }'`},
	} {
		d, err := fromOpenAPI([]byte(head+`"/a": {"get": {"responses": {}}}}, "security": [{"o": []}],
"servers": [{"url": "https://api.example.com/v1"}], "components": {"securitySchemes": {"o": {"type": "oauth2",
"flows": {"password": {"tokenUrl": "`+test.address+`", "scopes": {}}}}}}}`), draft.Options{})
		if got := encoded(t, d, err); !strings.Contains(got, test.want) {
			t.Errorf("%s: want %s in\n%s", test.address, test.want, got)
		}
	}
}
