package scaffold_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// secretNames are names of what opens a door, in many languages and spellings.
var secretNames = []string{
	"pwd", "pass", "passcode", "userPwd", "user_pass", "newPassword",
	"PASSWD", "j_password", "txtPassword1", "pw", "psw", "kennwort", "Passwort", "mot_de_passe",
	"motDePasse", "mdp", "contraseña", "contrasena", "clave", "senha",
	"parola", "wachtwoord", "lösenord", "adgangskode", "salasana", "haslo", "hasło", "heslo",
	"otp", "totpCode", "pin", "cvv", "cvc2", "cardNumber", "card_number",
	"securityAnswer", "client_secret", "secretKey", "apiKey", "x-api-key", "privateKey",
	"access_token", "refreshToken", "signature", "credentials", "verificationCode",
}

// A value beside a name of a secret is in no file, whatever its form is and
// wherever it was recorded.
func TestSecretNames(t *testing.T) {
	const value = "Blumen!heide"
	quote := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	properties, examples, parameters := map[string]any{}, map[string]any{}, []any{}
	for _, name := range secretNames {
		object := quote(map[string]any{name: value})
		form := url.Values{name: {value}}.Encode()
		all := []exchange{
			{method: "POST", mime: "application/json", body: object},
			{method: "POST", mime: "application/json",
				body: quote(map[string]any{"payload": object,
					"deep": []any{map[string]any{"input": json.RawMessage(object)}}})},
			{method: "POST", mime: "application/json",
				body: quote(map[string]any{"query": "query L { login(user: \"bob\", " +
					strings.ReplaceAll(name, "-", "_") + ": \"" + value + "\") { x } }"})},
			{method: "POST", mime: "application/x-www-form-urlencoded", body: form},
			{method: "POST", mime: "text/plain", body: name + "=" + value},
			{method: "POST", mime: "text/xml", body: "<" + name + ">" + value + "</" + name + ">"},
			{method: "GET", url: "?" + form},
			{method: "GET", url: ";" + form},
		}
		for i := range all {
			all[i].url = local + fmt.Sprintf("/a%d", i) + all[i].url
		}
		if got := drafts(t, all...); strings.Contains(got, "Blumen") {
			t.Errorf("%s is in\n%s", name, got)
		}
		properties[name] = map[string]any{"type": "string", "example": value}
		examples[name] = value
		parameters = append(parameters, map[string]any{"name": name,
			"in": "query", "required": true, "schema": map[string]any{"type": "string"}, "example": value})
	}
	for _, src := range [][]byte{
		sending("/a", quote(map[string]any{"type": "object", "required": secretNames[:30], "properties": properties})),
		sending("/a", quote(map[string]any{"type": "object", "required": secretNames[30:], "properties": properties})),
		sending("/a", quote(map[string]any{"type": "object",
			"example": map[string]any{"deep": examples, "list": []any{examples}}})),
		[]byte(head + `"/a": {"get": {"responses": {}, "parameters": ` + quote(parameters) + `}}}}`),
	} {
		d, err := fromOpenAPI(src, draft.Options{})
		if got := encoded(t, d, err); strings.Contains(got, "Blumen") || !strings.Contains(got, "env(") {
			t.Errorf("it is in\n%s", got)
		}
	}
}

// Values beside names that only look like these are kept.
func TestNoSecretNames(t *testing.T) {
	for _, name := range []string{"compass", "grant_type", "opinion",
		"spinner", "pages", "passenger", "password_policy", "code", "state", "key", "happy"} {
		if got := drafts(t, exchange{method: "POST", url: local + "/a",
			mime: "application/json", body: fmt.Sprintf(`{%q: "red"}`, name)}); !strings.Contains(got, "red}") {
			t.Errorf("%s is not in\n%s", name, got)
		}
	}
}

