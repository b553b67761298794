package scaffold_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/har"
	"github.com/loadgate/loadgate/internal/scaffold/input"
)

// Two secrets of one name have a variable each, and what is shown twice has one.
func TestSecretsHaveTheirOwnVariables(t *testing.T) {
	logIn := func(password string) string { return `{"username":"ada","password":"` + password + `"}` }
	request := func(token, body string) string {
		return `{"name": "n", "request": {"method": "POST", "url": "{{B}}/login", "auth": {"type": "bearer", ` +
			`"bearer": [{"key": "token", "value": "` + token + `"}]}, "body": {"mode": "raw", "raw": ` + body + `}}}`
	}
	escaped := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }
	folders := `{"info": {"name": "c"}, "variable": [{"key": "B", "value": "http://localhost:8000"}], "item": [` +
		`{"name": "a", "item": [` + request("sesame-1", escaped(logIn("blume-1"))) + `]}, ` +
		`{"name": "b", "item": [` + request("sesame-2", escaped(logIn("blume-2"))) + `, ` +
		request("sesame-1", escaped(logIn("blume-1"))) + `]}]}`
	of := func(name, number string) string { return `env("LOADGATE_` + name + number + `", "change-me")` }
	python := inUser(`self.client.post("/login", json={"username": "ada", "password": "blume-1"}, ` +
		`headers={"Authorization": "Bearer sesame-1"})
self.client.post("/login", json={"username": "ada", "password": "blume-2"}, headers={"Authorization": "Bearer sesame-2"})
self.client.post("/login", json={"username": "ada", "password": "blume-1"}, headers={"Authorization": "Bearer sesame-1"})`)
	script := "const post = (w, t) => http.post(B + '/login', JSON.stringify({ username: 'ada', password: w }), " +
		"{ headers: { Authorization: 'Bearer ' + t } }); post('blume-1', 'sesame-1'); " +
		"post('blume-2', 'sesame-2'); post('blume-1', 'sesame-1');"
	token := func(n string) string { return header("Authorization", "Bearer sesame-"+n) }
	plan := testPlan(post("/login", logIn("blume-1"), token("1")), post("/login", logIn("blume-2"), token("2")),
		post("/login", logIn("blume-1"), token("1")))
	for _, test := range []struct {
		name string
		read func() (*draft.Draft, error)
	}{
		{"Postman", func() (*draft.Draft, error) { return fromPostman(folders) }},
		{"k6", func() (*draft.Draft, error) { return fromK6(k6Script(script)) }},
		{"Locust", func() (*draft.Draft, error) { return fromLocustfile(t, python) }},
		{"JMeter", func() (*draft.Draft, error) { return fromJMX(plan) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := test.read()
			got := encoded(t, d, err)
			for _, name := range []string{"PASSWORD", "TOKEN"} {
				var found []string
				for _, line := range strings.Split(got, "\n") {
					for _, number := range []string{"", "_2", "_3"} {
						if strings.Contains(line, of(name, number)) {
							found = append(found, "1"+number)
						}
					}
				}
				if all := strings.Join(found, " "); all != "1 1_2 1" {
					t.Errorf("the variables of %s are %s, want 1 1_2 1, in\n%s", name, all, got)
				}
			}
			if strings.Contains(got, "blume") || strings.Contains(got, "sesame") ||
				!strings.Contains(got, "# look: set LOADGATE_PASSWORD_2: ") {
				t.Errorf("the file is\n%s", got)
			}
		})
	}
}

