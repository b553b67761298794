package scaffold_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// An expression shows a secret by the name of its value, by the names in it, or by its form.
func TestSecretsInExpressions(t *testing.T) {
	for _, test := range []struct {
		name, code string
		login      bool
		want       bool
	}{
		{"password", `pick("blume", "heide")`, false, true},
		{"password", `pick(["blume"])`, false, true},
		{"password", `uuid()`, false, false},
		{"password", `join(list(8, pick(split("abcdef0123", ""))), "")`, false, false},
		{"password", `pick(split("blume,heide", ","))`, false, true},
		{"password", `format("%Y-%m-%d", now())`, false, false},
		{"pin", `pick(4711, 4712)`, false, true},
		{"pin", `int(1000, 9999)`, false, false},
		{"color", `pick("blume", "heide")`, false, false},
		{"color", `pick("ghp_AbCdEfGh0123456789AbCdEfGh")`, false, true},
		{"user", `pick({"name": "ada", "password": "blume"}).name`, false, true},
		{"user", `pick({"name": "ada", "hint": "blume"}).name`, false, false},
		{"word", `pick("blume", "heide")`, true, true},
		{"username", `pick("blume", "heide")`, true, false},
		{"q", `env("API_KEY", "blume")`, false, true},
		{"q", `env("API_KEY", "change-me")`, false, false},
		{"q", `env("COLOR", "blume")`, false, false},
		{"", `body.token == "blume"`, false, true},
		{"", `"blume" == body.user.password`, false, true},
		{"", `body.credentials.word == "blume"`, false, true},
		{"", `body.credentials.user == "blume"`, false, false},
		{"", `headers["X-Auth-Token"] contains "blume"`, false, true},
		{"", `body?.password in ["blume", "heide"]`, false, true},
		{"", `body.pin == 4711`, false, true},
		{"", `len(body.password) > 8 && body.name == "ada"`, false, false},
		{"", `body.password != nil && body.name == "ada"`, false, false},
		{"", `body.password != "" or status in [200, 201]`, false, false},
		{"", `body["s3cr3tValu3of7Letters"]`, false, true},
		{"", `body["my id"].a`, false, false},
		{"", `"unterminated`, false, false},
	} {
		if got := secrets.InExpression(test.name, test.code, test.login); got != test.want {
			t.Errorf("InExpression(%q, %s, %v) = %v, want %v", test.name, test.code, test.login, got, test.want)
		}
	}
}

// A word that no form gives away is a secret by the name that the script gives it, wherever it is shown.
func TestK6KeepsNamedSecrets(t *testing.T) {
	const word = "blumenheide"
	for name, body := range map[string]string{
		"drawn in JSON":        "http.post(B + '/a', JSON.stringify({ password: randomItem(['@', 'x']) }));",
		"drawn in a form":      "http.post(B + '/a', { password: randomItem(['@', 'x']) });",
		"drawn in a query":     "http.get(B + '/a?api_key=' + randomItem(['@', 'x']));",
		"drawn in a header":    "http.get(B + '/a', { headers: { 'X-Api-Key': randomItem(['@', 'x']) } });",
		"drawn as a token":     "http.get(B + '/a', { headers: { Authorization: `Token ${randomItem(['@'])}` } });",
		"drawn at a login":     "http.post(B + '/login', { user: 'ada', word: randomItem(['@', 'x']) });",
		"a default":            "http.post(B + '/a', { password: __ENV.XY || '@' });",
		"a default at a login": "http.post(B + '/login', { user: 'ada', word: __ENV.XY || '@' });",
		"a part of it":         "http.post(B + '/a', { password: '@' + __VU });",
		"a constant":           "const PASSWORD = '@'; http.get(B + '/a?q=' + PASSWORD);",
		"a property":           "const u = { apiKey: '@' }; http.get(`${B}/a?q=${u.apiKey}`);",
		"a property by itself": "const { apiKey } = { apiKey: '@' }; http.get(`${B}/a?q=${apiKey}`);",
		"one of a list":        "const passwords = ['@', 'x']; http.get(B + '/a?q=' + passwords[0]);",
		"each of a list":       "const secret = ['@', 'x']; for (const p of secret) { http.get(`${B}/s/${p}`); }",
		"drawn from a list":    "const secrets = ['@', 'x']; http.get(B + '/a?q=' + randomItem(secrets));",
		"one of an object": "const tokens = { a: ['@'] }; " +
			"http.post(B + '/a', JSON.stringify({ q: tokens.a[0] }));",
		"in a group's name":     "group('g password=@', () => { http.get(B + '/a'); });",
		"in a request's name":   "http.get(B + '/a', { tags: { name: '/x?token=@&a=1' } });",
		"a check":               "check(http.get(B + '/a'), { ok: (r) => r.json('password') === '@' });",
		"a check the other way": "check(http.get(B + '/a'), { ok: (r) => '@' == r.json().user.token });",
		"a check of a list":     "check(http.get(B + '/a'), { ok: (r) => ['@'].includes(r.json('secret')) });",
		"a check of a header":   "check(http.get(B + '/a'), { ok: (r) => r.headers['X-Auth-Token'] === '@' });",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := fromK6(k6Script(strings.ReplaceAll(body, "@", word)))
			text := encoded(t, d, err)
			if all := text + strings.Join(d.Looks(), "\n"); strings.Contains(all, word) {
				t.Errorf("the secret is in\n%s", all)
			}
			if strings.HasPrefix(name, "a check") && !strings.Contains(text, "left out: a check that compares") {
				t.Errorf("nothing is said of the check in\n%s", text)
			}
		})
	}
	const options = "export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1m', " +
		"env: { PASSWORD: '" + word + "' } } } };\n"
	script := options + k6Script("http.get(`${B}/a?q=${__ENV.PASSWORD}`);")
	d, err := fromK6(script)
	if text := encoded(t, d, err); strings.Contains(text, word) {
		t.Errorf("the secret of a scenario is in\n%s", text)
	}
}

// A name that is a secret itself is nowhere in a draft.
func TestK6KeepsSecretNames(t *testing.T) {
	const secret = "s3cr3tValu3of7Letters"
	for name, body := range map[string]string{
		"of a header":  "http.get(B + '/a', { headers: { 'SECRET': 'x' } });",
		"of a value":   "http.post(B + '/a', JSON.stringify({ SECRET: 'x' }));",
		"of a field":   "http.post(B + '/a', { SECRET: 'x' });",
		"of a query":   "http.get(B + '/a?SECRET=1');",
		"of an answer": "const r = http.get(B + '/a'); http.get(B + '/b/' + r.json('data.SECRET'));",
		"of a check":   "check(http.get(B + '/a'), { 'SECRET': (r) => foo(r) });",
		"of a group":   "group('SECRET', () => { http.get(B + '/a'); });",
		"of a request": "http.get(B + '/a', { tags: { name: 'SECRET' } });",
		"of an option": "http.get(B + '/a', { SECRET: 1 });",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := fromK6(k6Script(strings.ReplaceAll(body, "SECRET", secret)))
			text := encoded(t, d, err)
			if all := text + strings.Join(d.Looks(), "\n"); strings.Contains(all, secret) {
				t.Errorf("the secret is in\n%s", all)
			}
		})
	}
}