// What is drawn by chance is a secret by its form, beside a name that may be one's
// and behind a part of a path that is.
func TestSecretForms(t *testing.T) {
	for _, test := range []struct{ secret, at string }{
		{"4/0Bcd1fX", "/a?state=x&code=4%2F0Bcd1fX"},
		{"11aa22bb33cc44dd55ee66ff77889900", "/a?key=11aa22bb33cc44dd55ee66ff77889900"},
		{"11aa22bb33cc44dd55ee66ff77889900", "/a?11aa22bb33cc44dd55ee66ff77889900"},
		{"11aa22bb33cc44dd55ee66ff77889900", "/a?x=11aa22bb33cc44dd55ee66ff77889900"},
		{"11aa22bb33cc44dd55ee66ff77889900", "/share/11aa22bb33cc44dd55ee66ff77889900"},
		{"11aa22bb33cc44dd55ee", "/invite/11aa22bb33cc44dd55ee/x"},
		{"a1b2c3d4-0000-4000-8000-000000000001", "/magic-link/a1b2c3d4-0000-4000-8000-000000000001"},
		{"geheim99", "//u:geheim99@h/a"},
	} {
		at := local + test.at
		if strings.HasPrefix(test.at, "//") {
			at = "http:" + test.at
		}
		if got := drafts(t, exchange{method: "GET", url: at}); strings.Contains(got, test.secret) {
			t.Errorf("%s is in\n%s", test.at, got)
		}
	}
	got := drafts(t, exchange{method: "POST", url: local + "/a",
		mime: "application/json", body: `{"creds": {"u": "bob", "x": "Kurz55wort"}, "card": {"cvv": 917}}`})
	if strings.Contains(got, "Kurz55") || strings.Contains(got, "917") || !strings.Contains(got, "u: bob") {
		t.Errorf("it has\n%s", got)
	}
}

// Examples of a description that open a door are read from the environment.
func TestDescribedSecrets(t *testing.T) {
	parameter := func(in, name, more string) string {
		return head +
			fmt.Sprintf(
				`"/a": {"get": {"parameters": [{"name": %q, "in": %q, "required": true, %s}], "responses": {}}}}}`,
				name, in, more)
	}
	for _, test := range []struct{ src, want string }{
		{parameter("query", "api_key", `"schema": {"type": "string"}, "example": "Blumen1"`),
			`api_key=${ env("LOADGATE_API_KEY", "change-me") }`},
		{parameter("query", "q", `"schema": {"type": "string"}, "example": "sk_`+`live_Blumen12"`),
			`q=${ env("LOADGATE_Q", "change-me") }`},
		{parameter("header", "X-Token", `"schema": {"type": "string", "example": "Blumen1"}`),
			`headers: {X-Token: '${ env("LOADGATE_X_TOKEN", "change-me") }'}`},
		{parameter("header", "X-Token", `"schema": {"type": "string"}, "example": "Blumen1"`),
			`headers: {X-Token: '${ env("LOADGATE_X_TOKEN", "change-me") }'}`},
		{
			string(sending("/a",
				`{"type": "object", "properties": {"word": {"type": "string", "format": "password", "example": `+
					`"Blumen1"}}}`)), `word: '${ env("LOADGATE_PASSWORD", "change-me") }'`},
		{
			string(sending("/a",
				`{"type": "object", "properties": {"word": {"type": "string", "format": "password"}}, "example": `+
					`{"word": "Blumen1"}}`)), `word: '${ env("LOADGATE_PASSWORD", "change-me") }'`},
		{string(sending("/a", `{"type": "object", "properties": {"pin": {"type": "integer", "example": 8171}}}`)),
			`pin: '${ env("LOADGATE_PIN", "change-me") }'`},
		{
			string(sending("/a",
				`{"type": "object", "properties": {"apiKey": {"type": "string", "default": "Blumen1"}}}`)),
			`apiKey: '${ env("LOADGATE_APIKEY", "change-me") }'`},
		{
			string(sending("/a",
				`{"type": "object", "properties": {"n": {"type": "integer", "example": 5500000000000004}}}`)),
			`'n': '${ env("LOADGATE_N", "change-me") }'`},
		{
			string(sending("/a",
				`{"type": "object", "properties": {"word": {"type": "string", "enum": ["GB82WEST12345698765432"]}}}`)),
			`word: '${ env("LOADGATE_WORD", "change-me") }'`},
		{parameter("header", "X-Tenant-Id", `"schema": {"type": "string"}, "example": "acme"`),
			"headers: {X-Tenant-Id: acme}"},
	} {
		d, err := fromOpenAPI([]byte(test.src), draft.Options{})
		if got := encoded(t, d, err); !strings.Contains(got, test.want) || strings.Contains(got, "Blumen") ||
			strings.Contains(got, "8171") || strings.Contains(got, "WEST") || strings.Contains(got, "5500000") {
			t.Errorf("want %s in\n%s", test.want, got)
		}
	}
}