// Users of different recordings have secrets of their own, and one user has one of a name, however often it changes.
func TestRecordedSecretsOfUsers(t *testing.T) {
	file := func(name, password string) input.File {
		logIn := exchange{method: "POST", url: "http://localhost:8000/login", mime: "application/json",
			body: `{"username":"ada","password":"` + password + `"}`, answer: "{}"}
		read := exchange{at: 1, method: "GET", url: "http://localhost:8000/a?csrf_token=one-" + password, answer: "{}"}
		again := read
		again.at, again.url = 2, "http://localhost:8000/b?csrf_token=two-"+password
		return input.File{Name: name, Text: recording(t, logIn, read, again)}
	}
	d, err := har.Draft([]input.File{file("a", "blume-1"), file("b", "blume-2")}, draft.Options{})
	got := encoded(t, d, err)
	const want = "env: [LOADGATE_PASSWORD, LOADGATE_CSRF_TOKEN, LOADGATE_PASSWORD_2, LOADGATE_CSRF_TOKEN_2]\n"
	if !strings.Contains(got, want) || strings.Contains(got, "blume") {
		t.Errorf("want\n%s\nin\n%s", want, got)
	}
}

// The host of an address with a user is the service, and the user is sent as auth, which is said once.
func TestUserInAddress(t *testing.T) {
	collection := `{"info": {"name": "c"}, "variable": [{"key": "base", "value": ` +
		`"http://ada:blume-1@localhost:8000/v1"}], "item": [{"name": "a", "request": "{{base}}/a"}, ` +
		`{"name": "b", "request": {"method": "GET", "url": "{{base}}/b"}}, {"name": "c", "request": ` +
		`{"method": "GET", "url": "{{base}}/c", "header": [{"key": "X-Base", "value": "{{base}}"}]}}]}`
	script := "import http from 'k6/http'; const B = 'http://ada:blume-1@localhost:8000/v1';\n" +
		"export default function () { http.get(B + '/a'); http.get(B + '/b'); http.get(B + '/c'); }"
	for _, test := range []struct {
		name, prefix string
		read         func() (*draft.Draft, error)
	}{
		{"Postman", "LOADGATE_BASE_", func() (*draft.Draft, error) { return fromPostman(collection) }},
		{"k6", "LOADGATE_", func() (*draft.Draft, error) { return fromK6(script) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := test.read()
			got := encoded(t, d, err)
			look := "# look: set " + test.prefix + "USERNAME and " + test.prefix +
				"PASSWORD: addresses have a user and a password, which are not here\n"
			auth := "    auth: {basic: {username: '${ env(\"" + test.prefix + "USERNAME\", \"change-me\") }', " +
				"password: '${ env(\"" + test.prefix + "PASSWORD\", \"change-me\") }'}}\n    steps:\n" +
				"      - GET /v1/a\n"
			for _, want := range []string{look, auth, "url: 'http://localhost:8000'\n",
				"secret: [" + test.prefix + "USERNAME"} {
				if strings.Count(got, want) != 1 {
					t.Errorf("want once\n%s\nin\n%s", want, got)
				}
			}
			if strings.Contains(got, "blume") || strings.Contains(got, "ada") {
				t.Errorf("the user is in\n%s", got)
			}
		})
	}
}

// A secret within an expression is one, whatever it is: a number, a text to split, the default of a variable.
func TestSecretsInDrawnValues(t *testing.T) {
	d, err := fromLocustfile(t, inUser(`self.client.post("/cards", json={"pin": random.choice([4711, 4712]),
    "color": random.choice(["blume", "heide"]), "size": random.randint(1, 9)})
self.client.get("/cards", params={"pin": random.choice([4711, 4712]), "size": random.choice([1, 2])})
self.client.post("/login", json={"username": random.choice(["ada", "bob"]), "word": random.choice(["rose", "lily"])})`))
	got := encoded(t, d, err)
	for _, want := range []string{
		`pin: '${ env("LOADGATE_PIN", "change-me") }'`, `color: '${ pick("blume", "heide") }'`,
		`size: '${ int(1, 9) }'`, `pin=${ env("LOADGATE_PIN", "change-me") }&size=${ pick(1, 2) }`,
		`username: '${ pick("ada", "bob") }', word: '${ env("LOADGATE_WORD", "change-me") }'`} {
		if !strings.Contains(got, want) || strings.Contains(got, "4711") || strings.Contains(got, "rose") {
			t.Errorf("want\n%s\nin\n%s", want, got)
		}
	}
}
